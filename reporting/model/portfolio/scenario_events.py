"""Events as the scenario set sees them: states, probabilities and parameters.

Belongs here: which events have scenario prices, under which name they are drawn, and which
parameters apply. The rules of the parameters are in ``model/margin/parameters``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from reporting.model.events.probabilities import state_probabilities
from reporting.model.events.terms import (
    BINARIES,
    BINARY,
    EXCLUSIVE,
    EventTerms,
    has_listed_states,
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
from reporting.units import CENTICENTS_PER_DOLLAR

_HAPPENS = (BINARY, EXCLUSIVE, BINARIES)
_NO_POOL = PoolVolatility()


@dataclass(frozen=True)
class ScenarioEvent:
    """An event as scenarios see it, or one contract of ``binaries``; draws are keyed by its name.

    event and legs: where its contracts stand in the market; payoffs: float64[legs, m] shares
    of a dollar; probabilities: float64[m]; both None where states are too many to list, or no
    leg is priced and open. in_set: it has scenario prices.
    """

    name: str
    event: int
    legs: np.ndarray
    parameters: EventParameters
    payoffs: np.ndarray | None
    probabilities: np.ndarray | None
    in_set: bool


def scenario_events(
    market: Market, schedule: Schedule, events: Iterable[int] | None = None
) -> list[ScenarioEvent]:
    """The scenario events of some events of the market (all, if None), in order."""
    chosen = range(len(market.events)) if events is None else events
    return [part for event in chosen for part in _of_event(market, schedule, int(event))]


def _of_event(market: Market, schedule: Schedule, event: int) -> list[ScenarioEvent]:
    terms = market.terms[event]
    if terms.structure != BINARIES:
        legs = np.arange(len(terms.legs))
        return [_scenario_event(market, schedule, event, market.events[event], terms, legs)]
    return [
        _scenario_event(market, schedule, event, ticker, _alone(terms, ticker), np.array([leg]))
        for leg, ticker in enumerate(terms.legs)
    ]


def _alone(terms: EventTerms, ticker: str) -> EventTerms:
    return EventTerms(
        ticker,
        BINARY,
        terms.reason,
        (ticker,),
        voids=terms.voids,
        payout=terms.payout,
        fair_band=terms.fair_band,
    )


def _scenario_event(
    market: Market, schedule: Schedule, event: int, name: str, terms: EventTerms, legs: np.ndarray
) -> ScenarioEvent:
    marks = market.marks[event][legs]
    priced, settled = market.priced[event][legs], market.settled[event][legs]
    is_open = priced & ~settled
    matrix = probabilities = None
    by_probability = 0.0
    if has_listed_states(terms) and is_open.any():
        if terms is market.terms[event]:
            probabilities, _ = market.fitted(event)
        else:
            probabilities, _ = state_probabilities(terms, marks, priced, settled)
        matrix = (payoffs(terms, marks)[0] / terms.payout).astype(np.float64)
        if market.happens_by[event] and terms.structure in _HAPPENS:
            by_probability = min(1.0, float((matrix @ probabilities).sum()))
    tau_seconds = int(market.tau_seconds[event])
    category = market.categories[event]
    series, date = market.series[event], market.resolution_dates[event]
    resolution = Resolution(category, series, tau_seconds, date, by_probability)
    pool = market.pools.get((category, bucket_of(tau_seconds)), _NO_POOL)
    open_marks = marks[is_open] / CENTICENTS_PER_DOLLAR
    parameters = event_parameters(schedule, resolution, open_marks, pool)
    tau0 = parameters.liquidation_days * SECONDS_PER_DAY + schedule.ramp_tau0_seconds
    in_set = probabilities is not None and tau_seconds > tau0
    return ScenarioEvent(name, event, legs, parameters, matrix, probabilities, in_set)


def bucket_of(tau_seconds: int) -> int:
    """Number of the bucket of a time to resolution."""
    return int(bucket(tau_seconds / SECONDS_PER_DAY))
