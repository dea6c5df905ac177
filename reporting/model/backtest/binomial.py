"""The exact binomial distribution of breaches, for samples too small for a chi-square test."""

from fractions import Fraction

from scipy.special import betainc, betaincinv

from reporting.model.backtest.history import BreachCounts
from reporting.model.backtest.verdicts import Verdict, breach_probability, judge, significance
from reporting.model.errors import ModelError


def at_most(breaches: float, observations: int, probability: float) -> float:
    """P(X <= breaches) for binomial X, by the incomplete beta function, which also takes shares."""
    if breaches < 0:
        return 0.0
    if breaches >= observations:
        return 1.0
    return float(betainc(observations - breaches, breaches + 1, 1 - probability))


def at_least(breaches: float, observations: int, probability: float) -> float:
    """P(X >= breaches) for binomial X; 1 - at_most would lose precision in small tails."""
    if breaches <= 0:
        return 1.0
    if breaches > observations:
        return 0.0
    return float(betainc(breaches, observations - breaches + 1, probability))


def exact_binomial(
    counts: BreachCounts, coverage: Fraction | float, confidence: Fraction | float = 0.95
) -> Verdict:
    """One-sided exact test for too many breaches at the target coverage.

    statistic: the cumulative probability P(X <= breaches); p_value: P(X >= breaches).
    """
    p = breach_probability(coverage)
    n, x = counts.observations, counts.breaches
    return judge(at_most(x, n, p), at_least(x, n, p), confidence)


def exact_interval(
    breaches: int, observations: int, confidence: Fraction | float = 0.95
) -> tuple[float, float]:
    """Two-sided exact confidence interval (low, high) of the coverage.

    For independent observations. Source: Clopper and Pearson, "The use of confidence or
    fiducial limits illustrated in the case of the binomial", Biometrika 26, 1934.
    """
    counts = BreachCounts(observations, breaches)
    return _beta_interval(counts.breaches, counts.observations, confidence)


def interval_of_draws(
    missed_share: Fraction | float, draws: int, confidence: Fraction | float = 0.95
) -> tuple[float, float]:
    """Exact interval (low, high) of the coverage when only ``draws`` observations are independent.

    missed_share: share of all observations that are breaches. The exact interval at the effective
    sample size, with ``missed_share x draws`` breaches, which need not be whole. It is
    conservative where observations of one draw are not all alike. Source: Korn and Graubard,
    Survey Methodology 24, 1998.
    """
    if draws < 1 or not 0 <= missed_share <= 1:
        raise ModelError("draws", "must be at least 1, with a share of breaches from 0 to 1")
    return _beta_interval(float(missed_share * draws), draws, confidence)


def _beta_interval(
    breaches: float, observations: int, confidence: Fraction | float
) -> tuple[float, float]:
    n, x, half = observations, breaches, significance(confidence) / 2
    lowest = float(betaincinv(n - x, x + 1, half)) if x < n else 0.0
    # 1 - half as a float would lose digits, so the tail of the mirrored distribution is used.
    highest = 1.0 - float(betaincinv(x, n - x + 1, half)) if x else 1.0
    return lowest, highest
