"""The parameters of an event, from the schedule and the volatility pools of the date.

Belongs here: docs/model.md section 4 and the ramp of section 5. The schedule is the dict
of the feed; shares and ratios in it are whole basis points.

Interpretation where the page leaves something open:

- "has the word": a whole word, in capitals or not.
- Without a pool the volatilities that come from it are 0; without a leg that is priced and
  not settled the bridge is 0. An event without both has sigma 0.
- The prices of the bridge are clipped to 0.005 and 0.995 wherever p stands in it.
- ``by`` is 0 where tau <= mpor: h is 1 there whatever happens by then.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from reporting.replica.listed import DOLLAR, ListedEvent, states_of
from reporting.replica.volatility import MAX_PRICE, MIN_PRICE, bridge, sigma

BPS = 10_000
SECONDS_PER_DAY = 86_400
BUCKET_DAYS = (2, 7, 30, 90)
HAPPENS_BY = re.compile(r"\b(before|by)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Pool:
    """Variances per day of one category and bucket of time to resolution."""

    variance: float
    stress_variance: float
    ten_year_variance: float


Pools = Mapping[tuple[str, int], Pool]


@dataclass(frozen=True)
class EventParameters:
    """One event under a schedule. ``ramp`` is without regard to wrong-way exposure.

    Volatilities are in log-odds per square root of a day: ``ewma``, ``stress``,
    ``ten_year`` and ``bridge`` are the parts of ``sigma``.
    """

    legal_class: str
    liquidation_days: int
    tau_days: float
    tau0_days: Fraction
    tau1_days: Fraction
    ramp: Fraction
    cluster: str
    rho: float
    kappa: Fraction
    jump_probability: float
    stress_jump_probability: float
    ewma: float
    stress: float
    ten_year: float
    bridge: float
    sigma: float


def of_category(values: Mapping, category: str):
    """The value of a category, else the default."""
    return values.get(category, values["default"])


def event_parameters(event: ListedEvent, schedule: Mapping, pools: Pools) -> EventParameters:
    """All parameters of an event, or of a contract of separate binaries."""
    legal_class = of_category(schedule["legal_class"], event.category)
    days = schedule["liquidation_days"][legal_class]
    if legal_class == "swap" and event.category in schedule["swap_one_day_categories"]:
        days = 1
    tau_days = event.tau_seconds / SECONDS_PER_DAY
    tau0 = days + Fraction(schedule["ramp_tau0_seconds"], SECONDS_PER_DAY)
    tau1 = days + Fraction(schedule["ramp_tau1_seconds"], SECONDS_PER_DAY)
    plain, stressed = _jump_probabilities(event, schedule, days)
    pool = pools.get((event.category, bucket_of(event.tau_seconds)), Pool(0.0, 0.0, 0.0))
    ewma, stress, ten_year = (
        variance**0.5 for variance in (pool.variance, pool.stress_variance, pool.ten_year_variance)
    )
    bridged = _largest_bridge(event, tau_days, days)
    return EventParameters(
        legal_class=legal_class,
        liquidation_days=days,
        tau_days=tau_days,
        tau0_days=tau0,
        tau1_days=tau1,
        ramp=ramp_weight(Fraction(event.tau_seconds, SECONDS_PER_DAY), tau0, tau1),
        cluster=_cluster(event, schedule),
        rho=of_category(schedule["rho_bps"], event.category) / BPS,
        kappa=Fraction(of_category(schedule["kappa_bps"], event.category), BPS),
        jump_probability=plain,
        stress_jump_probability=stressed,
        ewma=ewma,
        stress=stress,
        ten_year=ten_year,
        bridge=bridged,
        sigma=sigma(ewma, stress, ten_year, bridged),
    )


def ramp_weight(tau: Fraction, tau0: Fraction, tau1: Fraction) -> Fraction:
    """w: 1 up to tau0, 0 from tau1, linear between; all in days."""
    if tau <= tau0:
        return Fraction(1)
    if tau >= tau1:
        return Fraction(0)
    return (tau1 - tau) / (tau1 - tau0)


def bucket_of(tau_seconds: int) -> int:
    """Number of the pool: up to 2, 7, 30, 90 days, and beyond; part days count as whole."""
    days = -(-tau_seconds // SECONDS_PER_DAY)
    return sum(days > last for last in BUCKET_DAYS)


def model_prices(event: ListedEvent) -> list[float]:
    """p^ of each contract in dollars: payoffs x probabilities."""
    return [
        sum(y * p for y, p in zip(row, event.probabilities, strict=True)) / DOLLAR
        for row in states_of(event).payoffs
    ]


def happens_by_a_date(event: ListedEvent) -> bool:
    """Whether it may come true on any day up to its date."""
    return (
        all(contract.may_close_early for contract in event.contracts)
        and HAPPENS_BY.search(event.title) is not None
        and event.structure in ("binary", "exclusive")
    )


def _jump_probabilities(event: ListedEvent, schedule: Mapping, days: int) -> tuple[float, float]:
    """Jump probability h in ordinary and in stress scenarios."""
    if event.tau_seconds <= days * SECONDS_PER_DAY:
        return 1.0, 1.0
    rate = of_category(schedule["jump_rate_bps_per_day"], event.category) / BPS
    info = 1 - (1 - rate) ** days
    by = 0.0
    if event.probabilities and happens_by_a_date(event):
        p = min(1.0, sum(model_prices(event)))
        by = 1 - (1 - p) ** (days * SECONDS_PER_DAY / event.tau_seconds)
    multiple = schedule["stress_jump_multiple_bps"] / BPS
    return 1 - (1 - by) * (1 - info), 1 - (1 - min(1.0, by * multiple)) * (1 - info)


def _cluster(event: ListedEvent, schedule: Mapping) -> str:
    name = schedule["clusters"].get(event.series, event.series)
    return f"{name}@{event.resolution_date or 'unknown'}"


def _largest_bridge(event: ListedEvent, tau_days: float, days: int) -> float:
    marks = [contract.mark / DOLLAR for contract in event.contracts if contract.is_open]
    clipped = [min(max(mark, MIN_PRICE), MAX_PRICE) for mark in marks]
    return max((bridge(price, tau_days, days) for price in clipped), default=0.0)
