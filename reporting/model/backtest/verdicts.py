"""What a backtest answers, and the chi-square law that most of them are held against."""

import math
from dataclasses import dataclass
from fractions import Fraction

from reporting.model.errors import ModelError


@dataclass(frozen=True)
class Verdict:
    """One test. statistic: what was measured; p_value: chance of one at least as extreme if
    the model is right; reject: p_value is below 1 - confidence."""

    statistic: float
    p_value: float
    reject: bool


def breach_probability(coverage: Fraction | float) -> float:
    """Chance of a breach that a coverage level promises: 1 - coverage."""
    return _complement(coverage, "coverage")


def significance(confidence: Fraction | float) -> float:
    """Share of right models that a test may reject: 1 - confidence."""
    return _complement(confidence, "confidence")


def _complement(share: Fraction | float, field: str) -> float:
    found = float(1 - share) if 0 < share < 1 else math.nan
    # A share nearer to 1 than a float can tell leaves nothing to test.
    if not 0 < found < 1:
        raise ModelError(field, "must lie between 0 and 1, both excluded")
    return found


def judge(statistic: float, p_value: float, confidence: Fraction | float) -> Verdict:
    """The verdict at a confidence."""
    return Verdict(statistic, p_value, p_value < significance(confidence))


def chi_square(statistic: float, degrees: int, confidence: Fraction | float) -> Verdict:
    """The verdict on a likelihood ratio with one or two degrees of freedom.

    P(chi2 > x) is erfc(sqrt(x / 2)) for one degree and exp(-x / 2) for two. A ratio is
    never below 0; what rounding leaves there is 0.
    """
    statistic = max(statistic, 0.0)
    if degrees == 1:
        return judge(statistic, math.erfc(math.sqrt(statistic / 2)), confidence)
    if degrees == 2:
        return judge(statistic, math.exp(-statistic / 2), confidence)
    raise ModelError("degrees", "must be 1 or 2")


def log_likelihood_gain(count: int, fitted: float, assumed: float) -> float:
    """count x ln(fitted / assumed), and 0 for a count of 0 whatever the shares are.

    Twice the sum over the outcomes is a likelihood ratio statistic.
    """
    return count * math.log(fitted / assumed) if count else 0.0
