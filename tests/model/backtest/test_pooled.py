"""Tests on pooled counts are those of one series where there is one, and Z2 that of its sums."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from model.backtest.intervals import coverage_interval
from reporting.model.backtest.binomial import exact_binomial, exact_interval, interval_of_draws
from reporting.model.backtest.christoffersen import conditional_coverage, independence
from reporting.model.backtest.clustered import interval_of_clusters
from reporting.model.backtest.coverage import CoverageItems
from reporting.model.backtest.evidence import Evidence
from reporting.model.backtest.history import Transitions, breach_counts, transitions_after
from reporting.model.backtest.kupiec import proportion_of_failures
from reporting.model.backtest.pooled import PooledCounts, pooled_tests, shortfall_ratio_e9
from reporting.model.backtest.traffic_light import traffic_light
from reporting.model.errors import ModelError

LEVEL = Fraction(99, 100)


def _counts(observations=200, breaches=0, transitions=None, shortfall=0, ratio=0) -> PooledCounts:
    items = CoverageItems(breaches, observations, 0, 0)
    return PooledCounts(items, transitions or Transitions(0, 0, 0, 0), shortfall, ratio)


def _alone(observations: int, **changes) -> Evidence:
    """Every observation has a date and a resolution of its own."""
    return Evidence(*[observations] * 4, **changes)


@given(st.lists(st.booleans(), min_size=100, max_size=140))
def test_one_series_has_the_tests_of_the_series(flags: list[bool]) -> None:
    series = breach_counts(np.array(flags, dtype=bool))
    counts = _counts(series.observations, series.breaches, series.transitions)
    found = pooled_tests(counts, _alone(series.observations), LEVEL)
    assert found.kupiec_p_value == proportion_of_failures(series, LEVEL).p_value
    assert found.independence_statistic == independence(series.transitions).statistic
    assert found.conditional_p_value == conditional_coverage(series, LEVEL).p_value
    assert found.binomial_p_value == exact_binomial(series, LEVEL).p_value
    assert found.zone == traffic_light(series, LEVEL).zone
    interval = exact_interval(series.breaches, series.observations)
    assert (found.lowest_coverage, found.highest_coverage) == interval


@pytest.mark.parametrize(
    ("observations", "pairs", "level", "independent"),
    [(99, 30, False, True), (100, 29, True, False), (100, 30, True, True), (30, 0, False, False)],
)
def test_without_enough_there_is_no_number(observations, pairs, level, independent) -> None:
    """At 99 % one breach is expected of 100 observations; 30 pairs of dates are the least."""
    counts = _counts(observations, 0, Transitions(pairs, 0, 0, 0))
    found = pooled_tests(counts, _alone(observations), LEVEL)
    assert (found.kupiec_statistic is not None, found.zone is not None) == (level, level)
    assert (found.independence_p_value is not None) == independent
    assert (found.conditional_p_value is not None) == (level and independent)
    assert found.binomial_p_value == 1.0
    assert found.lowest_coverage == exact_interval(0, observations)[0]


def _answers(found) -> list:
    names = ("kupiec_p_value", "independence_p_value", "conditional_p_value", "binomial_p_value")
    return [getattr(found, name) for name in (*names, "zone", "z2")]


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(200, 29, 200, 29),
        _alone(200, has_other_horizon=True),
        _alone(200, tests_model=False),
    ],
)
def test_no_verdict_is_no_number(evidence) -> None:
    counts = _counts(200, 5, Transitions(100, 0, 0, 0), 200, 0)
    assert _answers(pooled_tests(counts, evidence, LEVEL)) == [None] * 6


def test_dependent_rows_count_as_draws() -> None:
    """248 rows without a breach give Kupiec -2 x 248 ln 0.99 = 4.985 (p 0.026); on 28 resolutions
    they are -2 x 28 ln 0.99 = 0.563 (p 0.453). At 90 % the same with ln 0.9: 5.900, p 0.0151."""
    counts, evidence = _counts(248), Evidence(248, 42, 28, 42)
    assert _answers(pooled_tests(counts, evidence, LEVEL))[0] is None
    found = pooled_tests(counts, evidence, Fraction(9, 10))
    assert found.kupiec_statistic == pytest.approx(-2 * 28 * math.log(0.9))
    assert found.kupiec_p_value == pytest.approx(0.0151, abs=1e-4)
    assert (found.lowest_coverage, found.highest_coverage) == exact_interval(0, 28)
    # With breaches in proportion: 8 of 248 are 0.903 of 28.
    some = pooled_tests(_counts(248, 8), evidence, Fraction(9, 10))
    ratio = 2 * 28 * (8 / 248 * math.log(8 / 24.8) + 240 / 248 * math.log(240 / 223.2))
    assert some.kupiec_statistic == pytest.approx(ratio)


def test_the_interval_of_draws_is_that_of_the_beta_law() -> None:
    """Clopper and Pearson's limits are quantiles of beta laws, also between whole numbers."""
    low, high = interval_of_draws(Fraction(1, 60), 30)
    assert low == pytest.approx(beta(29.5, 1.5).ppf(0.025))
    assert high == pytest.approx(1 - beta(0.5, 30.5).ppf(0.025))
    assert interval_of_draws(Fraction(1, 10), 30) == pytest.approx(exact_interval(3, 30))
    for share, draws in ((Fraction(1, 2), 0), (2.0, 3)):
        with pytest.raises(ModelError, match="draws"):
            interval_of_draws(share, draws)


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
    assert pooled_tests(_counts(shortfall=99, ratio=10**9), _alone(200), LEVEL).z2 is None
    found = pooled_tests(_counts(shortfall=100, ratio=150 * 10**9), _alone(200), LEVEL)
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
        counts = _counts(1_000, shortfall=len(terms), ratio=sum(terms))
        found = pooled_tests(counts, _alone(1_000), level)
        assert found.z2 == pytest.approx(0, abs=0.01)


def test_nothing_observed_is_refused() -> None:
    with pytest.raises(ModelError, match="observations"):
        pooled_tests(_counts(observations=0), _alone(0), LEVEL)


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
