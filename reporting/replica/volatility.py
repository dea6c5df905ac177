"""How much of the outcome becomes known in a liquidation period: model section 3.

Belongs here: the volatility ratio v of an event's pool and the share f that follows from it.
"""

import math
from dataclasses import dataclass

STRESS_WEIGHT = 0.25


@dataclass(frozen=True)
class Pool:
    """One category and bucket of time to resolution: squared volatility ratios.

    The moving average of the daily means, its highest so far, the mean over ten years, and the
    number of event-days observed so far. 1 is the probit bridge.
    """

    moving_average: float
    stress: float
    ten_years: float
    observations: int


UNIT = Pool(1.0, 1.0, 1.0, 0)
"""What counts where too little was observed."""


def v_squared(pool: Pool, v_min: float) -> float:
    """The largest of the average, the average mixed with stress, ten years, and v_min squared.

    Grounds: Commission Delegated Regulation (EU) 153/2013 Article 28(1)(b), (c).
    """
    mixed = (1 - STRESS_WEIGHT) * pool.moving_average + STRESS_WEIGHT * pool.stress
    return max(pool.moving_average, mixed, pool.ten_years, v_min**2)


def information(v2: float, tau_days: float, liquidation_days: float) -> float:
    """f = 1 - (1 - mpor / tau) ** (v squared); 1 where tau is not beyond the period."""
    if tau_days <= liquidation_days:
        return 1.0
    return 1 - (1 - liquidation_days / tau_days) ** v2


def latent_deviation(f: float) -> float:
    """Standard deviation of the probit of a price: sqrt(f / (1 - f))."""
    return math.inf if f >= 1 else math.sqrt(f / (1 - f))
