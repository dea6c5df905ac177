"""Scenario parameters of one event: its volatility and its probability of a sudden resolution.

Belongs here: the rules that turn schedule, time and marks into parameters. ``volatility`` has
the pools, ``scenarios`` uses the parameters. Source: margin-model.md sections 3 and 4;
docs/model.md, "Parameters of an event".
"""

import re
from dataclasses import dataclass

import numpy as np

from reporting.model.margin.schedule import SECONDS_PER_DAY, Schedule, of_category
from reporting.model.margin.volatility import bridge, sigma
from reporting.units import BPS

_BY_A_DATE = re.compile(r"\b(before|by)\b", re.IGNORECASE)


@dataclass(frozen=True)
class PoolVolatility:
    """Volatilities of one pool, per square root of a day."""

    moving_average: float = 0.0
    stress: float = 0.0
    ten_years: float = 0.0


@dataclass(frozen=True)
class Resolution:
    """When and how an event resolves.

    category: "" if unknown; tau_seconds: time to the earliest plausible resolution; date: of
    that resolution, UTC, as text, or "unknown"; by_probability: probability, from the marks,
    that the event happens by its date, 0 for an event of another kind.
    """

    category: str
    series: str
    tau_seconds: int
    date: str
    by_probability: float = 0.0


@dataclass(frozen=True)
class EventParameters:
    """Parameters of one event and their components.

    sigma and its components: log-odds, per square root of a day; jump probabilities: within
    the liquidation period, in ordinary and in stress scenarios.
    """

    legal_class: str
    liquidation_days: int
    cluster: str
    rho: float
    kappa_bps: int
    pool: PoolVolatility
    bridge: float
    sigma: float
    by_probability: float
    jump_probability: float
    stress_jump_probability: float


def event_parameters(
    schedule: Schedule, resolution: Resolution, marks: np.ndarray, pool: PoolVolatility
) -> EventParameters:
    """The parameters of one event. marks: float64[n] of its open and priced legs, in dollars."""
    category = resolution.category
    days = schedule.liquidation_days_of(category)
    bridged = bridge(np.asarray(marks, np.float64), resolution.tau_seconds / SECONDS_PER_DAY, days)
    bridge_volatility = float(bridged.max(initial=0.0))
    plain, stress = jump_probabilities(schedule, resolution, days)
    return EventParameters(
        legal_class=of_category(schedule.legal_class, category),
        liquidation_days=days,
        cluster=cluster_of(schedule, resolution),
        rho=of_category(schedule.rho_bps, category) / BPS,
        kappa_bps=of_category(schedule.kappa_bps, category),
        pool=pool,
        bridge=bridge_volatility,
        sigma=float(sigma(pool.moving_average, pool.stress, pool.ten_years, bridge_volatility)),
        by_probability=resolution.by_probability,
        jump_probability=plain,
        stress_jump_probability=stress,
    )


def cluster_of(schedule: Schedule, resolution: Resolution) -> str:
    """The cluster of the event; events of one cluster resolve at the same moment.

    They share the date and either the series or the schedule's cluster of series.
    """
    series = resolution.series
    return f"{schedule.clusters.get(series, series)}@{resolution.date}"


def jump_probabilities(
    schedule: Schedule, resolution: Resolution, liquidation_days: int
) -> tuple[float, float]:
    """Probability h of a jump within the liquidation period, ordinary and stress scenarios.

    1 if the resolution falls inside the period. Otherwise the event can resolve suddenly at
    the category's rate. An event that happens by a date can also happen on any day, with
    probability 1 - (1 - p)^(days / tau), times the schedule's multiple in stress scenarios.
    """
    if resolution.tau_seconds <= liquidation_days * SECONDS_PER_DAY:
        return 1.0, 1.0
    rate = of_category(schedule.jump_rate_bps_per_day, resolution.category) / BPS
    none = (1.0 - rate) ** liquidation_days
    share = liquidation_days * SECONDS_PER_DAY / resolution.tau_seconds
    by = 1.0 - (1.0 - resolution.by_probability) ** share
    stress_by = min(1.0, by * schedule.stress_jump_multiple_bps / BPS)
    return 1.0 - (1.0 - by) * none, 1.0 - (1.0 - stress_by) * none


def happens_by_a_date(can_close_early: bool, title: str) -> bool:
    """Whether, by its title, the event may happen on any day up to its date."""
    return can_close_early and _BY_A_DATE.search(title) is not None
