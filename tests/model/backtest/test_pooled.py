"""Tests on pooled counts are those of one series where there is one, and Z2 that of its sums."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.backtest.intervals import coverage_interval
from reporting.model.backtest.binomial import exact_binomial, exact_interval
from reporting.model.backtest.christoffersen import conditional_coverage, independence
from reporting.model.backtest.clustered import interval_of_clusters
from reporting.model.backtest.coverage import CoverageItems
from reporting.model.backtest.history import Transitions, breach_counts, transitions_after
from reporting.model.backtest.kupiec import proportion_of_failures
from reporting.model.backtest.pooled import PooledCounts, pooled_tests, shortfall_ratio_e9
from reporting.model.backtest.traffic_light import traffic_light
from reporting.model.errors import ModelError

LEVEL = Fraction(99, 100)


def _counts(observations=200, breaches=0, transitions=None, shortfall=0, ratio=0) -> PooledCounts:
    items = CoverageItems(breaches, observations, 0, 0)
    return PooledCounts(items, transitions or Transitions(0, 0, 0, 0), shortfall, ratio)


@given(st.lists(st.booleans(), min_size=100, max_size=140))
def test_one_series_has_the_tests_of_the_series(flags: list[bool]) -> None:
    series = breach_counts(np.array(flags, dtype=bool))
    found = pooled_tests(_counts(series.observations, series.breaches, series.transitions), LEVEL)
    assert found.kupiec_p_value == proportion_of_failures(series, LEVEL).p_value
    assert found.independence_statistic == independence(series.transitions).statistic
    assert found.conditional_p_value == conditional_coverage(series, LEVEL).p_value
    assert found.binomial_p_value == exact_binomial(series, LEVEL).p_value
    assert found.zone == traffic_light(series, LEVEL).zone
    interval = exact_interval(series.breaches, series.observations)
    assert (found.lowest_coverage, found.highest_coverage) == interval


@pytest.mark.parametrize(
    ("observations", "pairs", "level", "independent"),
    [(99, 30, False, True), (100, 29, True, False), (100, 30, True, True), (1, 0, False, False)],
)
def test_without_enough_there_is_no_number(observations, pairs, level, independent) -> None:
    """At 99 % one breach is expected of 100 observations; 30 pairs of dates are the least."""
    found = pooled_tests(_counts(observations, 0, Transitions(pairs, 0, 0, 0)), LEVEL)
    assert (found.kupiec_statistic is not None, found.zone is not None) == (level, level)
    assert (found.independence_p_value is not None) == independent
    assert (found.conditional_p_value is not None) == (level and independent)
    assert found.binomial_p_value == 1.0
    assert found.lowest_coverage == exact_interval(0, observations)[0]


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.integers(1, 6))
def test_transitions_after_a_lag_are_those_of_as_many_series(flags: list[bool], lag: int) -> None:
    found = transitions_after(flags, lag)
    parts = [
        breach_counts(np.array(flags[start::lag])).transitions
        for start in range(lag)
        if flags[start::lag]
    ]
    for name in ("n00", "n01", "n10", "n11"):
        assert getattr(found, name) == sum(getattr(part, name) for part in parts)


def test_z2_needs_an_expected_breach() -> None:
    """99 observations at 99 % expect 0.99 breaches, 100 expect one: one of 1.5 times the
    expected shortfall, 150 over a chance of 1 %, gives 1 - 150 / 100."""
    assert pooled_tests(_counts(shortfall=99, ratio=10**9), LEVEL).z2 is None
    found = pooled_tests(_counts(shortfall=100, ratio=150 * 10**9), LEVEL)
    assert found.z2 == pytest.approx(-0.5)


@pytest.mark.parametrize("tails", [(100,), (250,), (50, 100, 250, 1_000)])
def test_z2_of_a_right_model_is_0_whatever_the_coverage_is(tails: tuple[int, ...]) -> None:
    """Losses at the middles of 4,000 equal shares of an exponential law of mean 1,000 centicents:
    value at risk at a tail t is -ln t, expected shortfall 1 - ln t (it has no memory)."""
    shares = (np.arange(4_000) + 0.5) / 4_000
    losses = (-np.log(shares) * 100_000).astype(np.int64).tolist()
    terms = []
    for tail in tails:
        at_risk = -np.log(tail / 10_000) * 1_000
        terms += [
            shortfall_ratio_e9(loss, round(at_risk), round(1_000 + at_risk), tail)
            for loss in losses
        ]
    for level in (Fraction(95, 100), LEVEL, Fraction(999, 1_000)):
        found = pooled_tests(_counts(shortfall=len(terms), ratio=sum(terms)), level)
        assert found.z2 == pytest.approx(0, abs=0.01)


def test_nothing_observed_is_refused() -> None:
    with pytest.raises(ModelError, match="observations"):
        pooled_tests(_counts(observations=0), LEVEL)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=6))
def test_clusters_may_be_counted_first(clusters: list[tuple[int, int]]) -> None:
    observed = np.array([seen for seen, _ in clusters])
    missed = np.array([min(pair) for pair in clusters])
    place = np.repeat(np.arange(len(clusters)), observed)
    first = np.concatenate([np.arange(seen) for seen in observed])
    whole = coverage_interval(first < missed[place], place, 3, 99)
    assert interval_of_clusters(observed, missed, 3, 99) == whole


@pytest.mark.parametrize(
    ("observed", "missed", "field"),
    [([], [], "observed"), ([0], [0], "observed"), ([2], [3], "missed")],
)
def test_counts_that_cannot_be(observed, missed, field) -> None:
    with pytest.raises(ModelError, match=field):
        interval_of_clusters(np.array(observed, int), np.array(missed, int), 1, 99)


@pytest.mark.parametrize(
    ("loss", "value_at_risk", "expected_shortfall", "ratio"),
    [
        (10_060, 90, 100, 100_600_000_000),
        # At the value at risk is not above it.
        (9_000, 90, 100, 0),
        (9_001, 90, 100, 90_010_000_000),
        # 10,005 micros of one centicent: 100.05 times; of seven, rounded down; a million at most.
        (10_005, 0, 1, 10_005_000_000_000),
        (10_005, 0, 7, 1_429_285_714_285),
        (10**17, 0, 1, 10**15),
        (10_005, 0, 0, None),
        (10_005, -60, -50, None),
        # A gain that is smaller than the least gain expected.
        (-100, -2, 100, -1_000_000_000),
    ],
)
def test_ratio_of_a_loss_to_what_was_expected(
    loss, value_at_risk, expected_shortfall, ratio
) -> None:
    """Micros over centicents of 100 micros each and over 1 %, in 1e-9."""
    assert shortfall_ratio_e9(loss, value_at_risk, expected_shortfall, 100) == ratio


def test_the_ratio_is_of_its_own_level() -> None:
    """1.006 over 2.5 % is 40.24; a level has a tail."""
    assert shortfall_ratio_e9(10_060, 90, 100, 250) == 40_240_000_000
    for tail in (0, 10_000):
        with pytest.raises(ModelError, match="tail_bps"):
            shortfall_ratio_e9(10_060, 90, 100, tail)
