"""Positions of many accounts, to be margined under any number of schedules.

Belongs here: from worst cases, credits and scenario prices to booked margin. The arithmetic per
account is in ``model/margin``. Money is int64 micros unless the name says centicents.
"""

import os
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np

from reporting.model.margin.add_ons import position_add_ons
from reporting.model.margin.initial_margin import (
    Credits,
    EventLosses,
    Tails,
    account_margin,
    jump_requirement,
    ramp,
)
from reporting.model.margin.parameters import EventParameters
from reporting.model.margin.schedule import Schedule
from reporting.model.portfolio.book_credits import BookCredits, book_credits
from reporting.model.portfolio.gaps import event_gaps, joint_gaps
from reporting.model.portfolio.margins import Margins
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.positions import Positions
from reporting.model.portfolio.scenario_set import MarketScenarios
from reporting.model.portfolio.worst_cases import WorstCases, event_worst_cases
from reporting.model.scenarios.shortfall import Exposures, tail_count, tails
from reporting.units import CENTICENTS_PER_DOLLAR, centicents_from_micros_up, multiply_divide_down


class Netting(Enum):
    """The netting of a worst case.

    None, between contracts of one event, or also between combinations and their legs.
    """

    NONE = "contract by contract"
    WITHIN_EVENTS = "within events"
    FULL = "within events and combinations"


class Portfolio:
    """Positions of the accounts 0..accounts-1 in a market.

    owners: int64[accounts], a number per beneficial owner; each account is its own owner if None.
    All that no schedule changes is computed once, when first asked for. Gaps and add-ons are kept
    by the parameters that they depend on, since most what-ifs change neither.
    """

    def __init__(
        self,
        positions: Positions,
        market: Market,
        accounts: int,
        netting: Netting = Netting.FULL,
        owners: np.ndarray | None = None,
    ) -> None:
        self.positions, self.market, self.accounts = positions, market, accounts
        self._netting = netting
        self._owners = np.arange(accounts) if owners is None else owners
        self._gaps: dict[tuple[object, ...], np.ndarray] = {}
        self._add_ons: dict[tuple[object, ...], np.ndarray] = {}

    @cached_property
    def worst_cases(self) -> WorstCases:
        """Worst case of every book in every event. Raises ModelError on overflow."""
        netted = self._netting is not Netting.NONE
        return event_worst_cases(self.positions, self.market, netted)

    @cached_property
    def credits(self) -> BookCredits | None:
        """Credits of combinations that net with their legs; None without such netting."""
        if self._netting is not Netting.FULL:
            return None
        return book_credits(self.positions, self.market, self.worst_cases)

    def margins(self, scenarios: MarketScenarios) -> Margins:
        """Margins of all accounts. Raises ModelError on overflow."""
        schedule, rows = scenarios.schedule, self.worst_cases
        parameters = _EventParameters(self.market, scenarios)
        numerator, denominator = parameters.weights(rows.event, self._rows_wrong_way)
        margined_rows, gaps = rows.margined, self._event_gaps(scenarios)
        event_losses = EventLosses(
            account=rows.account[margined_rows],
            worst_case=rows.worst_case[margined_rows],
            gap=gaps[margined_rows],
            ramp_numerator=numerator[margined_rows],
            ramp_denominator=denominator[margined_rows],
            cluster=parameters.cluster[rows.event[margined_rows]],
        )
        joint = joint_gaps(self.credits, gaps, rows, parameters.cluster)
        credits, full_credit, ramped_credits = _account_credits(
            self.credits, numerator, denominator, self.accounts
        )
        margined = account_margin(
            event_losses,
            _tails(self._margined, self.accounts, scenarios, parameters),
            self._account_add_ons(schedule, parameters),
            credits,
            schedule,
            jump_requirement(event_losses, joint, self.accounts),
        )
        full = np.maximum(self._full_worst_case - full_credit, 0)
        full_booked = centicents_from_micros_up(full)
        return Margins(
            margined=margined,
            full_worst_case=full,
            worst_case=centicents_from_micros_up(margined.worst_case) + full_booked,
            core=centicents_from_micros_up(margined.core) + full_booked,
            initial=centicents_from_micros_up(margined.initial) + full_booked,
            clusters=parameters.clusters,
            ramp_numerator=numerator,
            ramp_denominator=denominator,
            ramped_credits=ramped_credits,
            gaps=gaps,
        )

    @cached_property
    def _margined(self) -> "_MarginedPositions":
        return _margined(self.positions, self.market, self._owners)

    @cached_property
    def _rows_wrong_way(self) -> np.ndarray:
        return self.market.is_wrong_way(self.worst_cases.account, self.worst_cases.event)

    @cached_property
    def _full_worst_case(self) -> np.ndarray:
        """W of the fully collateralised books before credits: int64[accounts]."""
        rows, total = self.worst_cases, np.zeros(self.accounts, dtype=np.int64)
        losses = np.maximum(rows.worst_case[~rows.margined], 0)
        np.add.at(total, rows.account[~rows.margined], losses)
        return total

    def _event_gaps(self, scenarios: MarketScenarios) -> np.ndarray:
        """Gaps of the rows of the worst cases: int64."""
        schedule = scenarios.schedule
        key = (
            schedule.gap_quantile_bps,
            *((part.name, *_gap_parameters(part.parameters)) for part in scenarios.events),
        )
        if key not in self._gaps:
            self._gaps[key] = event_gaps(
                self.positions, self.market, self.worst_cases, scenarios.events, schedule
            )
        return self._gaps[key]

    def _account_add_ons(self, schedule: Schedule, parameters: "_EventParameters") -> np.ndarray:
        """Add-ons of the margined books: float64[accounts]."""
        key = (
            parameters.information.tobytes(),
            schedule.impact_bps,
            schedule.half_spread_centicents,
            schedule.concentration_share_bps,
        )
        if key not in self._add_ons:
            held = self._margined
            add_ons = position_add_ons(
                held.qty,
                held.owner_qty,
                held.mark,
                parameters.information[held.contract],
                held.daily_volume,
                held.open_interest,
                schedule,
            )
            self._add_ons[key] = np.bincount(held.account, add_ons, self.accounts)
        return self._add_ons[key]


