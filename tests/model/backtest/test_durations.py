"""The Weibull test: durations by hand, and the likelihood maximised again by scipy."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import chi2

from reporting.model.backtest.durations import Durations, durations, weibull_test
from reporting.model.errors import ModelError


def _series(text):
    return np.array([sign == "1" for sign in text])


@pytest.mark.parametrize(
    ("text", "complete", "censored"),
    [
        ("0010100", [2], [3, 2]),
        ("1001", [3], []),
        ("110", [1], [1]),
        ("0001", [], [4]),
        ("1", [], []),
        ("000", [], []),
    ],
)
def test_durations_by_hand(text, complete, censored):
    found = durations(_series(text))
    assert (found.complete.tolist(), found.censored.tolist()) == (complete, censored)


@given(st.lists(st.booleans(), min_size=1, max_size=80))
def test_durations_fill_the_series(values):
    """They add up to all observations, without the first where that is a breach."""
    assume(any(values))
    found = durations(np.array(values))
    assert found.complete.sum() + found.censored.sum() == len(values) - values[0]
    assert len(found.complete) == sum(values) - 1


def _log_likelihood(log_scale, log_shape, found):
    """As the paper prints it: ln f of the complete, ln S of the censored, a = 1 / scale."""
    a, b = np.exp(-log_scale), np.exp(log_shape)
    d, censored = found.complete, found.censored
    complete = b * np.log(a) + np.log(b) + (b - 1) * np.log(d) - (a * d) ** b
    return float(complete.sum() - ((a * censored) ** b).sum())


def plain(found):
    """Both maxima by a general optimiser over scale and shape: (statistic, shape)."""
    mean = np.concatenate([found.complete, found.censored]).mean()
    options = {"xatol": 1e-9, "fatol": 1e-11, "maxiter": 4_000}
    free = minimize(
        lambda at: -_log_likelihood(at[0], at[1], found),
        np.array([np.log(mean), 0.0]),
        method="Nelder-Mead",
        options=options,
    )
    memoryless = minimize(
        lambda at: -_log_likelihood(at[0], 0.0, found),
        np.array([np.log(mean)]),
        method="Nelder-Mead",
        options=options,
    )
    return 2 * (memoryless.fun - free.fun), float(np.exp(free.x[1]))


lengths = st.lists(st.integers(1, 300), min_size=2, max_size=12)


@given(lengths, st.lists(st.integers(1, 300), max_size=2))
@settings(max_examples=15)
def test_against_a_general_optimiser(complete, censored):
    # With nearly equal durations the maximum is so far out that the optimiser gives up.
    assume(max(complete + censored) > 1.3 * float(np.mean(complete)))
    found = Durations(np.array(complete), np.array(censored, dtype=np.int64))
    test = weibull_test(found)
    statistic, shape = plain(found)
    assert test.verdict.statistic == pytest.approx(statistic, abs=1e-5)
    assert test.shape == pytest.approx(shape, rel=1e-3)
    assert test.verdict.p_value == pytest.approx(chi2.sf(test.verdict.statistic, 1), rel=1e-9)


@given(lengths, st.lists(st.integers(1, 300), max_size=2))
def test_the_fit_is_a_maximum_in_closed_form(complete, censored):
    """The first-order condition of Weibull's shape with censoring, as textbooks print it."""
    every = np.array(complete + censored, dtype=np.float64)
    test = weibull_test(Durations(np.array(complete), np.array(censored, dtype=np.int64)))
    if min(complete) == every.max():
        assert test is None
        return
    weights = (every / every.max()) ** test.shape
    slope = 1 / test.shape + np.log(complete).mean() - (weights @ np.log(every)) / weights.sum()
    assert slope == pytest.approx(0, abs=1e-9)
    assert test.verdict.statistic >= 0


@given(lengths, st.integers(2, 50), st.randoms(use_true_random=False))
def test_neither_units_nor_order_matter(complete, factor, random):
    assume(len(set(complete)) > 1)
    none = np.array([], dtype=np.int64)
    found = weibull_test(Durations(np.array(complete), none))
    shuffled = np.array(random.sample(complete, len(complete)))
    other = weibull_test(Durations(shuffled * factor, none))
    assert other.shape == pytest.approx(found.shape, rel=1e-9)
    assert other.verdict.statistic == pytest.approx(found.verdict.statistic, abs=1e-8)


def test_clusters_have_a_shape_below_one_and_are_rejected():
    """Two bunches of six breaches on end, 200 covered observations between: and the other
    way round, breaches on every twentieth but for one."""
    bunched = _series("0" * 100 + "1" * 6 + "0" * 200 + "1" * 6 + "0" * 100)
    test = weibull_test(durations(bunched))
    assert test.shape < 1 and test.verdict.reject
    regular = _series(("0" * 19 + "1") * 12 + "0" * 21 + "1")
    test = weibull_test(durations(regular))
    assert test.shape > 1 and test.verdict.reject


def test_size_on_series_without_memory():
    """10,000 observations that breach with 1 %: about 5 % of 300 such series are rejected."""
    random = np.random.default_rng(20260101)
    found = [weibull_test(durations(random.random(10_000) < 0.01)) for _ in range(300)]
    rejected = sum(test.verdict.reject for test in found)
    assert 300 * 0.025 < rejected < 300 * 0.10


def test_the_chi_square_law_is_wrong_for_frequent_breaches():
    """As docs/backtests.md says: 400 observations that breach with 20 %, most are rejected."""
    random = np.random.default_rng(20260101)
    cases = [random.random(400) < 0.2 for _ in range(40)]
    assert sum(weibull_test(durations(case)).verdict.reject for case in cases) > 20


@pytest.mark.parametrize("text", ["0000", "0001000", "1001001001", "01", "1", "010010"])
def test_no_answer_where_no_law_fits_best(text):
    """None or one breach; equal durations that none is longer than."""
    assert weibull_test(durations(_series(text))) is None


def test_one_complete_duration_with_a_longer_censored_one_has_an_answer():
    assert weibull_test(durations(_series("000010100000"))) is not None


def test_durations_below_one_are_refused():
    with pytest.raises(ModelError, match="complete"):
        Durations(np.array([0]), np.array([1]))
    with pytest.raises(ModelError, match="censored"):
        Durations(np.array([1]), np.array([[1]]))
