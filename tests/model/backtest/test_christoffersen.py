"""Counts of a series, independence and conditional coverage: by hand and plainly again."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, chi2_contingency

from reporting.model.backtest.christoffersen import conditional_coverage, independence
from reporting.model.backtest.history import BreachCounts, Transitions, breach_counts
from reporting.model.backtest.kupiec import proportion_of_failures
from reporting.model.errors import ModelError

series = st.lists(st.booleans(), min_size=1, max_size=60)


def test_counts_by_hand():
    """0 0 1 1 0 1: 00, 01, 11, 10, 01; the first breach is the third observation."""
    found = breach_counts(np.array([0, 0, 1, 1, 0, 1], dtype=bool))
    assert found == BreachCounts(6, 3, Transitions(n00=1, n01=2, n10=1, n11=1), 3)
    assert breach_counts(np.zeros(2, dtype=bool)) == BreachCounts(2, 0, Transitions(1, 0, 0, 0))


@given(series)
def test_counts_plainly(values):
    found = breach_counts(np.array(values))
    pairs = list(pairwise(values))
    expected = [pairs.count(p) for p in ((0, 0), (0, 1), (1, 0), (1, 1))]
    moved = found.transitions
    assert [moved.n00, moved.n01, moved.n10, moved.n11] == expected
    assert found.breaches == sum(values) and found.observations == len(values)
    assert found.first_breach == (values.index(True) + 1 if any(values) else None)


def test_independence_by_hand():
    """n00 4, n01 1, n10 1, n11 2: a = 1/5, b = 2/3, q = 3/8.

    ln L1 = 4 ln 0.8 + ln 0.2 + ln(1/3) + 2 ln(2/3) = -0.89257 - 1.60944 - 1.09861 - 0.81093
    = -4.41155; ln L0 = 5 ln 0.625 + 3 ln 0.375 = -2.35002 - 2.94249 = -5.29251. LR = 1.76191.
    """
    found = independence(Transitions(4, 1, 1, 2))
    assert found.statistic == pytest.approx(1.76191, abs=2e-5)
    assert found.p_value == pytest.approx(chi2.sf(1.76191, 1), abs=1e-5)
    assert not found.reject


def test_clustered_breaches_are_rejected():
    """100 observations, the ten breaches all in a row: n00 88, n01 1, n10 1, n11 9."""
    assert independence(Transitions(88, 1, 1, 9)).p_value < 1e-9
    assert independence(Transitions(80, 9, 9, 1)).p_value > 0.5


@pytest.mark.parametrize(
    "moved",
    [(9, 0, 0, 0), (8, 1, 0, 0), (0, 0, 0, 9), (0, 0, 1, 8), (0, 0, 0, 0)],
)
def test_nothing_to_compare_is_no_evidence(moved):
    """No breach, one at the end, nothing but breaches, or one observation."""
    found = independence(Transitions(*moved))
    assert (found.statistic, found.p_value, found.reject) == (0, 1, False)


def test_no_covered_after_covered():
    """Strict alternation: n00 = n11 = 0. q = 1/2 of 8: LR = 2 x 8 ln 2 = 11.09."""
    assert independence(Transitions(0, 4, 4, 0)).statistic == pytest.approx(16 * math.log(2))


counts = st.integers(1, 200)


@given(counts, counts, counts, counts)
def test_independence_is_the_g_test_of_the_table(n00, n01, n10, n11):
    """The likelihood ratio of a two by two table, from scipy."""
    found = independence(Transitions(n00, n01, n10, n11))
    table = chi2_contingency([[n00, n01], [n10, n11]], correction=False, lambda_="log-likelihood")
    assert found.statistic == pytest.approx(table.statistic, rel=1e-8, abs=1e-9)
    assert found.p_value == pytest.approx(table.pvalue, rel=1e-6, abs=1e-9)


@given(counts, counts, counts, counts)
def test_independence_has_no_direction(n00, n01, n10, n11):
    """Breaches and covered ones may change places, and time may run backwards."""
    found = independence(Transitions(n00, n01, n10, n11)).statistic
    assert independence(Transitions(n11, n10, n01, n00)).statistic == pytest.approx(found, abs=1e-9)
    assert independence(Transitions(n00, n10, n01, n11)).statistic == pytest.approx(found, abs=1e-9)


@given(series, st.floats(0.5, 0.999))
def test_conditional_coverage_is_the_sum(values, coverage):
    counts = breach_counts(np.array(values))
    both = conditional_coverage(counts, coverage)
    parts = proportion_of_failures(counts, coverage), independence(counts.transitions)
    assert both.statistic == pytest.approx(sum(part.statistic for part in parts))
    assert both.p_value == pytest.approx(chi2.sf(both.statistic, 2))


@given(series, st.randoms(use_true_random=False))
def test_coverage_does_not_hang_on_the_order_of_observations(values, random):
    shuffled = random.sample(values, len(values))
    one, other = (breach_counts(np.array(v)) for v in (values, shuffled))
    assert proportion_of_failures(one, 0.9) == proportion_of_failures(other, 0.9)


@given(series)
def test_every_series_has_counts_that_fit(values):
    found = breach_counts(np.array(values))
    assert BreachCounts(**vars(found)) == found


@pytest.mark.parametrize(
    ("given_counts", "field"),
    [
        ((0, 0), "observations"),
        ((5, 6), "breaches"),
        ((5, -1), "breaches"),
        ((5, 0, None, 1), "first_breach"),
        ((5, 2, None, 5), "first_breach"),
        ((5, 2, None, 0), "first_breach"),
        ((5, 1, Transitions(2, 1, 1, 1)), "transitions"),
        ((5, 1, Transitions(1, 1, 1, 0)), "transitions"),
        ((5, 3, Transitions(2, 1, 1, 0)), "transitions"),
        ((5, 0, Transitions(2, 1, 1, 0)), "transitions"),
        ((5, 3, Transitions(2, 0, 0, 2)), "transitions"),
        ((5, 1, Transitions(2, 1, 1, 0), 1), "first_breach"),
        ((5, 1, Transitions(3, 0, 1, 0), 2), "first_breach"),
        ((6, 3, Transitions(0, 2, 2, 1), 4), "first_breach"),
    ],
)
def test_counts_that_cannot_be_are_refused(given_counts, field):
    with pytest.raises(ModelError) as caught:
        BreachCounts(*given_counts)
    assert caught.value.field == field


def test_other_refusals():
    with pytest.raises(ModelError, match=r"transitions\.n01"):
        Transitions(1, -1, 0, 0)
    with pytest.raises(ModelError, match="breached"):
        breach_counts(np.array([0, 1]))
    with pytest.raises(ModelError, match="transitions"):
        conditional_coverage(BreachCounts(5, 1), 0.99)
