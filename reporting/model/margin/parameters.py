"""Scenario parameters of one event: how much of its outcome the liquidation period may reveal.

Belongs here: the rules that turn schedule, time and marks into parameters. ``volatility`` has the
pools, ``scenarios`` uses the parameters. Source: margin-model.md sections 3 and 4; docs/model.md,
"Parameters of an event".
"""

import re
from dataclasses import dataclass

from reporting.model.margin.schedule import SECONDS_PER_DAY, Schedule, of_category
from reporting.units import BPS

_BY_A_DATE = re.compile(r"\b(before|by)\b", re.IGNORECASE)
_STRESS_WEIGHT = 0.25


@dataclass(frozen=True)
class PoolVolatility:
    """Squared volatility ratios of one pool, 1 for the probit bridge.

    observations: event-days so far.
    """

    moving_average: float = 1.0
    stress: float = 1.0
    ten_years: float = 1.0
    observations: int = 0


@dataclass(frozen=True)
class Resolution:
    """When and how an event resolves.

    category: "" if unknown; tau_seconds: time to the earliest plausible resolution; date: of
    that resolution, UTC, as text, or "unknown"; may_close_early: any contract may; by_date: the
    event can come true on any day up to its date, but cannot fail before; happens_probability: that
    it comes true, from the marks, 0 for an event of another kind.
    """

    event_ticker: str
    category: str
    series: str
    tau_seconds: int
    date: str
    may_close_early: bool = False
    by_date: bool = False
    happens_probability: float = 0.0


@dataclass(frozen=True)
class EventParameters:
    """Parameters of one event and their components.

    volatility_ratio: v; information: f, the share of the remaining information that the liquidation
    period reveals on average; gap_information: the same at a ratio of at least 1. lumps: J.
    by_probability: h_by, early_probability: h_info, chances of a resolution in the period.
    resolves_in_period: it can resolve inside the period and is no event that happens by a date.
    """

    legal_class: str
    liquidation_days: int
    cluster: str
    group: str
    rho: float
    kappa_bps: int
    pool: PoolVolatility
    volatility_ratio: float
    information: float
    gap_information: float
    lumps: int
    happens_probability: float
    by_probability: float
    early_probability: float
    resolves_in_period: bool


def event_parameters(
    schedule: Schedule, resolution: Resolution, pool: PoolVolatility
) -> EventParameters:
    """The parameters of one event."""
    category = resolution.category
    days = schedule.liquidation_days_of(category)
    tau_days = resolution.tau_seconds / SECONDS_PER_DAY
    square = squared_ratio(schedule, category, pool)
    inside = resolution.tau_seconds <= days * SECONDS_PER_DAY
    early = by = 0.0
    if resolution.by_date:
        share = 1.0 if inside else days / tau_days
        by = 1.0 - (1.0 - resolution.happens_probability) ** share
    elif inside:
        early = 1.0
    elif resolution.may_close_early:
        rate = of_category(schedule.jump_rate_bps_per_day, category) / BPS
        early = 1.0 - (1.0 - rate) ** days
    return EventParameters(
        legal_class=of_category(schedule.legal_class, category),
        liquidation_days=days,
        cluster=cluster_of(schedule, resolution),
        group=category,
        rho=of_category(schedule.rho_bps, category) / BPS,
        kappa_bps=of_category(schedule.kappa_bps, category),
        pool=pool,
        volatility_ratio=square**0.5,
        information=information(days, tau_days, square),
        gap_information=information(days, tau_days, max(square, 1.0)),
        lumps=of_category(schedule.lumps, category),
        happens_probability=resolution.happens_probability,
        by_probability=by,
        early_probability=early,
        resolves_in_period=not resolution.by_date and (inside or resolution.may_close_early),
    )


def squared_ratio(schedule: Schedule, category: str, pool: PoolVolatility) -> float:
    """Squared volatility ratio v.

    The largest of the moving average, its blend with stress, the long mean, and the floor of the
    schedule.
    A pool with too few observations counts as 1.

    The blend and the floor limit how far margin falls in calm periods (EMIR RTS 153/2013 art
    28(1)(b),(c)). It is the only place where stress enters margin.
    """
    floor = of_category(schedule.v_min_bps, category) / BPS
    if pool.observations < schedule.least_observations:
        pool = PoolVolatility()
    blend = (1 - _STRESS_WEIGHT) * pool.moving_average + _STRESS_WEIGHT * pool.stress
    return max(pool.moving_average, blend, pool.ten_years, floor * floor)


def information(liquidation_days: float, tau_days: float, square: float) -> float:
    """Share of the remaining information that is revealed: 1 - (1 - days / tau)^(v^2).

    1 where the event resolves inside the liquidation period.
    """
    if tau_days <= liquidation_days:
        return 1.0
    return 1.0 - (1.0 - liquidation_days / tau_days) ** square


def cluster_of(schedule: Schedule, resolution: Resolution) -> str:
    """The cluster of the event; events of one cluster resolve at the same moment.

    They share the date and either the series or the schedule's cluster of series. Events that the
    schedule links share a cluster whatever their dates.
    """
    if resolution.event_ticker in schedule.linked_events:
        return schedule.linked_events[resolution.event_ticker]
    series = resolution.series
    return f"{schedule.clusters.get(series, series)}@{resolution.date}"


def happens_by_a_date(can_close_early: bool, title: str) -> bool:
    """Whether, by its title, the event may happen on any day up to its date."""
    return can_close_early and _BY_A_DATE.search(title) is not None
