"""Christoffersen's tests of independence and of conditional coverage.

Source: P. Christoffersen, "Evaluating interval forecasts", International Economic Review
39(4), 1998.
"""

from fractions import Fraction

from reporting.model.backtest.history import BreachCounts, Transitions
from reporting.model.backtest.kupiec import proportion_of_failures
from reporting.model.backtest.verdicts import Verdict, chi_square, log_likelihood_gain
from reporting.model.errors import ModelError


def independence(transitions: Transitions, confidence: Fraction | float = 0.95) -> Verdict:
    """First-order independence: chi-square with one degree.

    LR = 2 ln [ (1-a)^n00 a^n01 (1-b)^n10 b^n11 / ((1-q)^(n00+n10) q^(n01+n11)) ], with
    a = n01 / (n00+n01), b = n11 / (n10+n11), q = (n01+n11) / all. LR is 0 if no observation
    follows a breach, or none follows a covered observation.
    """
    t = transitions
    after_covered, after_breach = t.n00 + t.n01, t.n10 + t.n11
    total = after_covered + after_breach
    if not (after_covered and after_breach):
        return chi_square(0.0, 1, confidence)
    covered, breached = (t.n00 + t.n10) / total, (t.n01 + t.n11) / total
    gain = (
        log_likelihood_gain(t.n00, t.n00 / after_covered, covered)
        + log_likelihood_gain(t.n01, t.n01 / after_covered, breached)
        + log_likelihood_gain(t.n10, t.n10 / after_breach, covered)
        + log_likelihood_gain(t.n11, t.n11 / after_breach, breached)
    )
    return chi_square(2 * gain, 1, confidence)


def conditional_coverage(
    counts: BreachCounts, coverage: Fraction | float, confidence: Fraction | float = 0.95
) -> Verdict:
    """Joint test: the sum of the POF and independence statistics, two degrees of freedom.

    POF uses all observations. The paper excludes the first, because no transition leads to it;
    the difference is one observation. Raises ModelError without transitions.
    """
    if counts.transitions is None:
        raise ModelError("transitions", "are needed")
    coverage_part = proportion_of_failures(counts, coverage, confidence)
    independence_part = independence(counts.transitions, confidence)
    return chi_square(coverage_part.statistic + independence_part.statistic, 2, confidence)
