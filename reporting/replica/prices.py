"""The price of every contract of an event in every scenario: model section 4, steps 1 to 3 and 5.

Belongs here: what became known in the liquidation period, and the prices that follow. They
are the same for every account; what an account loses is in `account`.

Interpretation where the specification leaves something open:

- Cumulative probabilities are running sums from low to high; from the last possible state on they
  are exactly 1, so that rounding can neither lose mass nor resolve to an impossible state.
- A signal whose probability is within 1e-12 of 0 or 1 counts as decided when c is averaged: a sum
  that rounds to 1 - 1e-16 would enter with a weight of 1 and a c of about 80.
- Without an undecided signal c is 0 and nothing moves.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from operator import mul

from reporting.replica.normal import cdf, density, quantile

DECIDED = 1e-12


@dataclass(frozen=True)
class PricedEvent:
    """What the prices of an event follow from; payoffs are contracts x states, in dollars.

    ``information``: f, the mean share of the remaining information that becomes known;
    ``lumps``: J, or None where f itself becomes known in every scenario. ``jump_probability``:
    h_info. ``happens``: for a "by T" event the states in which it happened, with
    ``happens_probability`` h_by. ``sign``: of the group factor, ordered events only. ``signals``:
    for unordered events, signals x states; ``loadings``: a unit vector over them, or None.
    """

    payoffs: list[list[float]]
    probabilities: list[float]
    ordered: bool
    information: float
    rho: float
    lumps: int | None = None
    jump_probability: float = 0.0
    happens: tuple[int, ...] = ()
    happens_probability: float = 0.0
    sign: int = 1
    signals: list[list[int]] = field(default_factory=list)
    loadings: list[float] | None = None


@dataclass(frozen=True)
class Streams:
    """The draws that one event uses, one per scenario; ``eta`` is signals x scenarios.

    Streams that the event does not use may be empty.
    """

    count: int
    group_factor: Sequence[float] = ()
    uniforms: Sequence[float] = ()
    eps: Sequence[float] = ()
    eta: Sequence[Sequence[float]] = ()
    theta: Sequence[float] = ()
    info: Sequence[float] = ()


@dataclass(frozen=True)
class PriceSets:
    """P* with the group's correlation and with none; contracts x scenarios each, dollars."""

    at_rho: list[list[float]]
    at_zero: list[list[float]]


def event_prices(event: PricedEvent, streams: Streams) -> PriceSets:
    """P* of the event's contracts in both sets, from the same draws."""
    return PriceSets(_prices(event, streams, event.rho), _prices(event, streams, 0.0))


def base_probabilities(event: PricedEvent) -> list[float]:
    """pi°: of a "by T" event what is left where it did not happen in the period, else pi.

    1 - pH° = (1 - pH) / (1 - h_by), which is (1 - pH) ** (1 - mpor / tau); both parts scaled.
    """
    if not event.happens or event.happens_probability >= 1:
        return event.probabilities
    happened = math.fsum(event.probabilities[j] for j in event.happens)
    if not 0 < happened < 1:
        return event.probabilities
    missed = min(1.0, (1 - happened) / (1 - event.happens_probability))
    scales = ((1 - missed) / happened, missed / (1 - happened))
    return [p * scales[j not in event.happens] for j, p in enumerate(event.probabilities)]


def lumps_known(lumps: int, information: float, u: float) -> int:
    """K: the smallest K whose cumulative binomial(J, f) probability exceeds u."""
    if information >= 1:
        return lumps
    total = 0.0
    for k in range(lumps):
        total += math.comb(lumps, k) * information**k * (1 - information) ** (lumps - k)
        if total > u:
            return k
    return lumps


def signal_speed(signals: Sequence[Sequence[int]], probabilities: Sequence[float]) -> float:
    """c: the mean of c_a = phi(Phi^-1(P(a)))^2 / sum over b of Cov(a, b)^2, weighted by P(a)."""
    chances = [math.fsum(map(mul, row, probabilities)) for row in signals]
    weighted, total = [], []
    for row, chance in zip(signals, chances, strict=True):
        if not DECIDED < chance < 1 - DECIDED:
            continue
        squares = []
        for other, other_chance in zip(signals, chances, strict=True):
            both = math.fsum(a * b * p for a, b, p in zip(row, other, probabilities, strict=True))
            squares.append((both - chance * other_chance) ** 2)
        weighted.append(chance * density(quantile(chance)) ** 2 / math.fsum(squares))
        total.append(chance)
    return math.fsum(weighted) / math.fsum(total) if total else 0.0


def cumulated(probabilities: Sequence[float]) -> list[float]:
    """C from low to high, exactly 1 from the last possible state on."""
    last = max(j for j, p in enumerate(probabilities) if p > 0)
    sums = accumulate(probabilities)
    return [1.0 if j >= last else min(1.0, total) for j, total in enumerate(sums)]


def resolved_state(cumulative: Sequence[float], place: float) -> int:
    """The state j with C_(j-1) <= place < C_j."""
    return next(j for j, total in enumerate(cumulative) if place < total or total == 1.0)


