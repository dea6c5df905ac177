"""The scenario sets: P* of every contract, one matrix of prices a set for all accounts.

Belongs here: from scenario events and draws to the two matrices. The prices of one event are in
``model/scenarios/event_prices``, those of combinations in ``combination_prices``; the file that
publishes the sets is written by the stage recompute.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from reporting.model.margin.schedule import Schedule
from reporting.model.portfolio.combination_prices import combination_prices
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.scenario_events import ScenarioEvent
from reporting.model.scenarios.draws import DrawPlan, DrawTable
from reporting.model.scenarios.event_prices import TwoSets, scenario_prices
from reporting.units import CENTICENTS_PER_DOLLAR


@dataclass(frozen=True)
class ScenarioSet:
    """Prices of contracts in dollars, row by row.

    tickers and event_tickers: of the rows; row: int64[contracts of the market], where a contract's
    prices stand, -1 for none; model_price: float64[n], p-hat; at_rho, at_zero: float64[n, S], P* at
    the groups' correlations and at none. unexplained: numbers of the combination events whose legs
    do not explain their mark.
    """

    tickers: Sequence[str]
    event_tickers: Sequence[str]
    row: np.ndarray
    model_price: np.ndarray
    at_rho: np.ndarray
    at_zero: np.ndarray
    unexplained: frozenset[int]


class Draws:
    """Draws by plan; the variants of a schedule share them."""

    def __init__(self) -> None:
        self._tables: dict[DrawPlan, DrawTable] = {}

    def of(self, schedule: Schedule) -> DrawTable:
        """The draws that a schedule asks for, made once per plan."""
        plan = DrawPlan.of(schedule)
        return self._tables.setdefault(plan, DrawTable(plan))


def scenario_set(market: Market, events: Sequence[ScenarioEvent], draws: DrawTable) -> ScenarioSet:
    """P* of the events that scenarios can price.

    The prices of an event depend on no other event, those of a combination on its legs only.
    """
    alone = [event for event in events if event.in_time and not event.is_combination]
    combinations = [event for event in events if event.in_time and event.is_combination]
    size = sum(len(event.legs) for event in alone) + len(combinations)
    row = np.full(market.first_contract[-1], -1, dtype=np.int64)
    model_price = np.zeros(size)
    at_rho, at_zero = np.zeros((2, size, draws.plan.scenarios))
    first = 0
    for event in alone:
        last = first + len(event.legs)
        prices = _event_prices(event, draws)
        model_price[first:last] = event.risk.model_prices
        at_rho[first:last], at_zero[first:last] = prices
        row[market.first_contract[event.event] + event.legs] = np.arange(first, last)
        first = last
    priced, unexplained = _Priced(market, row, at_rho, at_zero), set()
    for event in combinations:
        legs = priced.legs(event)
        if legs is None:
            continue
        mark = float(market.marks[event.event][0]) / CENTICENTS_PER_DOLLAR
        prices = combination_prices(mark, priced.leg_marks(event, model_price), legs)
        if prices is None:
            unexplained.add(event.event)
            continue
        model_price[first] = mark
        at_rho[first], at_zero[first] = prices
        row[market.first_contract[event.event]] = first
        first += 1
    contract = np.argsort(row, kind="stable")[len(row) - first :]
    event_of = np.searchsorted(market.first_contract, contract, side="right") - 1
    leg_of = contract - market.first_contract[event_of]
    return ScenarioSet(
        tickers=[
            market.terms[event].legs[leg]
            for event, leg in zip(event_of.tolist(), leg_of.tolist(), strict=True)
        ],
        event_tickers=[market.events[event] for event in event_of.tolist()],
        row=row,
        model_price=model_price[:first],
        at_rho=at_rho[:first],
        at_zero=at_zero[:first],
        unexplained=frozenset(unexplained),
    )


def _event_prices(event: ScenarioEvent, draws: DrawTable) -> TwoSets:
    parameters = event.parameters
    drawn = draws.of_event(
        event.name, parameters.group, parameters.cluster, event.signals, in_lumps=True
    )
    return scenario_prices(event.risk, drawn)


@dataclass(frozen=True)
class _Priced:
    """The contracts priced so far."""

    market: Market
    row: np.ndarray
    at_rho: np.ndarray
    at_zero: np.ndarray

    def legs(self, combination: ScenarioEvent) -> list[TwoSets] | None:
        """What each selected leg pays in the scenarios; None if one of them has no price."""
        moved = []
        for event, leg, is_no in self.market.selected_legs(combination.event) or ():
            row = self.row[self.market.first_contract[event] + leg]
            if row >= 0:
                prices = TwoSets(self.at_rho[row], self.at_zero[row])
            elif self.market.settled[event][leg]:
                value = np.full(self.at_rho.shape[1], self._mark(event, leg))
                prices = TwoSets(value, value)
            else:
                return None
            moved.append(TwoSets(*(1.0 - p for p in prices)) if is_no else prices)
        return moved or None

    def leg_marks(self, combination: ScenarioEvent, model_price: np.ndarray) -> list[float]:
        """The raw mark of each selected leg; the model price of one that never traded."""
        prices = []
        for event, leg, is_no in self.market.selected_legs(combination.event) or ():
            row = self.row[self.market.first_contract[event] + leg]
            never_traded = row >= 0 and not self.market.priced[event][leg]
            price = float(model_price[row]) if never_traded else self._mark(event, leg)
            prices.append(1.0 - price if is_no else price)
        return prices

    def _mark(self, event: int, leg: int) -> float:
        return float(self.market.marks[event][leg]) / self.market.terms[event].payout


@dataclass(frozen=True)
class MarketScenarios:
    """A market under one version of the schedule: its scenario events, in order, and their
    prices, which are drawn when first asked for, or taken from ``like`` where that has the same.
    """

    market: Market
    schedule: Schedule
    events: Sequence[ScenarioEvent]
    draws: Draws
    like: "MarketScenarios | None" = None

    @cached_property
    def prices(self) -> ScenarioSet:
        """P* of the events that have scenario prices."""
        if self.like is not None and self._priced_by == self.like._priced_by:
            return self.like.prices
        return scenario_set(self.market, self.events, self.draws.of(self.schedule))

    @property
    def _priced_by(self) -> tuple[object, ...]:
        """All that prices depend on, beside market and events."""
        return (DrawPlan.of(self.schedule), *(event.priced_by for event in self.events))
