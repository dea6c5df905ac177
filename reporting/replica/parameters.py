"""The parameters of an event, from the schedule and the volatility pools of the date.

Belongs here: everything that section 4 and 5 of the model ask of an event before a position is
known. Shares and ratios of the schedule are whole basis points.

Interpretation where the specification is open:

- "has the word": a whole word, in capitals or not.
- Of separate binaries, each contract is tested for "by T" with the title of the event and the
  early closes of all its markets; h_info counts any of them.
- A linked event is looked up by its ticker, a contract of binaries by that of its event.
- A "by T" event with tau <= mpor is also due: its gap covers W as that of any event does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from reporting.replica.listed import COMBINATION, ListedEvent, MissingInput, priced_units
from reporting.replica.schedule import BPS, DOLLAR, SECONDS_PER_DAY, of_category
from reporting.replica.states import happened_states, is_listed, signals_of, states_of
from reporting.replica.volatility import UNIT, Pool, information, v_squared

BUCKET_DAYS = (2, 7, 30, 90)
HAPPENS_BY = re.compile(r"\b(before|by)\b", re.IGNORECASE)
LOADINGS_TOLERANCE = 0.001

Pools = Mapping[tuple[str, int], Pool]


@dataclass(frozen=True)
class Market:
    """A date as margin sees it: events by ticker, schedule and volatility pools."""

    events: Mapping[str, ListedEvent]
    schedule: Mapping
    pools: Pools
    _known: dict = field(default_factory=dict, compare=False, repr=False)

    def parameters(self, event: ListedEvent) -> "EventParameters":
        """The parameters of an event, or of a contract of separate binaries."""
        key = (event.listing.ticker, event.ticker)
        if key not in self._known:
            self._known[key] = event_parameters(event, self.schedule, self.pools)
        return self._known[key]


@dataclass(frozen=True)
class EventParameters:
    """One event under a schedule. ``ramp`` is without regard to wrong-way exposure.

    ``pool`` is the one that counts: UNIT where ``observations`` are too few. ``information``
    is f, ``gap_information`` f with v at least 1. ``happened``: states of a "by T" event.
    ``may_resolve``: the outcome may be known inside the period, other than by happening.
    """

    legal_class: str
    liquidation_days: int
    tau_days: float
    tau0_days: Fraction
    tau1_days: Fraction
    ramp: Fraction
    cluster: str
    rho: float
    sign: int
    loadings: tuple[float, ...] | None
    kappa: Fraction
    lumps: int
    pool: Pool
    observations: int
    v: float
    information: float
    gap_information: float
    jump_probability: float
    happened: tuple[int, ...]
    happens_probability: float
    may_resolve: bool


def event_parameters(event: ListedEvent, schedule: Mapping, pools: Pools) -> EventParameters:
    """All parameters of an event, or of a contract of separate binaries."""
    legal_class = of_category(schedule["legal_class"], event.category)
    days = schedule["liquidation_days"][legal_class]
    if legal_class == "swap" and event.category in schedule["swap_one_day_categories"]:
        days = 1
    tau0 = days + Fraction(schedule["ramp_tau0_seconds"], SECONDS_PER_DAY)
    tau1 = days + Fraction(schedule["ramp_tau1_seconds"], SECONDS_PER_DAY)
    tau_days = event.tau_seconds / SECONDS_PER_DAY
    observed = pools.get((event.category, bucket_of(event.tau_seconds)), UNIT)
    pool = observed if observed.observations >= schedule["least_observations"] else UNIT
    v2 = v_squared(pool, of_category(schedule["v_min_bps"], event.category) / BPS)
    happened = happened_states(event) if happens_by_a_date(event) else ()
    due = tau_days <= days
    early = event.any_closes_early and not happened
    return EventParameters(
        legal_class=legal_class,
        liquidation_days=days,
        tau_days=tau_days,
        tau0_days=tau0,
        tau1_days=tau1,
        ramp=ramp_weight(Fraction(event.tau_seconds, SECONDS_PER_DAY), tau0, tau1),
        cluster=_cluster(event.listing, schedule),
        rho=of_category(schedule["rho_bps"], event.category) / BPS,
        sign=schedule.get("factor_signs", {}).get(event.series, 1) if event.ordered else 1,
        loadings=_loadings(event, schedule),
        kappa=Fraction(of_category(schedule["kappa_bps"], event.category), BPS),
        lumps=of_category(schedule["lumps"], event.category),
        pool=pool,
        observations=observed.observations,
        v=v2**0.5,
        information=information(v2, tau_days, days),
        gap_information=information(max(v2, 1.0), tau_days, days),
        jump_probability=_jump_probability(event, schedule, days, due) if early else 0.0,
        happened=happened,
        happens_probability=_happens_probability(event, happened, tau_days, days),
        may_resolve=early or due,
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
    """p^ by contract, dollars: payoffs x probabilities, of a combination its raw mark."""
    if event.structure == COMBINATION:
        return [(event.contracts[0].mark or 0) / DOLLAR]
    return [
        sum(y * p for y, p in zip(row, event.probabilities, strict=True)) / DOLLAR
        for row in states_of(event).payoffs
    ]


def happens_by_a_date(event: ListedEvent) -> bool:
    """Whether it may come true on any day up to its date."""
    return (
        event.all_close_early
        and HAPPENS_BY.search(event.title) is not None
        and event.structure in ("binary", "exclusive")
    )


def may_have_prices(event: ListedEvent, parameters: EventParameters) -> bool:
    """Listed states, tau beyond tau0, and a leg that is priced and open; combinations need more."""
    return (
        all(is_listed(unit) for unit in priced_units(event))
        and parameters.tau_days > parameters.tau0_days
        and any(contract.is_open for contract in event.contracts)
    )


def _jump_probability(event: ListedEvent, schedule: Mapping, days: int, due: bool) -> float:
    """h_info: the chance of an early resolution inside the period."""
    if due:
        return 1.0
    rate = of_category(schedule["jump_rate_bps_per_day"], event.category) / BPS
    return 1 - (1 - rate) ** days


def _happens_probability(
    event: ListedEvent, happened: tuple[int, ...], tau_days: float, days: int
) -> float:
    """h_by: 1 - (1 - pH) ** min(1, mpor / tau)."""
    if not happened or not event.probabilities:
        return 0.0
    p = min(1.0, sum(event.probabilities[state] for state in happened))
    return 1 - (1 - p) ** (1.0 if tau_days <= days else days / tau_days)


def _cluster(event: ListedEvent, schedule: Mapping) -> str:
    linked = schedule.get("linked_events", {})
    if event.ticker in linked:
        return linked[event.ticker]
    name = schedule["clusters"].get(event.series, event.series)
    return f"{name}@{event.resolution_date or 'unknown'}"


def _loadings(event: ListedEvent, schedule: Mapping) -> tuple[float, ...] | None:
    """The schedule's loadings as a vector over the signals, of length exactly 1."""
    stated = schedule.get("factor_loadings", {}).get(event.ticker)
    if not stated or event.ordered or not is_listed(event):
        return None
    names = list(signals_of(event))
    unknown = sorted(stated.keys() - set(names))
    if unknown:
        raise MissingInput(f"factor_loadings of {event.ticker} name {unknown[0]}, no signal of it")
    vector = [stated.get(name, 0) / BPS for name in names]
    square = sum(b * b for b in vector)
    if abs(square - 1) > LOADINGS_TOLERANCE:
        raise MissingInput(f"factor_loadings of {event.ticker} have squared length {square:.4f}")
    return tuple(b / square**0.5 for b in vector)