def _prices(event: PricedEvent, streams: Streams, rho: float) -> list[list[float]]:
    rows = _ordered_rows(event, streams, rho) if event.ordered else _free_rows(event, streams, rho)
    return [list(prices) for prices in zip(*rows, strict=True)]


class _Periods:
    """What happens to an event in each scenario, before it is said how far prices move."""

    def __init__(self, event: PricedEvent, streams: Streams) -> None:
        self._event, self._streams = event, streams
        self.base = base_probabilities(event)
        self._cumulated = cumulated(event.probabilities)
        self.cumulated_base = cumulated(self.base)
        happened = [p if j in event.happens else 0.0 for j, p in enumerate(event.probabilities)]
        total = math.fsum(happened)
        self._cumulated_happened = (
            cumulated([p / total for p in happened]) if total > 0 else self._cumulated
        )

    def resolution(self, scenario: int, place: float) -> list[float] | None:
        """Payoffs by contract where the event ends inside the period, else None."""
        event = self._event
        may_end = event.happens_probability > 0 or event.jump_probability > 0
        u = self._streams.uniforms[scenario] if may_end else 1.0
        if u < event.happens_probability:
            cumulative = self._cumulated_happened
        elif u < event.jump_probability:
            cumulative = self._cumulated
        elif self.known(scenario) >= 1:
            cumulative = self.cumulated_base
        else:
            return None
        state = resolved_state(cumulative, place)
        return [row[state] for row in event.payoffs]

    def known(self, scenario: int) -> float:
        """The share of the remaining information that becomes known: K / J, or f."""
        event = self._event
        if event.lumps is None:
            return event.information
        lumps = lumps_known(event.lumps, event.information, self._streams.info[scenario])
        return min(lumps, event.lumps - 1 if event.happens else event.lumps) / event.lumps

    def prices(self, probabilities: Sequence[float]) -> list[float]:
        """Y pi by contract."""
        return [sum(map(mul, row, probabilities)) for row in self._event.payoffs]


def _ordered_rows(event: PricedEvent, streams: Streams, rho: float) -> list[list[float]]:
    """One latent normal: C' = Phi((Phi^-1(C) - sqrt(f) Z) / sqrt(1 - f))."""
    periods = _Periods(event, streams)
    bounds = [quantile(total) for total in periods.cumulated_base]
    common, own = event.sign * math.sqrt(rho), math.sqrt(1 - rho)
    rows = []
    for scenario in range(streams.count):
        z = own * streams.eps[scenario]
        if rho:
            z += common * streams.group_factor[scenario]
        prices = periods.resolution(scenario, cdf(z))
        if prices is None:
            known = periods.known(scenario)
            shift, scale = math.sqrt(known) * z, math.sqrt(1 - known)
            moved = [cdf((bound - shift) / scale) for bound in bounds] if known else None
            prices = periods.prices(
                [above - below for below, above in pairwise([0.0, *moved])]
                if moved
                else periods.base
            )
        rows.append(prices)
    return rows


def _free_rows(event: PricedEvent, streams: Streams, rho: float) -> list[list[float]]:
    """Signals: pi' in proportion to pi° exp(sum of a(state) (sqrt(zeta) eta + zeta a(theta)))."""
    periods = _Periods(event, streams)
    speed = signal_speed(event.signals, periods.base)
    # Numbers of the signals that are 1 in each state.
    present = [
        [number for number, row in enumerate(event.signals) if row[state]]
        for state in range(len(event.probabilities))
    ]
    rows = []
    for scenario in range(streams.count):
        place = streams.theta[scenario]
        prices = periods.resolution(scenario, place)
        if prices is None:
            known = periods.known(scenario)
            zeta = speed * known / (1 - known)
            eta = _loaded([row[scenario] for row in streams.eta], event, streams, scenario, rho)
            hidden = set(present[resolved_state(periods.cumulated_base, place)])
            weights = [math.sqrt(zeta) * x + zeta * (a in hidden) for a, x in enumerate(eta)]
            prices = periods.prices(_reweighted(periods.base, present, weights))
        rows.append(prices)
    return rows


def _loaded(
    eta: list[float], event: PricedEvent, streams: Streams, scenario: int, rho: float
) -> list[float]:
    """eta + b (sqrt(rho) F - (1 - sqrt(1 - rho)) <b, eta>): the group factor along the loadings."""
    if event.loadings is None or not rho:
        return eta
    along = math.fsum(map(mul, event.loadings, eta))
    size = math.sqrt(rho) * streams.group_factor[scenario] - (1 - math.sqrt(1 - rho)) * along
    return [x + b * size for x, b in zip(eta, event.loadings, strict=True)]


def _reweighted(
    base: Sequence[float], present: Sequence[Sequence[int]], weights: Sequence[float]
) -> list[float]:
    """base x exp(sum of the weights present), scaled to 1; the largest exponent is taken out."""
    exponents = [math.fsum(weights[a] for a in signals) for signals in present]
    top = max(x for x, p in zip(exponents, base, strict=True) if p > 0)
    scaled = [p * math.exp(x - top) if p > 0 else 0.0 for x, p in zip(exponents, base, strict=True)]
    total = math.fsum(scaled)
    return [weight / total for weight in scaled]
