"""Margins of all accounts of a date under one version of the schedule.

Belongs here: from positions, market and scenario set to booked margin. Positions and worst
cases per event come from ``books``, the arithmetic per account is in ``model/margin``. All
money in here is int64 micros unless the name says centicents.
"""

import os
from dataclasses import dataclass

import numpy as np

from reporting.model.margin.add_ons import PositionLiquidity, position_add_ons
from reporting.model.margin.initial_margin import (
    AccountMargin,
    Credits,
    EventLosses,
    JumpRequirement,
    account_margin,
    jump_requirement,
    ramp,
)
from reporting.model.margin.schedule import Schedule
from reporting.model.margin.shortfall import Exposures, tail_count, tails
from reporting.stages.recompute.books import EventRows, Market, Positions
from reporting.stages.recompute.combinations import BookCredits
from reporting.stages.recompute.event_risk import ScenarioEvent
from reporting.stages.recompute.scenario_set import ScenarioSet
from reporting.units import (
    CENTICENTS_PER_DOLLAR,
    centicents_from_micros_up,
    multiply_divide_down,
)


@dataclass(frozen=True)
class Margins:
    """Booked margin per account, centicents, margined and fully collateralised together.

    margined: the parts of the margined book, and full_worst_case the W of the other, in
    micros. clusters: names by their number in ``margined.jump_cluster``. Ramp numerator
    and denominator: per row of the worst cases. ramped_credits: per credit of combinations,
    the part that is off the ramped worst cases, micros.
    """

    margined: AccountMargin
    full_worst_case: np.ndarray
    worst_case: np.ndarray
    core: np.ndarray
    initial: np.ndarray
    clusters: list[str]
    ramp_numerator: np.ndarray
    ramp_denominator: np.ndarray
    ramped_credits: np.ndarray

    def columns(self, chosen: np.ndarray) -> dict[str, np.ndarray | list[str]]:
        """The margin of some accounts, int64[n], as columns of a table."""
        margined = self.margined
        return {
            "margined_worst_case_micros": margined.worst_case[chosen],
            "fully_collateralised_worst_case_micros": self.full_worst_case[chosen],
            "worst_case_centicents": self.worst_case[chosen],
            **{
                f"{name}_centicents": centicents_from_micros_up(getattr(margined, name)[chosen])
                for name in ("expected_shortfall", "value_at_risk", "jump_to_resolution")
            },
            "core_centicents": self.core[chosen],
            "add_ons_centicents": centicents_from_micros_up(margined.add_ons[chosen]),
            "initial_margin_centicents": self.initial[chosen],
            "margined_initial_centicents": centicents_from_micros_up(margined.initial[chosen]),
            "jump_cluster": [
                self.clusters[cluster] if cluster >= 0 else ""
                for cluster in margined.jump_cluster[chosen].tolist()
            ],
        }


@dataclass(frozen=True)
class Valuation:
    """What a schedule makes of a market: the scenario events in order, and their prices."""

    schedule: Schedule
    events: list[ScenarioEvent]
    prices: ScenarioSet


