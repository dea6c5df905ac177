"""The verdict of a backtest, and the chi-square distribution that most tests use."""

import math
from dataclasses import dataclass
from fractions import Fraction

from reporting.model.errors import ModelError


@dataclass(frozen=True)
class Verdict:
    """Result of a test.

    p_value: probability of a statistic at least as extreme if the model is right; reject:
    p_value is below 1 - confidence.
    """

    statistic: float
    p_value: float
    reject: bool


def breach_probability(coverage: Fraction | float) -> float:
    """Probability of a breach at a target coverage: 1 - coverage."""
    return _complement(coverage, "coverage")


def significance(confidence: Fraction | float) -> float:
    """Significance level, the probability of rejecting a correct model: 1 - confidence."""
    return _complement(confidence, "confidence")


def _complement(share: Fraction | float, field: str) -> float:
    complement = float(1 - share) if 0 < share < 1 else math.nan
    # A share too close to 1 has a complement of 0 as a float.
    if not 0 < complement < 1:
        raise ModelError(field, "must lie between 0 and 1, both excluded")
    return complement


def judge(statistic: float, p_value: float, confidence: Fraction | float) -> Verdict:
    """The verdict at a confidence."""
    return Verdict(statistic, p_value, p_value < significance(confidence))


def chi_square(statistic: float, degrees: int, confidence: Fraction | float) -> Verdict:
    """The verdict on a likelihood ratio with one or two degrees of freedom.

    P(chi2 > x) is erfc(sqrt(x / 2)) for one degree and exp(-x / 2) for two. A negative ratio can
    only come from rounding and counts as 0.
    """
    half = max(statistic, 0.0) / 2
    p_value = math.erfc(math.sqrt(half)) if degrees == 1 else math.exp(-half)
    return judge(max(statistic, 0.0), p_value, confidence)


def log_likelihood_gain(count: int, fitted: float, assumed: float) -> float:
    """Log-likelihood gain, count x ln(fitted / assumed); 0 for a count of 0.

    Twice the sum over the outcomes is a likelihood ratio statistic.
    """
    return count * math.log(fitted / assumed) if count else 0.0
