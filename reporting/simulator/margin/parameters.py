"""The parameters of an event on a date (docs/model.md, section 4)."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from scipy.special import ndtri

from reporting.simulator.margin.history import CycleState
from reporting.simulator.margin.schedules import DAY_SECONDS, Schedule
from reporting.simulator.margin.volatility import clipped, pool_of
from reporting.simulator.market.listing import PAYOUT, Event

_MAX_STATES = 4_096


@dataclass(frozen=True)
class EventParameters:
    """Parameters of one event; of ``binaries`` each contract has the same ones.

    The ramp weight is ``weight`` over ``weight_of``. ``information``: chance that news
    resolve the event within the liquidation period.
    """

    event: Event
    mpor_days: int
    tau_seconds: int
    weight: int
    weight_of: int
    cluster: str
    group: str
    rho: float
    kappa_bps: int
    information: float

    @property
    def tau_days(self) -> float:
        """Days to the earliest resolution."""
        return self.tau_seconds / DAY_SECONDS

    @property
    def has_scenarios(self) -> bool:
        """Whether its prices move in scenarios: it is not ramped in full."""
        return self.weight < self.weight_of


def event_parameters(event: Event, schedule: Schedule, cycle_seconds: int) -> EventParameters:
    """The parameters that do not depend on marks."""
    tau = event.seconds_left(cycle_seconds)
    full, none = schedule.ramp_seconds(event.category)
    many = not event.separate and event.payoffs.shape[1] + event.void_at_mark > _MAX_STATES
    mpor = schedule.liquidation_days(event.category)
    rate = schedule.of_category("jump_rate_bps_per_day", event.category) / 10_000
    return EventParameters(
        event=event,
        mpor_days=mpor,
        tau_seconds=tau,
        weight=none - full if many else min(max(none - tau, 0), none - full),
        weight_of=none - full,
        cluster=_cluster(event, schedule),
        group=event.category,
        rho=schedule.of_category("rho_bps", event.category) / 10_000,
        kappa_bps=schedule.of_category("kappa_bps", event.category),
        information=1 - (1 - rate) ** mpor,
    )


def jump_chances(own: EventParameters, price: float, multiple: float) -> tuple[float, float]:
    """Jump probability h, ordinary and stress; ``price``: of the event happening, dollars."""
    if own.tau_days <= own.mpor_days:
        return 1.0, 1.0
    by = 0.0
    if own.event.happens_by:
        by = 1 - (1 - min(price, 1.0)) ** (own.mpor_days / own.tau_days)
    kept = 1 - own.information
    return 1 - (1 - by) * kept, 1 - (1 - min(1.0, multiple * by)) * kept


def sigmas(own: EventParameters, state: CycleState) -> np.ndarray:
    """Volatility per square root of a day for each market of the event.

    Markets of one event share the largest bridge; of ``binaries`` each has its own.
    """
    markets = slice(own.event.markets.start, own.event.markets.stop)
    marks, settled = state.marks[markets], state.settled[markets]
    price = clipped(marks)
    density = np.exp(-(ndtri(price) ** 2) / 2) / math.sqrt(2 * math.pi)
    left = max(own.tau_days - own.mpor_days / 2, 0.5)
    bridge = density / (price * (1 - price) * math.sqrt(left))
    bridge = np.where((marks >= 0) & (settled < 0), bridge, 0.0)
    if not own.event.separate:
        bridge = np.full(len(bridge), bridge.max())
    return np.maximum(bridge, state.pools.sigma(pool_of(own.event.category, own.tau_seconds)))


def price_deviation(own: EventParameters, sigma: np.ndarray, marks: np.ndarray) -> np.ndarray:
    """Standard deviation of each market's price over the period, centicents, at raw marks."""
    price = np.maximum(marks, 0) / PAYOUT
    return PAYOUT * price * (1 - price) * sigma * math.sqrt(own.mpor_days)


def _cluster(event: Event, schedule: Schedule) -> str:
    """Events that resolve at one moment: the same name on the same UTC date."""
    series = event.series or event.ticker.partition("-")[0]
    name = schedule["clusters"].get(series, series)
    if event.resolution_seconds is None:
        return f"{name}@unknown"
    return f"{name}@{datetime.fromtimestamp(event.resolution_seconds, UTC):%Y-%m-%d}"