class Valuer:
    """The same books under any number of valuations.

    rows: their worst cases by event; credits: what combinations net with their legs, None
    where nothing is netted. What no valuation changes, such as the order of positions, is
    worked out once. Jump requirements and add-ons are kept by the parameters that they hang on:
    most what-ifs leave these as they are.
    """

    def __init__(
        self,
        positions: Positions,
        rows: EventRows,
        market: Market,
        accounts: int,
        credits: BookCredits | None,
    ) -> None:
        self._rows, self._market, self._accounts, self._credits = rows, market, accounts, credits
        self._held = _held(positions, market)
        self._rows_wrong_way = market.is_wrong_way(rows.account, rows.event)
        full = ~rows.margined
        self._full_worst_case = np.zeros(accounts, dtype=np.int64)
        np.add.at(self._full_worst_case, rows.account[full], rows.worst_case[full])
        self._jumps: dict[tuple[bytes, bytes], JumpRequirement] = {}
        self._added: dict[tuple[object, ...], np.ndarray] = {}

    def margins(self, valuation: Valuation) -> Margins:
        """Margins of all accounts from the worst cases of their books and the scenario set."""
        schedule, rows = valuation.schedule, self._rows
        by_event = _ByEvent(self._market, valuation)
        numerator, denominator = by_event.weights(rows.event, self._rows_wrong_way)
        chosen = rows.margined
        event_losses = EventLosses(
            account=rows.account[chosen],
            worst_case=rows.worst_case[chosen],
            ramp_numerator=numerator[chosen],
            ramp_denominator=denominator[chosen],
            cluster=by_event.cluster[rows.event[chosen]],
            kappa_bps=by_event.kappa_bps[rows.event[chosen]],
        )
        value_at_risk, shortfall = _tails(self._held, self._accounts, valuation, by_event)
        netted, full_credit, ramped_credits = _credits(
            self._credits, numerator, denominator, self._accounts
        )
        margined = account_margin(
            event_losses,
            shortfall,
            value_at_risk,
            self._add_ons(schedule, by_event),
            netted,
            schedule,
            self._jump(event_losses, by_event),
        )
        full = np.maximum(self._full_worst_case - full_credit, 0)
        full_booked = centicents_from_micros_up(full)
        return Margins(
            margined=margined,
            full_worst_case=full,
            worst_case=centicents_from_micros_up(margined.worst_case) + full_booked,
            core=centicents_from_micros_up(margined.core) + full_booked,
            initial=centicents_from_micros_up(margined.initial) + full_booked,
            clusters=by_event.clusters,
            ramp_numerator=numerator,
            ramp_denominator=denominator,
            ramped_credits=ramped_credits,
        )

    def _jump(self, event_losses: EventLosses, by_event: "_ByEvent") -> JumpRequirement:
        key = by_event.cluster.tobytes(), by_event.kappa_bps.tobytes()
        if key not in self._jumps:
            self._jumps[key] = jump_requirement(event_losses, self._accounts)
        return self._jumps[key]

    def _add_ons(self, schedule: Schedule, by_event: "_ByEvent") -> np.ndarray:
        key = (
            by_event.volatility.tobytes(),
            schedule.impact_bps,
            schedule.half_spread_centicents,
            schedule.concentration_share_bps,
        )
        if key not in self._added:
            liquidity = self._held.liquidity(by_event.volatility)
            found = position_add_ons(liquidity, schedule)
            self._added[key] = np.bincount(
                self._held.account, weights=found, minlength=self._accounts
            )
        return self._added[key]


@dataclass(frozen=True)
class _Held:
    """The margined positions by account and contract: the order in which losses and add-ons are
    added up, so that no order of the rows changes a sum.

    contract: number in the market; event: of it; the others as in ``Positions`` and ``Market``.
    """

    account: np.ndarray
    contract: np.ndarray
    event: np.ndarray
    qty: np.ndarray
    wrong_way: np.ndarray
    mark: np.ndarray
    daily_volume: np.ndarray
    open_interest: np.ndarray

    def liquidity(self, volatility: np.ndarray) -> PositionLiquidity:
        """What add-ons hang on; volatility: float64[contracts of the market]."""
        return PositionLiquidity(
            qty=self.qty,
            mark=self.mark,
            volatility=volatility[self.contract],
            daily_volume=self.daily_volume,
            open_interest=self.open_interest,
        )


def _held(positions: Positions, market: Market) -> _Held:
    chosen = np.flatnonzero(positions.margined)
    contract = market.first_contract[positions.event[chosen]] + positions.leg[chosen]
    order = np.lexsort((contract, positions.account[chosen]))
    chosen, contract = chosen[order], contract[order]
    account, event = positions.account[chosen], positions.event[chosen]
    return _Held(
        account=account,
        contract=contract,
        event=event,
        qty=positions.qty[chosen],
        wrong_way=market.is_wrong_way(account, event),
        mark=np.concatenate(market.marks)[contract] if len(contract) else contract,
        daily_volume=market.daily_volume[contract],
        open_interest=market.open_interest[contract],
    )


