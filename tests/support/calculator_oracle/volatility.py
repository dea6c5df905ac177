"""Volatility pools again, observation by observation: ECM-2 section 3.

Belongs here: what the tables of the pools are held against; the model's use of a pool is in
`reporting.replica.volatility`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

DECAY = 0.97
LOW, HIGH = 0.02, 0.98
EDGE = 1e-4

STANDARD_NORMAL = NormalDist()


def squared_move(price: float, tau: float, last_price: float, last_tau: float) -> float | None:
    """Standardised squared move of a contract since its own last trade, None where it has none.

    (c x - x_last)^2 / (1 - c^2) with x = Phi^-1(p) and c^2 = tau / tau_last, both in days;
    needs tau > 1 and a last price strictly within 0.02 and 0.98; today's is clipped to 1e-4.
    """
    if not (tau > 1 and LOW < last_price < HIGH):
        return None
    x = STANDARD_NORMAL.inv_cdf(min(max(price, EDGE), 1 - EDGE))
    last_x = STANDARD_NORMAL.inv_cdf(last_price)
    c_squared = tau / last_tau
    return (math.sqrt(c_squared) * x - last_x) ** 2 / (1 - c_squared)


def event_observation(squared_moves: Sequence[float]) -> float:
    """The mean over the event's contracts, rounded to 1e-12: one a day, however many strikes."""
    return round(math.fsum(squared_moves) / len(squared_moves), 12)


@dataclass(frozen=True)
class PoolDay:
    """A pool at the end of a day; squared volatility ratios."""

    moving_average: float
    stress: float
    ten_years: float
    observations: int


def pool_days(days: Sequence[Sequence[float]]) -> list[PoolDay]:
    """The pool after each day, from the event observations of the days (within ten years)."""
    after: list[PoolDay] = []
    everything: list[float] = []
    for observations in days:
        everything += observations
        before = after[-1] if after else None
        average = before.moving_average if before else None
        if observations:
            mean = math.fsum(observations) / len(observations)
            average = mean if average is None else DECAY * average + (1 - DECAY) * mean
        if average is None:
            continue
        after.append(
            PoolDay(
                average,
                max(average, before.stress if before else average),
                math.fsum(everything) / len(everything),
                len(everything),
            )
        )
    return after
