"""Initial margin of every account: ECM-2 put together (docs/model.md, section 5)."""

from dataclasses import dataclass

import numpy as np

from reporting.simulator.margin.add_ons import OwnersBook, add_ons
from reporting.simulator.margin.combinations import Losses, NettedGroup, netted_groups
from reporting.simulator.margin.gap import gaps
from reporting.simulator.margin.history import CycleState
from reporting.simulator.margin.margin_events import MarginEvent, MarginEvents
from reporting.simulator.margin.other_methods import table_margin
from reporting.simulator.margin.scenarios import ScenarioSet
from reporting.simulator.margin.shortfall import tail_sums
from reporting.simulator.margin.worst_case import holdings, worst_losses
from reporting.simulator.market.listing import PAYOUT, Listing
from reporting.simulator.positions import Positions
from reporting.simulator.schedules import Schedule

AMOUNTS = ("worst_case", "core", "add_ons", "initial", "maintenance")


@dataclass(frozen=True)
class Requirement:
    """Margin per account, all in centicents and rounded up; ``held`` has a row.

    Margined and fully collateralised book together, but ``add_ons``, which only the
    margined one has.
    """

    held: np.ndarray
    worst_case: np.ndarray
    core: np.ndarray
    add_ons: np.ndarray
    initial: np.ndarray
    maintenance: np.ndarray


@dataclass
class _Sums:
    """Of every book, micros: worst case, its ramped part, the largest jump, the table's sum."""

    worst: np.ndarray
    ramped: np.ndarray
    jump: np.ndarray
    table: np.ndarray