def _credits(
    credits: BookCredits | None, numerator: np.ndarray, denominator: np.ndarray, accounts: int
) -> tuple[Credits, np.ndarray, np.ndarray]:
    """Credits of the margined books and of the others by account, and the ramped part of each.

    The ramped part takes the least weight of the events that hang together: what of them is
    in full collateral jointly.
    """
    worst_case, ramped, full = np.zeros((3, accounts), dtype=np.int64)
    if credits is None:
        return Credits(worst_case, ramped), full, np.zeros(0, dtype=np.int64)
    found = credits.found
    weight, span = credits.least(numerator), credits.least(denominator)
    ramped_credits = multiply_divide_down(found.credit, weight, span)
    chosen = found.margined
    np.add.at(worst_case, found.account[chosen], found.credit[chosen])
    np.add.at(ramped, found.account[chosen], ramped_credits[chosen])
    np.add.at(full, found.account[~chosen], found.credit[~chosen])
    return Credits(worst_case, ramped), full, ramped_credits


class _ByEvent:
    """Parameters as arrays: by event, and by contract of the market."""

    def __init__(self, market: Market, valuation: Valuation) -> None:
        count = len(market.events)
        self.kappa_bps = np.zeros(count, dtype=np.int64)
        self.volatility = np.zeros(market.first_contract[-1])
        liquidation_days = np.ones(count, dtype=np.int64)
        has_prices = np.zeros(count, dtype=bool)
        names = [""] * count
        for found in valuation.events:
            parameters, event = found.parameters, found.event
            liquidation_days[event] = parameters.liquidation_days
            self.kappa_bps[event] = parameters.kappa_bps
            has_prices[event] |= found.in_set
            scale = np.sqrt(parameters.liquidation_days)
            self.volatility[market.first_contract[event] + found.legs] = parameters.sigma * scale
            names[event] = parameters.cluster
        self.clusters = sorted(set(names))
        number = {name: place for place, name in enumerate(self.clusters)}
        self.cluster = np.array([number[name] for name in names], dtype=np.int64)
        # In full, too, where an event has no scenario prices.
        self._ramp = ramp(valuation.schedule, market.tau_seconds, liquidation_days, ~has_prices)

    def weights(self, event: np.ndarray, wrong_way: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Ramp of rows of accounts in events, 1 where they are wrong-way: as from ``ramp``."""
        numerator, denominator = (by_event[event] for by_event in self._ramp)
        return np.where(wrong_way, denominator, numerator), denominator


def _tails(
    held: _Held, accounts: int, valuation: Valuation, by_event: _ByEvent
) -> tuple[np.ndarray, np.ndarray]:
    """Value at risk and expected shortfall of what is not in full collateral: float64[accounts]."""
    value_at_risk, shortfall = np.zeros(accounts), np.zeros(accounts)
    row = valuation.prices.row[held.contract]
    numerator, denominator = by_event.weights(held.event, held.wrong_way)
    chosen = np.flatnonzero((row >= 0) & (numerator < denominator))
    if not len(chosen):
        return value_at_risk, shortfall
    holders, start = np.unique(held.account[chosen], return_index=True)
    free = (denominator - numerator)[chosen] / denominator[chosen]
    exposures = Exposures(
        start=np.append(start, len(chosen)).astype(np.int64),
        contract=row[chosen],
        weight=free * held.qty[chosen] * float(CENTICENTS_PER_DOLLAR),
        constant=np.zeros(len(holders)),
    )
    # What a contract loses from its model price: small numbers add up with less noise.
    falls = valuation.prices.model_price[:, None] - valuation.prices.prices
    tail = tail_count(valuation.schedule.alpha, falls.shape[1])
    found = tails(exposures, falls, tail, threads=len(os.sched_getaffinity(0)))
    value_at_risk[holders], shortfall[holders] = found
    return value_at_risk, shortfall
