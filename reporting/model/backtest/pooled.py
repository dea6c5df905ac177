"""Tests on counts pooled over books and days.

Belongs here: the pooled counts and their tests; ``history`` has single series. Breaches of many
books on one date are a single occurrence, so independence is tested between dates with and
without a breach.

A test is None ("not enough"), never a number, where ``evidence`` allows no verdict. Besides:

- tests of the level and Z2 need 1 / (1 - coverage) draws; fewer would not give one expected breach;
- independence needs 30 pairs of dates, the minimum backtest period of 17 CFR 39.13(g)(7);
- the exact interval is valid for any number of draws.
"""

from dataclasses import astuple, dataclass
from fractions import Fraction

from reporting.model.backtest.binomial import at_least, interval_of_draws
from reporting.model.backtest.christoffersen import independence
from reporting.model.backtest.coverage import CoverageItems
from reporting.model.backtest.evidence import MIN_DATES, Evidence, why_no_verdict
from reporting.model.backtest.history import BreachCounts, Transitions
from reporting.model.backtest.kupiec import proportion_of_failures
from reporting.model.backtest.traffic_light import zone_of_draws
from reporting.model.backtest.verdicts import Verdict, breach_probability, chi_square
from reporting.model.errors import ModelError
from reporting.units import BPS, MICROS_PER_CENTICENT

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
    """The tests of a pool: statistics as in their modules, None where there is no verdict, and
    without enough draws.

    lowest_coverage, highest_coverage: exact interval with as many observations as draws.
    """

    kupiec_statistic: float | None
    kupiec_p_value: float | None
    independence_statistic: float | None
    independence_p_value: float | None
    conditional_statistic: float | None
    conditional_p_value: float | None
    binomial_p_value: float | None
    zone: str | None
    lowest_coverage: float
    highest_coverage: float
    z2: float | None


def pooled_tests(
    counts: PooledCounts,
    evidence: Evidence,
    coverage: Fraction | float,
    confidence: Fraction | float = 0.95,
) -> PooledTests:
    """All tests of a pool against a target coverage. Raises ModelError without observations.

    Tests of the level count draws, not observations: their sample is the number of draws with the
    observed share of breaches, which is the plain test where all observations are independent.
    z2 uses the level of each observation's own value at risk; the coverage only decides whether
    there are enough draws for it.
    """
    items, draws = counts.items, evidence.draws
    if items.observations < 1:
        raise ModelError("observations", "must be at least 1")
    share = Fraction(items.breaches, items.observations)
    may_judge = not why_no_verdict(evidence)
    failures = independent = both = zone = p_value = z2 = None
    if may_judge and enough(draws, coverage):
        failures = _failures_of_draws(items, draws, coverage, confidence)
        zone = zone_of_draws(float(share), draws, coverage)
        z2 = _z2(counts, coverage)
    if may_judge:
        p_value = at_least(float(share * draws), draws, breach_probability(coverage))
    if may_judge and sum(astuple(counts.transitions)) >= MIN_DATES:
        independent = independence(counts.transitions, confidence)
    if failures and independent:
        both = chi_square(failures.statistic + independent.statistic, 2, confidence)
    lowest, highest = interval_of_draws(share, draws, confidence)
    return PooledTests(
        *_numbers(failures),
        *_numbers(independent),
        *_numbers(both),
        binomial_p_value=p_value,
        zone=zone,
        lowest_coverage=lowest,
        highest_coverage=highest,
        z2=z2,
    )


def _failures_of_draws(
    items: CoverageItems, draws: int, coverage: Fraction | float, confidence: Fraction | float
) -> Verdict:
    """Kupiec's test of as many draws with the same share of breaches.

    The likelihood ratio is proportional to the number of observations. Source of the correction: J.
    Rao, A. Scott, Annals of Statistics 12, 1984; the design effect is at its maximum, as if all
    observations of a draw were one.
    """
    whole = proportion_of_failures(BreachCounts(items.observations, items.breaches), coverage)
    return chi_square(whole.statistic * (draws / items.observations), 1, confidence)


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
