"""The same tests by packages of others: vartests is asked, christoffersen-lib was.

christoffersen-lib 0.1.9 from PyPI was asked on 23 November 2026, ``independence_test(series)``; it
is a course's exercise and no dependency, and independence is held against scipy's contingency
tables in test_christoffersen.py. Where packages do not agree with us is worked out below and in
docs/backtests.md.
"""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reporting.model.backtest.binomial import exact_binomial, exact_interval
from reporting.model.backtest.christoffersen import independence
from reporting.model.backtest.durations import durations, weibull_test
from reporting.model.backtest.history import BreachCounts, breach_counts
from reporting.model.backtest.kupiec import proportion_of_failures

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def vartests():
    """Imported where it is asked: that takes seconds."""
    import vartests

    return vartests


# observations and places of breaches; statistic and p-value of independence.
SERIES = [
    (250, (40, 42, 43, 120, 121, 200), 8.13646857435807, 0.004338369496367234),
    (100, (1, 30, 31, 90), 2.9880077205077527, 0.08388331231743607),
    (100, (10, 50, 55, 100), 0.25136633774492, 0.6161146360694842),
    (60, (1, 20, 45, 60), 0.3215824927263742, 0.5706581732808449),
    (250, (100, 103), 0.03238901789915763, 0.857176519295545),
    (250, (100, 101), 7.493804085225836, 0.006191163235079733),
    (30, (1, 2, 30), 3.2286191433854623, 0.07236168000524079),
]


def series(observations, places):
    found = np.zeros(observations, dtype=bool)
    found[np.array(places) - 1] = True
    return found


@st.composite
def counts(draw):
    observations = draw(st.integers(1, 2_000))
    breached = draw(st.integers(0, min(observations, 60)) | st.just(observations))
    return breached, observations, draw(st.sampled_from((0.9, 0.95, 0.975, 0.99, 0.995)))


@given(case=counts())
@example(case=(0, 255, 0.99))
@example(case=(5, 250, 0.99))
@example(case=(10, 250, 0.99))
@example(case=(37, 1_000, 0.95))
@example(case=(65, 1_000, 0.95))
@example(case=(3, 3, 0.99))
def test_counts_as_vartests(vartests, case):
    breached, observations, coverage = case
    given_counts = BreachCounts(observations, breached)
    failures = proportion_of_failures(given_counts, coverage)
    lowest, highest = exact_interval(breached, observations)
    exact = exact_binomial(given_counts, coverage).p_value
    asked = {"x": breached, "n": observations}
    theirs = vartests.kupiec_test(**asked, risk_conf_level=coverage)
    rate = vartests.upper_confidence_limit(**asked, conf_level=0.95)["two-sided interval"]
    expected = [
        theirs["statistic"],
        theirs["p-value"],
        vartests.binomial_test(**asked, risk_conf_level=coverage)["p-value"],
        *rate,
    ]
    found = [failures.statistic, failures.p_value, exact, 1 - highest, 1 - lowest]
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-13)


@st.composite
def breaches(draw):
    observations = draw(st.integers(2, 300))
    return observations, draw(st.sets(st.integers(1, observations), min_size=1, max_size=12))


@given(case=breaches())
def test_durations_as_vartests(vartests, case):
    """Where its shape is at the end of its range, 10 or close to nothing, ours is the likelier."""
    observations, places = case
    given_series = series(observations, sorted(places))
    theirs = vartests.duration_test(given_series.astype(int))
    found = weibull_test(durations(given_series))
    if math.isnan(theirs["statistic"]):
        assert found is None
    elif not 0.01 < theirs["weibull shape (b)"] < 9.99:
        assert found is None or found.verdict.statistic > theirs["statistic"] - 1e-8
    else:
        assert found.verdict.statistic == pytest.approx(theirs["statistic"], rel=1e-9, abs=1e-10)
        # Near a statistic of 0 the p-value moves with its root.
        assert found.verdict.p_value == pytest.approx(theirs["p-value"], rel=1e-8)
        # Its search for the shape stops earlier.
        assert found.shape == pytest.approx(theirs["weibull shape (b)"], rel=1e-5)


@pytest.mark.parametrize("case", SERIES)
def test_series_as_vartests_and_christoffersen_lib(vartests, case):
    observations, places, *expected = case
    given_series = series(observations, places)
    theirs = vartests.duration_test(given_series.astype(int))
    weibull = weibull_test(durations(given_series))
    alone = independence(breach_counts(given_series).transitions)
    found = [weibull.verdict.statistic, weibull.verdict.p_value, alone.statistic, alone.p_value]
    expected = [theirs["statistic"], theirs["p-value"], *expected]
    assert found == pytest.approx(expected, rel=1e-9)
    assert weibull.shape == pytest.approx(theirs["weibull shape (b)"], rel=1e-5)


def test_a_shape_above_ten_where_vartests_stops():
    """Breaches 50, 51 and 49 apart, 50 before and 50 after. vartests looks up to shape 10 only:
    statistic 13.7652. ln L, in units of 51, is 3 ln(b / sum of d^b) + b (sum of ln d), complete
    ones in the last sum: ln(50/51) + ln(49/51) = -0.0598079. At b = 1: 3 ln(51/250) - 0.0598079 =
    -4.828708. At b = 83: 3 (50/51)^83 + 1 + (49/51)^83 = 1.615988; 3 ln(83 / 1.615988) - 4.964056 =
    6.852662. So the ratio is at least 2 (6.852662 + 4.828708) = 23.36274."""
    found = weibull_test(durations(series(250, (50, 100, 151, 200))))
    assert 23.3627 < found.verdict.statistic < 23.363
    assert found.shape == pytest.approx(83.44, abs=0.01)


def test_no_best_shape_where_vartests_has_one():
    """Breaches on the 1st, 125th and 249th of 250: complete 124 and 124, the longest of all, and 1
    after. In units of 124 ln L is 2 ln(b / (2 + 124^-b)), which rises with b for ever. vartests
    answers with its bound, 10: shape 10, statistic 9.2264."""
    given = series(250, (1, 125, 249))

    def log_likelihood(b):
        return 2 * math.log(b / (2 + 124.0**-b))

    assert 2 * (log_likelihood(10) - log_likelihood(1)) == pytest.approx(9.2264, abs=1e-4)
    assert log_likelihood(1_000) > log_likelihood(100) > log_likelihood(10)
    assert weibull_test(durations(given)) is None


def test_likelihoods_that_underflow_where_christoffersen_lib_gives_up():
    """Every seventh of 5,000 days from the first, 715 breaches: n00 = 3,570, n01 = 714, n10 = 715,
    n11 = 0. With a = 714/4,284 and q = 714/4,999, 2 [n00 ln(1-a) + n01 ln a - (n00 + n10) ln(1-q) -
    n01 ln q] = 239.42. christoffersen-lib multiplies the likelihoods themselves, which is 0 / 0 in
    floats, and answers 0 and a p-value of 1."""
    counts = breach_counts(np.arange(5_000) % 7 == 0)
    a, q = 714 / 4_284, 714 / 4_999
    apart = 3_570 * math.log(1 - a) + 714 * math.log(a)
    together = 4_285 * math.log(1 - q) + 714 * math.log(q)
    found = independence(counts.transitions)
    assert found.statistic == pytest.approx(2 * (apart - together), rel=1e-9)
    assert found.statistic == pytest.approx(239.4225, abs=1e-4)
    assert found.reject
