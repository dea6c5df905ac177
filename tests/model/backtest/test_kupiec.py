"""Kupiec's two tests: against his published tables, by hand, and against scipy."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, chi2

from reporting.model.backtest.history import BreachCounts
from reporting.model.backtest.kupiec import proportion_of_failures, time_until_first_failure
from reporting.model.errors import ModelError

PUBLISHED = {
    ("0.99", 255): (None, 7),
    ("0.99", 510): (1, 11),
    ("0.99", 1000): (4, 17),
    ("0.975", 255): (2, 12),
    ("0.975", 510): (6, 21),
    ("0.975", 1000): (15, 36),
    ("0.95", 255): (6, 21),
    ("0.95", 510): (16, 36),
    ("0.95", 1000): (37, 65),
    ("0.925", 255): (11, 28),
    ("0.925", 510): (27, 51),
    ("0.925", 1000): (59, 92),
    ("0.90", 255): (16, 36),
    ("0.90", 510): (38, 65),
    ("0.90", 1000): (81, 120),
}
"""Kupiec (1995), non-rejection regions for the number of failures at 95 %: both ends are
rejected. The first, N < 7, has no lower end."""


def pof(breaches, observations, coverage, confidence=0.95):
    return proportion_of_failures(BreachCounts(observations, breaches), coverage, confidence)


@pytest.mark.parametrize(("case", "region"), PUBLISHED.items())
def test_published_regions_of_the_number_of_failures(case, region):
    coverage, observations = Fraction(case[0]), case[1]
    kept = [x for x in range(observations + 1) if not pof(x, observations, coverage).reject]
    lowest, highest = region
    # Where the table has no lower end, no failure at all is the one entry that the formula
    # rejects: -2 x 255 x ln 0.99 = 5.13 is above 3.84 (docs/backtests.md).
    first = 1 if lowest is None else lowest + 1
    assert kept == list(range(first, highest))


def test_no_breach_is_the_limit_of_the_ratio():
    """-2 x 255 x ln 0.99 = 510 x 0.01005034 = 5.12567; p = P(chi2 > 5.12567) = 0.0236."""
    found = pof(0, 255, Fraction("0.99"))
    assert found.statistic == pytest.approx(5.12567, abs=1e-5)
    assert found.p_value == pytest.approx(0.0236, abs=5e-5)
    assert found.reject and not pof(0, 255, Fraction("0.99"), Fraction("0.99")).reject
    assert not pof(0, 191, Fraction("0.99")).reject and pof(0, 192, Fraction("0.99")).reject


def test_nothing_but_breaches():
    """-2 x 3 x ln 0.01 = 6 x 4.60517 = 27.631."""
    assert pof(3, 3, Fraction("0.99")).statistic == pytest.approx(27.63102, abs=1e-5)


@given(st.integers(1, 3_000), st.floats(0.001, 0.999), st.data())
def test_pof_is_the_ratio_of_binomial_likelihoods(observations, coverage, data):
    """scipy's binomial and chi-square as oracle."""
    breaches = data.draw(st.integers(0, observations))
    found = pof(breaches, observations, coverage)
    fitted = binom.logpmf(breaches, observations, breaches / observations)
    expected = 2 * (fitted - binom.logpmf(breaches, observations, 1 - coverage))
    assert found.statistic == pytest.approx(expected, rel=1e-8, abs=1e-7)
    assert found.p_value == pytest.approx(chi2.sf(found.statistic, 1), rel=1e-9, abs=1e-300)
    assert found.reject == (found.p_value < 1 - 0.95)


@given(st.integers(2, 2_000), st.floats(0.01, 0.99))
def test_pof_falls_to_the_promised_share_and_rises_beyond(observations, coverage):
    statistics = [pof(x, observations, coverage).statistic for x in range(observations + 1)]
    promised = observations * (1 - coverage)
    for x in range(observations):
        if x + 1 <= promised:
            assert statistics[x] >= statistics[x + 1]
        if x >= promised:
            assert statistics[x] <= statistics[x + 1]


def test_published_region_of_the_first_failure():
    """Kupiec (1995): at p = 0.01 first failures after 6 and before 439 do not reject."""
    found = [v for v in range(1, 1_000) if not time_until_first_failure(v, 0.99).reject]
    assert found == list(range(7, 439))


def test_first_failure_by_hand():
    """At once: 2 ln(1 / 0.01) = 9.2103. On the 100th: (1/100)(0.99)^99 is the model: 0."""
    assert time_until_first_failure(1, 0.99).statistic == pytest.approx(9.21034, abs=1e-5)
    assert time_until_first_failure(100, 0.99).statistic == pytest.approx(0, abs=1e-12)


@given(st.integers(2, 10**6), st.floats(0.001, 0.999))
def test_first_failure_against_the_formula_as_printed(v, coverage):
    p = 1 - coverage
    assumed = math.log(p) + (v - 1) * math.log1p(-p)
    fitted = -math.log(v) + (v - 1) * math.log1p(-1 / v)
    found = time_until_first_failure(v, coverage)
    assert found.statistic == pytest.approx(2 * (fitted - assumed), rel=1e-7, abs=1e-7)
    assert found.p_value == pytest.approx(chi2.sf(found.statistic, 1), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize(
    ("coverage", "confidence", "field"),
    [(1, 0.95, "coverage"), (0, 0.95, "coverage"), (0.99, 1, "confidence"),
     (0.99, 0, "confidence"), (math.nan, 0.95, "coverage"),
     (1 - Fraction(1, 10**400), 0.95, "coverage")],
)  # fmt: skip
def test_levels_outside_are_refused(coverage, confidence, field):
    with pytest.raises(ModelError) as caught:
        pof(1, 10, coverage, confidence)
    assert caught.value.field == field


def test_a_first_failure_before_the_first_observation_is_refused():
    with pytest.raises(ModelError, match="first_breach"):
        time_until_first_failure(0, 0.99)