def _gap_parameters(parameters: EventParameters) -> tuple[float, int, bool]:
    """What the gap of an event depends on, beside positions and marks."""
    return parameters.gap_information, parameters.kappa_bps, parameters.resolves_in_period


@dataclass(frozen=True)
class _MarginedPositions:
    """The margined positions in order of account and contract.

    Losses and add-ons are added up in this order, so that the order of the input changes no
    sum. contract: number in the market; owner_qty: sizes of the owner's positions in the contract,
    added up; the others as in ``Positions`` and ``Market``.
    """

    account: np.ndarray
    contract: np.ndarray
    event: np.ndarray
    qty: np.ndarray
    owner_qty: np.ndarray
    wrong_way: np.ndarray
    mark: np.ndarray
    daily_volume: np.ndarray
    open_interest: np.ndarray


def _margined(positions: Positions, market: Market, owners: np.ndarray) -> _MarginedPositions:
    chosen = np.flatnonzero(positions.margined)
    contract = market.first_contract[positions.event[chosen]] + positions.leg[chosen]
    order = np.lexsort((contract, positions.account[chosen]))
    chosen, contract = chosen[order], contract[order]
    account, event = positions.account[chosen], positions.event[chosen]
    qty = positions.qty[chosen]
    held = owners[account] * market.first_contract[-1] + contract
    _, owned = np.unique(held, return_inverse=True)
    total = np.zeros(len(held), dtype=np.int64)
    np.add.at(total, owned, np.abs(qty))
    return _MarginedPositions(
        account=account,
        contract=contract,
        event=event,
        qty=qty,
        owner_qty=total[owned],
        wrong_way=market.is_wrong_way(account, event),
        mark=np.concatenate(market.marks)[contract] if len(contract) else contract,
        daily_volume=market.daily_volume[contract],
        open_interest=market.open_interest[contract],
    )


def _account_credits(
    book_credits: BookCredits | None, numerator: np.ndarray, denominator: np.ndarray, accounts: int
) -> tuple[Credits, np.ndarray, np.ndarray]:
    """Credits by account of the margined books and of the others, and the ramped part of each
    credit.

    The ramped part takes the smallest weight of the events that net jointly: only that much of
    all of them is in full collateral.
    """
    worst_case, ramped, full = np.zeros((3, accounts), dtype=np.int64)
    if book_credits is None:
        return Credits(worst_case, ramped), full, np.zeros(0, dtype=np.int64)
    credits = book_credits.credits
    weight = book_credits.min_of_rows(numerator)
    ramped_credits = multiply_divide_down(
        credits.credit, weight, book_credits.min_of_rows(denominator)
    )
    margined = credits.margined
    np.add.at(worst_case, credits.account[margined], credits.credit[margined])
    np.add.at(ramped, credits.account[margined], ramped_credits[margined])
    np.add.at(full, credits.account[~margined], credits.credit[~margined])
    return Credits(worst_case, ramped), full, ramped_credits


