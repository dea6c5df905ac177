"""The adverse quantile of a price: ECM-1 section 9.

Prices are fractions of the payoff. The quantile exists before the resolution; from then on the
price is 0 or 1.
"""

import math
from statistics import NormalDist

STANDARD_NORMAL = NormalDist()


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
