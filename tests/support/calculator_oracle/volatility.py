"""Daily volatility of a mark, and where its quantile lies: ECM-1 sections 3 and 9.

Belongs here: logit returns, their weighted mean square, the adverse
quantile. Prices are fractions of the payoff; sigma is in logits per square root of a day.

Readings where the specification leaves something open:

- Returns of a category and time bucket are pooled per day: the day's observation is the
  mean of their squares. The first day starts the average; a day without returns leaves it.
- A time between the named buckets (2.5 days) belongs to the longer one.
- The adverse quantile exists before the resolution; from then on the price is 0 or 1.
"""

import math
from collections.abc import Iterable, Sequence
from statistics import NormalDist

MIN_PRICE, MAX_PRICE = 0.005, 0.995
EWMA_DECAY = 0.97
TIME_BUCKETS = ((2, "<=2"), (7, "3-7"), (30, "8-30"), (90, "31-90"), (math.inf, ">90"))
"""Days to resolution, each bucket up to and including its number."""

STANDARD_NORMAL = NormalDist()


def logit(price: float) -> float:
    """ln(p / (1 - p)) of the price clipped to .005 .. .995."""
    clipped = min(max(price, MIN_PRICE), MAX_PRICE)
    return math.log(clipped / (1 - clipped))


def logit_return(price_before: float, price_now: float) -> float:
    """One day's return in logits."""
    return logit(price_now) - logit(price_before)


def time_bucket(days_to_resolution: float) -> str:
    """The bucket that a contract's returns are pooled in. Raises ValueError below zero."""
    if not days_to_resolution >= 0:
        raise ValueError(f"{days_to_resolution} days to resolution are not 0 or more")
    return next(name for last, name in TIME_BUCKETS if days_to_resolution <= last)


def pooled_square(returns: Sequence[float]) -> float:
    """Mean square of one day's returns in one pool, in squared logits."""
    return math.fsum(r * r for r in returns) / len(returns)


def ewma_update(variance: float, square: float, decay: float = EWMA_DECAY) -> float:
    """The next day's variance: decay x variance + (1 - decay) x the day's mean square."""
    return decay * variance + (1 - decay) * square


def ewma_volatility(days: Iterable[Sequence[float]], decay: float = EWMA_DECAY) -> float:
    """Volatility after the days' pools of returns, the oldest first, in logits per day.

    Raises ValueError when no day has a return.
    """
    variance = None
    for returns in days:
        if not returns:
            continue
        square = pooled_square(returns)
        variance = square if variance is None else ewma_update(variance, square, decay)
    if variance is None:
        raise ValueError("no day has a return: there is no volatility to average")
    return math.sqrt(variance)


def adverse_price(
    price: float, tau_days: float, horizon_days: float, confidence: float = 0.99
) -> float:
    """The price of a long position at the horizon that is undercut with 1 - confidence.

    Phi((Phi^-1(p) sqrt(tau) - z sqrt(h)) / sqrt(tau - h)), z = Phi^-1(confidence). Raises
    ValueError when the horizon is not before the resolution.
    """
    if not 0 <= horizon_days < tau_days:
        raise ValueError(f"a horizon of {horizon_days} days is not before day {tau_days}")
    z = STANDARD_NORMAL.inv_cdf(confidence)
    upper = _probit(price) * math.sqrt(tau_days) - z * math.sqrt(horizon_days)
    return STANDARD_NORMAL.cdf(upper / math.sqrt(tau_days - horizon_days))


def adverse_loss_share(
    price: float, tau_days: float, horizon_days: float, confidence: float = 0.99
) -> float:
    """The long position's loss at that price, as a share of its largest loss, the price."""
    return (price - adverse_price(price, tau_days, horizon_days, confidence)) / price


def _probit(price: float) -> float:
    if not 0 < price < 1:
        raise ValueError(f"a price of {price} is not strictly between 0 and 1")
    return STANDARD_NORMAL.inv_cdf(price)
