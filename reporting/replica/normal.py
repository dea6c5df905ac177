"""The standard normal distribution: Phi, its density and its inverse, on the standard library."""

import math
from statistics import NormalDist

_STANDARD = NormalDist()
_ROOT_HALF = math.sqrt(0.5)


def cdf(x: float) -> float:
    """Phi. By erfc, which keeps every digit of the lower tail."""
    return 0.5 * math.erfc(-x * _ROOT_HALF)


def density(x: float) -> float:
    """phi, the density."""
    return _STANDARD.pdf(x)


def quantile(u: float) -> float:
    """Inverse of Phi: -inf up to 0, inf from 1 on."""
    if u <= 0:
        return -math.inf
    return math.inf if u >= 1 else _STANDARD.inv_cdf(u)
