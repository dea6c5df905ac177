"""Daily volatility of a mark: ECM-1 section 3.

Belongs here: the floors of sigma and the probit bridge. Prices are fractions of the payoff;
sigma is in logits per square root of a day.

Interpretation where the specification is open:

- The bridge exists for prices strictly between 0 and 1: a mark at 0 or 1 has no
  uncertainty left that a volatility could describe.
"""

import math
from statistics import NormalDist

MIN_PRICE, MAX_PRICE = 0.005, 0.995
STRESS_WEIGHT = 0.25

STANDARD_NORMAL = NormalDist()


def bridge(price: float, tau_days: float, liquidation_days: float) -> float:
    """Volatility of a price that must end at 0 or 1 after tau days, in logits per day.

    phi(Phi^-1(p)) / (p (1 - p) sqrt(max(tau - mpor / 2, 1/2))). Raises ValueError for a
    price that is not strictly between 0 and 1.
    """
    z = _probit(price)
    days = max(tau_days - liquidation_days / 2, 0.5)
    return STANDARD_NORMAL.pdf(z) / (price * (1 - price) * math.sqrt(days))


def sigma(ewma: float, stress: float, ten_year: float, bridge_volatility: float) -> float:
    """The volatility of the model: the largest of four, in logits per day.

    The average; the average mixed with a quarter of the stress volatility; the bucket's
    over ten years; the bridge. The floors are against procyclicality: Regulation (EU)
    153/2013 Article 28(1)(b), (c).
    """
    mixed = (1 - STRESS_WEIGHT) * ewma + STRESS_WEIGHT * stress
    return max(ewma, mixed, ten_year, bridge_volatility)


def _probit(price: float) -> float:
    if not 0 < price < 1:
        raise ValueError(f"a price of {price} is not strictly between 0 and 1")
    return STANDARD_NORMAL.inv_cdf(price)
