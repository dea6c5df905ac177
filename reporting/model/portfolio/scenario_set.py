"""The scenario set: P* of every contract, one matrix of prices for all accounts.

Belongs here: from scenario events and draws to the matrix. The prices of one event are in
``model/margin/scenarios``; the file that publishes a set is written by the stage recompute.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from reporting.model.margin.draws import DrawPlan, DrawTable
from reporting.model.margin.scenarios import EventRisk, scenario_prices
from reporting.model.margin.schedule import Schedule
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.scenario_events import ScenarioEvent


@dataclass(frozen=True)
class ScenarioSet:
    """Prices of contracts in dollars, row by row.

    tickers and event_tickers: of the rows; row: int64[contracts of the market], where a
    contract's prices stand, -1 for none; model_price: float64[n], p-hat; prices:
    float64[n, S], P*.
    """

    tickers: Sequence[str]
    event_tickers: Sequence[str]
    row: np.ndarray
    model_price: np.ndarray
    prices: np.ndarray


class Draws:
    """Draws by plan; the variants of a schedule share them."""

    def __init__(self) -> None:
        self._tables: dict[DrawPlan, DrawTable] = {}

    def of(self, schedule: Schedule) -> DrawTable:
        """The draws that a schedule asks for, made once per plan."""
        plan = DrawPlan.of(schedule)
        return self._tables.setdefault(plan, DrawTable(plan))


def scenario_set(market: Market, events: Sequence[ScenarioEvent], draws: DrawTable) -> ScenarioSet:
    """P* of the events that are in the set; the prices of an event depend on no other event."""
    chosen = [event for event in events if event.in_set]
    contracts = sum(len(event.legs) for event in chosen)
    row = np.full(market.first_contract[-1], -1, dtype=np.int64)
    model_price = np.zeros(contracts)
    prices = np.zeros((contracts, draws.plan.scenarios))
    stressed = np.arange(draws.plan.scenarios) < draws.plan.stress_scenarios
    tickers, event_tickers, first = [], [], 0
    for event in chosen:
        parameters = event.parameters
        risk = EventRisk(
            event_ticker=event.name,
            payoffs=event.payoffs,
            probabilities=event.probabilities,
            sigma=parameters.sigma,
            rho=parameters.rho,
            jump_probability=np.where(
                stressed, parameters.stress_jump_probability, parameters.jump_probability
            ),
        )
        drawn = draws.of_event(
            event.name, market.categories[event.event], parameters.cluster, len(event.probabilities)
        )
        last = first + len(event.legs)
        model_price[first:last] = risk.marks
        prices[first:last] = scenario_prices(risk, drawn, parameters.liquidation_days)
        row[market.first_contract[event.event] + event.legs] = np.arange(first, last)
        tickers += [market.terms[event.event].legs[leg] for leg in event.legs]
        event_tickers += [market.events[event.event]] * len(event.legs)
        first = last
    return ScenarioSet(tickers, event_tickers, row, model_price, prices)


@dataclass(frozen=True)
class MarketScenarios:
    """A market under one version of the schedule: its scenario events, in order, and their
    prices, which are drawn when first asked for.
    """

    market: Market
    schedule: Schedule
    events: Sequence[ScenarioEvent]
    draws: Draws

    @cached_property
    def prices(self) -> ScenarioSet:
        """P* of the events that have scenario prices."""
        return scenario_set(self.market, self.events, self.draws.of(self.schedule))
