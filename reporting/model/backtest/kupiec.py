"""Kupiec's tests of unconditional coverage: share of breaches, and time to the first breach.

Source: P. Kupiec, "Techniques for verifying the accuracy of risk measurement models",
Journal of Derivatives 3(2), 1995.
"""

from fractions import Fraction

from reporting.model.backtest.history import BreachCounts
from reporting.model.backtest.verdicts import (
    Verdict,
    breach_probability,
    chi_square,
    log_likelihood_gain,
)
from reporting.model.errors import ModelError


def proportion_of_failures(
    counts: BreachCounts, coverage: Fraction | float, confidence: Fraction | float = 0.95
) -> Verdict:
    """Proportion of failures (POF): does the share of breaches equal 1 - coverage?

    LR = 2 ln [ (x/n)^x (1 - x/n)^(n-x) / (p^x (1-p)^(n-x)) ], chi-square with one degree of
    freedom, x breaches of n, p = 1 - coverage. 0 ln 0 is 0, so no breach gives -2 n ln(1 - p)
    and n breaches give -2 n ln p. Two-sided: too few breaches also reject.
    """
    n, x = counts.observations, counts.breaches
    p = breach_probability(coverage)
    gain = log_likelihood_gain(x, x / n, p) + log_likelihood_gain(n - x, (n - x) / n, 1 - p)
    return chi_square(2 * gain, 1, confidence)


def time_until_first_failure(
    first_breach: int, coverage: Fraction | float, confidence: Fraction | float = 0.95
) -> Verdict:
    """Time until first failure (TUFF): does the first breach come when expected?

    LR = 2 ln [ (1/v) (1 - 1/v)^(v-1) / (p (1-p)^(v-1)) ], chi-square with one degree of freedom,
    v = ``first_breach``, counted from 1. The test has little power: it uses a single breach.
    """
    if first_breach < 1:
        raise ModelError("first_breach", "must be at least 1")
    v, p = first_breach, breach_probability(coverage)
    gain = log_likelihood_gain(1, 1 / v, p) + log_likelihood_gain(v - 1, (v - 1) / v, 1 - p)
    return chi_square(2 * gain, 1, confidence)
