"""The gap: the worst that a liquidation period can bring to one event; model section 5.

Wang (2000), "A class of distortion operators for pricing financial and insurance risks".
"""

import math
from collections.abc import Sequence

from reporting.replica.normal import cdf, quantile
from reporting.replica.volatility import latent_deviation


def move_gap(
    losses: Sequence[float], probabilities: Sequence[float], f: float, confidence: float
) -> float:
    """Mean loss under g(u) = Phi(Phi^-1(u) + lambda), not below 0.

    lambda = Phi^-1(confidence) sqrt(f / (1 - f)); u runs from the worst loss down, ties in the
    order of states. At f = 1 it is the worst loss of a possible state.
    """
    shift = quantile(confidence) * latent_deviation(f)
    total, before = 0.0, 0.0
    terms = []
    for state in sorted(range(len(losses)), key=lambda j: (-losses[j], j)):
        total += probabilities[state]
        after = distorted(total, shift)
        terms.append(losses[state] * (after - before))
        before = after
    return max(0.0, math.fsum(terms))


def distorted(u: float, shift: float) -> float:
    """g(u), with g(0) = 0 and g(1) = 1."""
    if u <= 0:
        return 0.0
    return 1.0 if u >= 1 or shift == math.inf else cdf(quantile(u) + shift)