class MarginModel:
    """The model under one schedule at one cycle; its prices are the same for every book.

    ``linked``: event or series ticker -> accounts tied to its outcome (wrong-way), for which
    the ramp is always full. ``owners``: what the owner of each account holds in all.
    """

    def __init__(
        self,
        listing: Listing,
        schedule: Schedule,
        linked: dict[str, list[int]],
        state: CycleState,
        owners: OwnersBook,
    ) -> None:
        self._listing, self._schedule = listing, schedule
        self._linked, self._state, self._owners = linked, state, owners
        self._events = MarginEvents(listing, schedule, state)
        self._scenarios = ScenarioSet(listing, schedule, state, self._events)

    def requirement(self, positions: Positions, netting: bool = True) -> Requirement:
        """Margin of all accounts by the schedule's method.

        ``netting`` False adds up each market's own worst case instead of the event's, and
        nothing for combinations. A sure gain in one event never pays for a loss in another.
        """
        sums = self._sums(positions, netting)
        method = self._schedule.method["name"]
        if method == "full_collateral":
            return self._rounded(positions, sums, sums.worst[::2], 0 * sums.worst[::2])
        if method == "side_table":
            core = np.minimum(sums.worst, sums.table)[::2]
            return self._rounded(positions, sums, core, 0 * core)
        floor = _up(self._schedule["core_floor_bps"] * sums.worst[::2], 10_000)
        shortfall = sums.ramped[::2] + self._scenario_shortfall(positions)
        core = np.maximum(np.maximum(shortfall, sums.jump[::2]), floor)
        return self._rounded(positions, sums, core, self._add_ons(positions))

    def _sums(self, positions: Positions, netting: bool) -> _Sums:
        """What needs no scenarios, added up over the events of every book."""
        sums = _Sums(*(np.zeros(2 * positions.accounts, np.int64) for _ in range(4)))
        losses: Losses = {}
        gap_of: Losses = {}
        method, quantile = self._schedule.method, self._schedule["gap_quantile_bps"] / 10_000
        for own in self._events.held(positions.market):
            books, held = holdings(positions, own)
            signed = worst_losses(held, own, netting)
            worst = np.maximum(signed, 0)
            sums.worst[books] += worst
            sums.ramped[books] -= self._weigh(own, books, -worst)
            losses[own.first_market] = books, signed
            if method["name"] == "side_table":
                sums.table[books] += table_margin(held, worst, own, method)
            if method["name"] == "ECM-2":
                # Missed netting is a mistake in the worst case alone; a gap is of the states.
                netted = worst if netting else np.maximum(worst_losses(held, own, True), 0)
                gap = gaps(held @ own.losses(), netted, own, quantile)
                gap_of[own.first_market] = books, gap
        groups = []
        if netting:
            groups = netted_groups(positions, self._listing, self._events, losses)
        for group in groups:
            sums.worst[group.books] -= group.credit
            sums.ramped[group.books] -= self._ramped_credit(group, losses)
        sums.jump = self._jump(gap_of, groups, len(sums.worst))
        return sums

    def _ramped_credit(self, group: NettedGroup, losses: Losses) -> np.ndarray:
        """The part of a credit that counts: the smallest weight of the events held."""
        least = group.credit.copy()
        for first in group.members:
            held = np.isin(group.books, losses[first][0])
            weighed = self._weigh(self._events[first], group.books, group.credit)
            least[held] = np.minimum(least, weighed)[held]
        return least

    def _jump(self, gap_of: Losses, groups: list[NettedGroup], books: int) -> np.ndarray:
        """The largest sum of gaps over the events of one cluster, micros.

        What a group nets counts with its joint worst case at most.
        """
        largest = np.zeros(books, np.int64)
        clusters: dict[str, list[int]] = {}
        for first in gap_of:
            clusters.setdefault(self._events[first].cluster, []).append(first)
        for members in clusters.values():
            together = np.zeros(books, np.int64)
            for first in members:
                holders, gap = gap_of[first]
                together[holders] += gap
            for group in groups:
                netted = np.zeros(books, np.int64)
                for first in set(members) & set(group.members):
                    holders, gap = gap_of[first]
                    netted[holders] += gap
                excess = np.maximum(netted[group.books] - group.worst, 0)
                together[group.books] -= excess
            largest = np.maximum(largest, together)
        return largest

    def _scenario_shortfall(self, positions: Positions) -> np.ndarray:
        """Expected shortfall of the unramped part, of the worse set; micros, rounded up."""
        account, market, free = positions.account, positions.market, ~positions.paid_in_full
        column = np.full(len(self._listing.tickers), -1)
        lost: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
        fixed = np.zeros(positions.accounts)
        markets = 0
        for own in self._events.held(positions.market):
            prices = self._scenarios.prices(own)
            if prices is None:
                continue
            span = positions.range_of(own.first_market, own.market_count)
            free[span] &= ~np.isin(account[span], self._tied(own))
            share = 1 - own.ramp_weight / own.weight_of
            model_price = self._scenarios.model_prices(own)
            for losses, moved in zip(lost, prices, strict=True):
                losses.append(share * PAYOUT * (model_price[:, None] - moved))
            misfit = own.marks - PAYOUT * model_price
            rows = np.arange(span.start, span.stop)[free[span]]
            apart = positions.qty[rows] * misfit[market[rows] - own.first_market]
            by_account = np.bincount(account[rows], apart, minlength=positions.accounts)
            fixed += share * np.maximum(by_account, 0)
            column[own.markets] = range(markets, markets + own.market_count)
            markets += own.market_count
        free &= column[market] >= 0
        if not free.any():
            return np.zeros(positions.accounts, np.int64)
        count = int(_up((10_000 - self._schedule["alpha_bps"]) * self._scenarios.count, 10_000))
        book = account[free], column[market[free]], positions.qty[free]
        tails = [
            tail_sums(positions.accounts, *book, np.concatenate(losses), count, fixed)
            for losses in lost
        ]
        return _up(np.maximum(*tails), count)

    def _add_ons(self, positions: Positions) -> np.ndarray:
        return add_ons(positions, self._owners, self._events, self._state, self._schedule)

    def _rounded(
        self, positions: Positions, sums: _Sums, core: np.ndarray, extra: np.ndarray
    ) -> Requirement:
        """The requirement in centicents; a fully collateralised book costs its worst case."""
        margined, in_full = sums.worst[::2], _up(sums.worst[1::2], 100)
        initial = _up(np.minimum(margined, core + extra), 100) + in_full
        held = np.zeros(positions.accounts, bool)
        held[positions.account] = True
        return Requirement(
            held=held,
            worst_case=_up(margined, 100) + in_full,
            core=_up(core, 100) + in_full,
            add_ons=_up(extra, 100),
            initial=initial,
            maintenance=_up(self._schedule["maintenance_bps"] * initial, 10_000),
        )

    def _weigh(self, own: MarginEvent, books: np.ndarray, amounts: np.ndarray) -> np.ndarray:
        """Amounts times the event's ramp weight, rounded down to a micro."""
        if self._scenarios.prices(own) is None:
            return amounts
        # In two steps, because amount times seconds may not fit into 64 bits.
        whole, rest = amounts // own.weight_of, amounts % own.weight_of
        weighted = whole * own.ramp_weight + rest * own.ramp_weight // own.weight_of
        return np.where(np.isin(books // 2, self._tied(own)), amounts, weighted)

    def _tied(self, own: MarginEvent) -> list[int]:
        return self._linked.get(own.event.ticker, []) + self._linked.get(own.event.series, [])


def _up(value: np.ndarray, divisor: int) -> np.ndarray:
    return -(-value // divisor)
