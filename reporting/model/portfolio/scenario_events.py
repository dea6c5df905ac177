"""Events as the scenario set sees them: states, probabilities and parameters.

Belongs here: which events have scenario prices, under which name they are drawn, and which
parameters apply. The rules of the parameters are in ``model/margin/parameters``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from reporting.model.events.probabilities import state_probabilities
from reporting.model.events.terms import (
    BINARIES,
    BINARY,
    COMBINATION,
    EXCLUSIVE,
    EventTerms,
    has_listed_states,
    outcome_count,
    payoffs,
)
from reporting.model.margin.parameters import (
    EventParameters,
    PoolVolatility,
    Resolution,
    event_parameters,
)
from reporting.model.margin.schedule import SECONDS_PER_DAY, Schedule
from reporting.model.margin.volatility import bucket
from reporting.model.portfolio.market import Market
from reporting.model.scenarios.event_risk import EventRisk, news_of, signal_names

_HAPPENS = (BINARY, EXCLUSIVE, BINARIES)
_NO_POOL = PoolVolatility()


@dataclass(frozen=True)
class ScenarioEvent:
    """An event as scenarios see it, or one contract of ``binaries``; draws are keyed by its name.

    event and legs: where its contracts stand in the market; terms: of these contracts; payoffs:
    float64[legs, m] shares of a dollar; probabilities: float64[m]; both None where states are too
    many to list, or no leg is priced and open. happens: bool[m], the states in which an event that
    happens by a date has happened, else bool[0]. in_time: it is further than tau0 from its
    resolution and has probabilities, so that scenarios can price it.
    """

    name: str
    event: int
    legs: np.ndarray
    terms: EventTerms
    parameters: EventParameters
    payoffs: np.ndarray | None
    probabilities: np.ndarray | None
    happens: np.ndarray
    loadings: np.ndarray | None
    sign: int
    in_time: bool

    @property
    def is_combination(self) -> bool:
        """Whether it moves with its legs and has no draws of its own."""
        return self.terms.structure == COMBINATION

    @property
    def signals(self) -> tuple[str, ...] | None:
        """Names of the signals of an unordered event."""
        return signal_names(self.terms)

    @property
    def priced_by(self) -> tuple[object, ...]:
        """The parameters that its scenario prices depend on, beside its states."""
        parameters = self.parameters
        return (
            self.name,
            self.in_time,
            self.sign,
            None if self.loadings is None else self.loadings.tobytes(),
            parameters.information,
            parameters.rho,
            parameters.lumps,
            parameters.group,
            parameters.cluster,
            parameters.early_probability,
            parameters.by_probability,
        )

    @cached_property
    def risk(self) -> EventRisk:
        """Its scenario inputs; only with probabilities."""
        parameters = self.parameters
        return EventRisk(
            name=self.name,
            payoffs=self.payoffs,
            probabilities=self.probabilities,
            information=parameters.information,
            rho=parameters.rho,
            news=news_of(self.terms),
            lumps=parameters.lumps,
            loadings=self.loadings,
            sign=self.sign,
            early_probability=parameters.early_probability,
            happens_probability=parameters.by_probability,
            happens=self.happens,
        )


def scenario_events(
    market: Market, schedule: Schedule, events: Iterable[int] | None = None
) -> list[ScenarioEvent]:
    """The scenario events of some events of the market (all, if None), in order.

    With a combination come the events of its legs, which it moves with.
    """
    if events is None:
        chosen = range(len(market.events))
    else:
        wanted = {int(event) for event in events}
        chosen = sorted(wanted.union(*(market.leg_events(event) for event in wanted)))
    return [part for event in chosen for part in _of_event(market, schedule, event)]


def _of_event(market: Market, schedule: Schedule, event: int) -> list[ScenarioEvent]:
    terms = market.terms[event]
    if terms.structure != BINARIES:
        legs = np.arange(len(terms.legs))
        return [_scenario_event(market, schedule, event, market.events[event], terms, legs)]
    return [
        _scenario_event(market, schedule, event, ticker, alone(terms, ticker), np.array([leg]))
        for leg, ticker in enumerate(terms.legs)
    ]


def alone(terms: EventTerms, ticker: str) -> EventTerms:
    """The terms of one contract of ``binaries``."""
    return replace(
        terms, event_ticker=ticker, structure=BINARY, legs=(ticker,), leg_labels=(), flags=()
    )


def _scenario_event(
    market: Market, schedule: Schedule, event: int, name: str, terms: EventTerms, legs: np.ndarray
) -> ScenarioEvent:
    marks = market.marks[event][legs]
    priced, settled = market.priced[event][legs], market.settled[event][legs]
    matrix = probabilities = None
    happens, happens_probability = np.zeros(0, dtype=bool), 0.0
    by_date = market.happens_by[event] and terms.structure in _HAPPENS
    if has_listed_states(terms) and (priced & ~settled).any():
        if terms is market.terms[event]:
            probabilities, _ = market.fitted(event)
        else:
            probabilities, _ = state_probabilities(terms, marks, priced, settled)
        matrix = (payoffs(terms, marks)[0] / terms.payout).astype(np.float64)
        if by_date:
            happens = (matrix > 0).any(axis=0)
            happens[outcome_count(terms) :] = False
            happens_probability = min(1.0, float(probabilities[happens].sum()))
    tau_seconds = int(market.tau_seconds[event])
    category, series = market.categories[event], market.series[event]
    resolution = Resolution(
        event_ticker=market.events[event],
        category=category,
        series=series,
        tau_seconds=tau_seconds,
        date=market.resolution_dates[event],
        may_close_early=bool(market.may_close_early[event]),
        by_date=by_date,
        happens_probability=happens_probability,
    )
    pool = market.pools.get((category, bucket_of(tau_seconds)), _NO_POOL)
    parameters = event_parameters(schedule, resolution, pool)
    tau0 = parameters.liquidation_days * SECONDS_PER_DAY + schedule.ramp_tau0_seconds
    return ScenarioEvent(
        name=name,
        event=event,
        legs=legs,
        terms=terms,
        parameters=parameters,
        payoffs=matrix,
        probabilities=probabilities,
        happens=happens,
        loadings=_loadings(schedule, market.events[event], terms),
        sign=schedule.factor_signs.get(series, 1),
        in_time=probabilities is not None and tau_seconds > tau0,
    )


def _loadings(schedule: Schedule, event_ticker: str, terms: EventTerms) -> np.ndarray | None:
    """Loadings of the signals, None without any. A signal that the schedule leaves out has 0."""
    names, given = signal_names(terms), schedule.factor_loadings.get(event_ticker)
    if names is None or given is None or not given.keys() <= set(names):
        return None
    return np.array([given.get(name, 0.0) for name in names])


def bucket_of(tau_seconds: int) -> int:
    """Number of the bucket of a time to resolution."""
    return int(bucket(tau_seconds / SECONDS_PER_DAY))
