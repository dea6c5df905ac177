"""Tests on counts that are pooled over books and days.

Belongs here: what of an observation is counted, how counts of many days become one, and
what the tests say of them. Single series are in ``history``. Breaches of many books on one
date are one thing that happened: independence is tested between dates, with and without one.
"""

from dataclasses import dataclass
from fractions import Fraction

from reporting.model.backtest.binomial import exact_binomial, exact_interval
from reporting.model.backtest.christoffersen import independence
from reporting.model.backtest.coverage import CoverageItems
from reporting.model.backtest.history import BreachCounts, Transitions
from reporting.model.backtest.kupiec import proportion_of_failures
from reporting.model.backtest.traffic_light import traffic_light
from reporting.model.backtest.verdicts import breach_probability, chi_square
from reporting.model.errors import ModelError

RATIO_SCALE = 10**9
"""Ratios of loss to expected shortfall are added up as whole 1e-9."""


@dataclass(frozen=True)
class PooledCounts:
    """What is added up over observations.

    items: breaches, observations and uncovered amounts; transitions: between dates with a
    breach in any book and dates without; shortfall_observations: those with an
    expected shortfall above 0; shortfall_ratio_e9: of these, loss over expected shortfall
    where the loss is above the value at risk, in whole 1e-9.
    """

    items: CoverageItems
    transitions: Transitions
    shortfall_observations: int
    shortfall_ratio_e9: int


@dataclass(frozen=True)
class PooledTests:
    """The tests of one pool: statistics as in their modules, z2 None with too few observations."""

    kupiec_statistic: float
    kupiec_p_value: float
    independence_statistic: float
    independence_p_value: float
    conditional_statistic: float
    conditional_p_value: float
    binomial_p_value: float
    zone: str
    lowest_coverage: float
    highest_coverage: float
    z2: float | None


def pooled_tests(
    counts: PooledCounts, coverage: Fraction | float, confidence: Fraction | float = 0.95
) -> PooledTests:
    """All tests of a pool against a coverage level; at least one observation.

    lowest_coverage, highest_coverage: the exact interval, as if all observations were
    independent. z2 is taken at the level of coverage, from 1 / (1 - coverage) observations on:
    with fewer not one breach is to be expected.
    """
    items = counts.items
    if items.observations < 1:
        raise ModelError("observations", "must be at least 1")
    series = BreachCounts(items.observations, items.breaches)
    failures = proportion_of_failures(series, coverage, confidence)
    independent = independence(counts.transitions, confidence)
    both = chi_square(failures.statistic + independent.statistic, 2, confidence)
    lowest, highest = exact_interval(items.breaches, items.observations, confidence)
    return PooledTests(
        kupiec_statistic=failures.statistic,
        kupiec_p_value=failures.p_value,
        independence_statistic=independent.statistic,
        independence_p_value=independent.p_value,
        conditional_statistic=both.statistic,
        conditional_p_value=both.p_value,
        binomial_p_value=exact_binomial(series, coverage, confidence).p_value,
        zone=traffic_light(series, coverage).zone,
        lowest_coverage=lowest,
        highest_coverage=highest,
        z2=_z2(counts, coverage),
    )


def _z2(counts: PooledCounts, coverage: Fraction | float) -> float | None:
    expected = counts.shortfall_observations * breach_probability(coverage)
    if expected < 1 - 1e-9:
        return None
    return 1.0 - counts.shortfall_ratio_e9 / RATIO_SCALE / expected
