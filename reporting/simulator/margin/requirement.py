"""Initial margin of every account: ECM-1 put together (docs/model.md, section 5)."""

from dataclasses import dataclass

import numpy as np

from reporting.simulator.margin.add_ons import add_ons
from reporting.simulator.margin.combinations import combination_credits
from reporting.simulator.margin.history import CycleState
from reporting.simulator.margin.parameters import (
    EventParameters,
    event_parameters,
    price_deviation,
    sigmas,
)
from reporting.simulator.margin.scenarios import ScenarioSet
from reporting.simulator.margin.schedules import Schedule
from reporting.simulator.margin.shortfall import tail_sums
from reporting.simulator.margin.worst_case import holdings, worst_losses
from reporting.simulator.market.listing import Listing
from reporting.simulator.positions import Positions

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


class MarginModel:
    """The model under one schedule at one cycle; its prices are the same for every book.

    ``linked``: event or series ticker -> accounts tied to its outcome (wrong-way), for which
    the ramp is always full.
    """

    def __init__(
        self,
        listing: Listing,
        schedule: Schedule,
        linked: dict[str, list[int]],
        state: CycleState,
    ) -> None:
        self._listing = listing
        self._schedule = schedule
        self._linked = linked
        self._state = state
        self._scenarios = ScenarioSet(listing, schedule, state)
        self._parameters: dict[int, EventParameters] = {}

    def requirement(self, positions: Positions, netting: bool = True) -> Requirement:
        """Margin of all accounts.

        ``netting`` False adds up each market's own worst case instead of the event's, and
        nothing for combinations. An event's worst case may be below zero (marks that promise
        a sure gain). It offsets the account's other events of the same book; no sum of a
        book goes below zero.
        """
        books = 2 * positions.accounts
        by_cluster = self._by_cluster(positions)
        worst, ramped = np.zeros(books, np.int64), np.zeros(books, np.int64)
        jump, losses = np.zeros(books, np.int64), {}
        for members in by_cluster:
            together = np.zeros(books, np.int64)
            for number in members:
                own = self._parameters[number]
                holders, held = holdings(positions, own.event)
                parts = worst_losses(held, own.event, self._state.marks, netting)
                loss = parts.sum(axis=1)
                losses[number] = holders, loss
                worst[holders] += loss
                together[holders] += own.kappa_bps * loss
                weighted = -sum(self._weigh(number, holders, -part) for part in parts.T)
                ramped[holders] += weighted
            jump = np.maximum(jump, together)
        if netting:
            credit, late = combination_credits(
                positions, self._listing, self._state.marks, losses, self._weigh
            )
            worst, ramped = worst - credit, ramped - late
        worst = np.maximum(worst, 0)
        return self._rounded(positions, worst, ramped, jump)

    def _rounded(
        self, positions: Positions, worst: np.ndarray, ramped: np.ndarray, jump: np.ndarray
    ) -> Requirement:
        """The requirement from the sums of the books, which are in micros."""
        margined, in_full = worst[::2], _up(worst[1::2], 100)
        count = self._tail_count()
        shortfall = ramped[::2] + _up(self._tail(positions, count), count)
        least = _up(np.maximum(jump[::2], self._schedule["core_floor_bps"] * margined), 10_000)
        core = np.maximum(shortfall, least)
        extra = add_ons(positions, self._deviations(positions), self._state, self._schedule)
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

    def _numbers(self, positions: Positions) -> list[int]:
        """Numbers of the events held, in order."""
        event_of = np.array(self._listing.event_of, np.int64)
        return np.flatnonzero(np.bincount(event_of[positions.market])).tolist()

    def _held(self, positions: Positions) -> list[EventParameters]:
        return [self._parameters_of(number) for number in self._numbers(positions)]

    def _parameters_of(self, number: int) -> EventParameters:
        if number not in self._parameters:
            event = self._listing.events[number]
            now = self._state.cycle_seconds
            self._parameters[number] = event_parameters(event, self._schedule, now)
        return self._parameters[number]

    def _by_cluster(self, positions: Positions) -> list[list[int]]:
        """Numbers of the events held, those that resolve at one moment together."""
        found: dict[str, list[int]] = {}
        for number in self._numbers(positions):
            found.setdefault(self._parameters_of(number).cluster, []).append(number)
        return list(found.values())

    def _weigh(self, number: int, books: np.ndarray, amounts: np.ndarray) -> np.ndarray:
        """Amounts times the event's ramp weight, rounded down to a micro."""
        own = self._parameters[number]
        # In two steps, because amount times seconds may not fit into 64 bits.
        whole, rest = amounts // own.weight_of, amounts % own.weight_of
        weighted = whole * own.weight + rest * own.weight // own.weight_of
        return np.where(np.isin(books // 2, self._tied(own)), amounts, weighted)

    def _tied(self, own: EventParameters) -> list[int]:
        return self._linked.get(own.event.ticker, []) + self._linked.get(own.event.series, [])

    def _tail_count(self) -> int:
        """How many scenarios are the tail, counted exactly."""
        return int(_up((10_000 - self._schedule["alpha_bps"]) * self._scenarios.scenarios, 10_000))

    def _tail(self, positions: Positions, count: int) -> np.ndarray:
        """Sum over the tail of the scenario part of every account's losses, micros."""
        account, market, free = positions.account, positions.market, ~positions.paid_in_full
        column = np.full(len(self._listing.tickers), -1)
        losses = [np.zeros((0, self._scenarios.scenarios))]
        markets = 0
        for own in self._held(positions):
            if not own.has_scenarios:
                continue
            event = own.event
            span = positions.range_of(event.first_market, event.market_count)
            free[span] &= ~np.isin(account[span], self._tied(own))
            losses.append(self._scenarios.losses(own) * (1 - own.weight / own.weight_of))
            column[event.markets] = range(markets, markets + event.market_count)
            markets += event.market_count
        free &= column[market] >= 0
        return tail_sums(
            positions.accounts,
            account[free],
            column[market[free]],
            positions.qty[free],
            np.concatenate(losses),
            count,
        )

    def _deviations(self, positions: Positions) -> np.ndarray:
        """Standard deviation of every held market's price, centicents."""
        deviation = np.zeros(len(self._listing.tickers))
        for own in self._held(positions):
            marks = self._state.marks[own.event.markets]
            deviation[own.event.markets] = price_deviation(own, sigmas(own, self._state), marks)
        return deviation


def _up(value: np.ndarray, divisor: int) -> np.ndarray:
    return -(-value // divisor)
