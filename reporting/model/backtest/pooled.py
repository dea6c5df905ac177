"""Tests on counts pooled over books and days.

Belongs here: the pooled counts and their tests; ``history`` has single series. Breaches of many
books on one date are a single occurrence, so independence is tested between dates with and
without a breach.

A test without enough observations is None ("not enough"), never a number:

- tests of the level need 1 / (1 - coverage) observations; fewer would not give one expected
  breach;
- independence needs 30 pairs of dates, the minimum backtest period of 17 CFR 39.13(g)(7);
- the exact binomial test and the exact interval are valid for any number.
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

MIN_PAIRS = 30
"""Minimum number of pairs of dates for the independence test."""

RATIO_SCALE = 10**9
"""Ratios of loss to expected shortfall are integers of 1e-9; float sums depend on their order."""

_MAX_RATIO_E9 = 10**6 * RATIO_SCALE


@dataclass(frozen=True)
class PooledCounts:
    """Counts summed over observations.

    items: breaches, observations and uncovered amounts; transitions: between dates with a
    breach in any book and dates without; shortfall_observations: observations with an expected
    shortfall above 0; shortfall_ratio_e9: sum of their ``shortfall_ratio_e9``.
    """

    items: CoverageItems
    transitions: Transitions
    shortfall_observations: int
    shortfall_ratio_e9: int


@dataclass(frozen=True)
class PooledTests:
    """The tests of a pool: statistics as in their modules, None without enough observations."""

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
    """All tests of a pool against a target coverage. Raises ModelError without observations.

    lowest_coverage, highest_coverage: exact interval that treats observations as independent.
    z2 uses the level of each observation's own value at risk; the coverage only decides whether
    there are enough observations for it.
    """
    items = counts.items
    if items.observations < 1:
        raise ModelError("observations", "must be at least 1")
    series = BreachCounts(items.observations, items.breaches)
    failures = independent = both = zone = None
    if enough(items.observations, coverage):
        failures = proportion_of_failures(series, coverage, confidence)
        zone = traffic_light(series, coverage).zone
    if sum(astuple(counts.transitions)) >= MIN_PAIRS:
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
    """Contribution of an observation to Z2, in integers of 1e-9, rounded down.

    The contribution is loss / (expected shortfall x tail probability) for a loss above the value
    at risk, else 0. tail_bps: tail probability, 1 less the level of value at risk and expected
    shortfall. Under a correct model the mean is 1 at any level, so observations of different
    levels can be added. None if the expected shortfall is not positive. Capped at a million.
    """
    if not 0 < tail_bps < BPS:
        raise ModelError("tail_bps", f"must lie between 0 and {BPS}, both excluded")
    expected = expected_shortfall_centicents * MICROS_PER_CENTICENT
    if expected <= 0:
        return None
    if loss_micros <= value_at_risk_centicents * MICROS_PER_CENTICENT:
        return 0
    ratio = loss_micros * RATIO_SCALE * BPS // (expected * tail_bps)
    return min(ratio, _MAX_RATIO_E9)


def enough(observations: int, coverage: Fraction | float) -> bool:
    """Whether at least one breach is expected in this many observations."""
    return observations * breach_probability(coverage) >= 1 - 1e-9


def _numbers(verdict: Verdict | None) -> tuple[float, float] | tuple[None, None]:
    return (verdict.statistic, verdict.p_value) if verdict else (None, None)


def _z2(counts: PooledCounts, coverage: Fraction | float) -> float | None:
    if not enough(counts.shortfall_observations, coverage):
        return None
    return 1.0 - counts.shortfall_ratio_e9 / RATIO_SCALE / counts.shortfall_observations