class _EventParameters:
    """Parameters as arrays: by event, and by contract of the market."""

    def __init__(self, market: Market, scenarios: MarketScenarios) -> None:
        count = len(market.events)
        self.information = np.ones(market.first_contract[-1])
        liquidation_days = np.ones(count, dtype=np.int64)
        names = [""] * count
        for part in scenarios.events:
            parameters = part.parameters
            liquidation_days[part.event] = parameters.liquidation_days
            self.information[market.first_contract[part.event] + part.legs] = parameters.information
            names[part.event] = parameters.cluster
        self.clusters = sorted(set(names))
        number_of = {name: number for number, name in enumerate(self.clusters)}
        self.cluster = np.array([number_of[name] for name in names], dtype=np.int64)
        # An event without scenario prices is held in full, too.
        has_prices = np.maximum.reduceat(scenarios.prices.row, market.first_contract[:-1]) >= 0
        self._ramp = ramp(scenarios.schedule, market.tau_seconds, liquidation_days, ~has_prices)

    def weights(self, event: np.ndarray, wrong_way: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Ramp of rows of accounts in events, 1 where they are wrong-way: as from ``ramp``."""
        numerator, denominator = (by_event[event] for by_event in self._ramp)
        return np.where(wrong_way, denominator, numerator), denominator


def _tails(
    held: _MarginedPositions,
    accounts: int,
    scenarios: MarketScenarios,
    parameters: _EventParameters,
) -> Tails:
    """Tails of what is not in full collateral, with what raw and fitted marks disagree on."""
    columns = np.zeros((4, accounts))
    prices = scenarios.prices
    row = prices.row[held.contract]
    numerator, denominator = parameters.weights(held.event, held.wrong_way)
    chosen = np.flatnonzero((row >= 0) & (numerator < denominator))
    if not len(chosen):
        return Tails(*columns)
    holders, start = np.unique(held.account[chosen], return_index=True)
    free = (denominator - numerator)[chosen] / denominator[chosen]
    exposures = Exposures(
        start=np.append(start, len(chosen)).astype(np.int64),
        contract=row[chosen],
        weight=free * held.qty[chosen] * float(CENTICENTS_PER_DOLLAR),
        constant=_fit_losses(held, chosen, start, free, prices.model_price[row[chosen]]),
    )
    # A contract's loss from its model price: small numbers add up with less noise.
    fall_at_rho = prices.model_price[:, None] - prices.at_rho
    fall_at_zero = prices.model_price[:, None] - prices.at_zero
    count = tail_count(scenarios.schedule.alpha, fall_at_rho.shape[1])
    threads = len(os.sched_getaffinity(0))
    both = tails(exposures, fall_at_rho, fall_at_zero, count, threads)
    at_rho, at_zero = both.shortfall_at_rho, both.shortfall_at_zero
    columns[0][holders] = np.maximum(at_rho, at_zero)
    columns[1][holders] = np.where(
        at_zero > at_rho, both.value_at_risk_at_zero, both.value_at_risk_at_rho
    )
    columns[2][holders], columns[3][holders] = at_rho, at_zero
    return Tails(*columns)


def _fit_losses(
    held: _MarginedPositions,
    chosen: np.ndarray,
    start: np.ndarray,
    free: np.ndarray,
    model_price: np.ndarray,
) -> np.ndarray:
    """Loss of each holder from its raw to its fitted marks, event by event where it is a loss:
    float64[holders] micros. chosen: positions in order of account and contract; start: the first
    of each holder.
    """
    account, event = held.account[chosen], held.event[chosen]
    away = held.mark[chosen] - model_price * float(CENTICENTS_PER_DOLLAR)
    is_first = np.append(True, (np.diff(account) != 0) | (np.diff(event) != 0))
    first = np.flatnonzero(is_first)
    by_event = np.maximum(np.add.reduceat(held.qty[chosen] * away, first), 0.0) * free[first]
    return np.add.reduceat(by_event, np.searchsorted(first, start))
