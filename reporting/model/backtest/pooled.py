"""Tests on counts that are pooled over books and days.

Belongs here: what of an observation is counted, how counts of many days become one, and
what the tests say of them. Single series are in ``history``. Breaches of many books on one
date are one thing that happened: independence is tested between dates, with and without one.

A test without enough observations is None, "not enough", never a number:

- those of the level need 1 / (1 - coverage) observations: with fewer not one breach is to be
  expected;
- independence needs 30 pairs of dates, the least period of a backtest of 17 CFR 39.13(g)(7);
- the exact binomial test and the exact interval are right for any number.
"""

from dataclasses import astuple, dataclass
from fractions import Fraction

from reporting.model.backtest.binomial import exact_binomial, exact_interval
from reporting.model.backtest.christoffersen import independence
from reporting.model.backtest.coverage import CoverageItems
from reporting.model.backtest.history import BreachCounts, Transitions
from reporting.model.backtest.kupiec import proportion_of_failures
from reporting.model.backtest.traffic_light import traffic_light
from reporting.model.backtest.verdicts import Verdict, breach_probability, chi_square
from reporting.model.errors import ModelError
from reporting.units import BPS, MICROS_PER_CENTICENT

LEAST_PAIRS = 30
"""Pairs of dates from which on independence is tested."""

RATIO_SCALE = 10**9
"""Ratios of loss to expected shortfall are added up as whole 1e-9: a sum of floats would hang on
its order."""

_LARGEST_RATIO_E9 = 10**6 * RATIO_SCALE


@dataclass(frozen=True)
class PooledCounts:
    """What is added up over observations.

    items: breaches, observations and uncovered amounts; transitions: between dates with a
    breach in any book and dates without; shortfall_observations: those with an
    expected shortfall above 0; shortfall_ratio_e9: of these, the sum of what each adds to Z2
    (``shortfall_ratio_e9``), in whole 1e-9.
    """

    items: CoverageItems
    transitions: Transitions
    shortfall_observations: int
    shortfall_ratio_e9: int


@dataclass(frozen=True)
class PooledTests:
    """The tests of one pool: statistics as in their modules, None without enough observations."""

    kupiec_statistic: float | None
    kupiec_p_value: float | None
    independence_statistic: float | None
    independence_p_value: float | None
    conditional_statistic: float | None
    conditional_p_value: float | None
    binomial_p_value: float
    zone: str | None
    lowest_coverage: float
    highest_coverage: float
    z2: float | None


def pooled_tests(
    counts: PooledCounts, coverage: Fraction | float, confidence: Fraction | float = 0.95
) -> PooledTests:
    """All tests of a pool against a coverage level; at least one observation.

    lowest_coverage, highest_coverage: the exact interval, as if all observations were
    independent. z2 has the level of each observation's value at risk in its sum, whatever the
    level of coverage is; that says only how many observations are enough for it.
    """
    items = counts.items
    if items.observations < 1:
        raise ModelError("observations", "must be at least 1")
    series = BreachCounts(items.observations, items.breaches)
    failures = independent = both = zone = None
    if enough(items.observations, coverage):
        failures = proportion_of_failures(series, coverage, confidence)
        zone = traffic_light(series, coverage).zone
    if sum(astuple(counts.transitions)) >= LEAST_PAIRS:
        independent = independence(counts.transitions, confidence)
    if failures and independent:
        both = chi_square(failures.statistic + independent.statistic, 2, confidence)
    lowest, highest = exact_interval(items.breaches, items.observations, confidence)
    return PooledTests(
        *_numbers(failures),
        *_numbers(independent),
        *_numbers(both),
        binomial_p_value=exact_binomial(series, coverage, confidence).p_value,
        zone=zone,
        lowest_coverage=lowest,
        highest_coverage=highest,
        z2=_z2(counts, coverage),
    )


def shortfall_ratio_e9(
    loss_micros: int,
    value_at_risk_centicents: int,
    expected_shortfall_centicents: int,
    tail_bps: int,
) -> int | None:
    """What an observation adds to Z2: loss over expected shortfall and over the chance of a loss
    above the value at risk where there is one, else 0, in whole 1e-9, rounded down.

    tail_bps: that chance, 1 less the level at which value at risk and expected shortfall were
    taken. Under a right model the mean is 1 at any level, so that observations of more than one
    level may be added up. None where no loss is expected, so that there is nothing to divide by.
    At most a million: that says all that there is to say.
    """
    if not 0 < tail_bps < BPS:
        raise ModelError("tail_bps", f"must lie between 0 and {BPS}, both excluded")
    expected = expected_shortfall_centicents * MICROS_PER_CENTICENT
    if expected <= 0:
        return None
    if loss_micros <= value_at_risk_centicents * MICROS_PER_CENTICENT:
        return 0
    ratio = loss_micros * RATIO_SCALE * BPS // (expected * tail_bps)
    return min(ratio, _LARGEST_RATIO_E9)


def enough(observations: int, coverage: Fraction | float) -> bool:
    """Whether so many observations let at least one breach be expected."""
    return observations * breach_probability(coverage) >= 1 - 1e-9


def _numbers(verdict: Verdict | None) -> tuple[float, float] | tuple[None, None]:
    return (verdict.statistic, verdict.p_value) if verdict else (None, None)


def _z2(counts: PooledCounts, coverage: Fraction | float) -> float | None:
    if not enough(counts.shortfall_observations, coverage):
        return None
    return 1.0 - counts.shortfall_ratio_e9 / RATIO_SCALE / counts.shortfall_observations
