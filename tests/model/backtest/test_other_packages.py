"""The same tests by packages of others, as they answered once.

vartests 0.4.1 and christoffersen-lib 0.1.9, both from PyPI, with scipy 1.17.1, asked on 23
November 2026: ``kupiec_test(x=, n=, risk_conf_level=)``, ``binomial_test`` of the same,
``upper_confidence_limit(x=, n=, conf_level=0.95)["two-sided interval"]``,
``duration_test(series)`` and ``independence_test(series)``. They are no dependency of these tests:
the first needs arch and statsmodels, compiled for one platform each, the second is a course's
exercise. Where they do not agree with us is worked out below and in docs/backtests.md.
"""

import math

import numpy as np
import pytest

from reporting.model.backtest.binomial import exact_binomial, exact_interval
from reporting.model.backtest.christoffersen import independence
from reporting.model.backtest.durations import durations, weibull_test
from reporting.model.backtest.history import BreachCounts, breach_counts
from reporting.model.backtest.kupiec import proportion_of_failures

# breaches, observations, coverage; POF statistic and p-value, binomial p-value, interval of the
# breach rate.
COUNTS = [
    (0, 255, 0.99, 5.12567128528574, 0.023574450485913, 1.0, 0.0, 0.014362061293269883),
    (5, 250, 0.99, 1.956809788230622, 0.1618549171960387, 0.10781237309637494,
     0.006525070002029504, 0.04605357715381729),
    (10, 250, 0.99, 12.955491062356018, 0.0003189845082133835, 0.00025019006874050945,
     0.019345498505264534, 0.0723293554903805),
    (37, 1000, 0.95, 3.895311928005981, 0.048421046686314244, 0.978845167588193,
     0.026182708843737343, 0.05064112305992485),
    (65, 1000, 0.95, 4.3454529587418165, 0.03710789513862098, 0.020749899365538917,
     0.05052030968961793, 0.08210106992137102),
    (3, 3, 0.99, 27.631021115928547, 1.468054059479054e-07, 1.000000000000003e-06,
     0.29240177382128674, 1.0),
]  # fmt: skip

# observations and places of breaches; shape, statistic and p-value of the duration test;
# statistic and p-value of independence.
SERIES = [
    (250, (40, 42, 43, 120, 121, 200), 0.5275559654652915, 3.494124780112628, 0.061586954084586434,
     8.13646857435807, 0.004338369496367234),
    (100, (1, 30, 31, 90), 0.8957637299907703, 0.05412618826493798, 0.8160329213772419,
     2.9880077205077527, 0.08388331231743607),
    (100, (10, 50, 55, 100), 1.6119292703158, 0.8321682697475872, 0.36164629965443473,
     0.25136633774492, 0.6161146360694842),
    (60, (1, 20, 45, 60), 5.34292813419297, 6.830039833743555, 0.008963726618151814,
     0.3215824927263742, 0.5706581732808449),
    (250, (100, 103), 0.31191224917909177, 2.525679140438365, 0.11200654821574353,
     0.03238901789915763, 0.857176519295545),
    (250, (100, 101), 0.24040491185496332, 4.201139012814721, 0.04039683729483888,
     7.493804085225836, 0.006191163235079733),
    (30, (1, 2, 30), 0.7200509689527188, 0.34476844680387764, 0.5570896312231253,
     3.2286191433854623, 0.07236168000524079),
]  # fmt: skip


def series(observations, places):
    found = np.zeros(observations, dtype=bool)
    found[np.array(places) - 1] = True
    return found


@pytest.mark.parametrize("case", COUNTS)
def test_counts_as_vartests(case):
    breaches, observations, coverage, *expected = case
    counts = BreachCounts(observations, breaches)
    failures = proportion_of_failures(counts, coverage)
    lowest, highest = exact_interval(breaches, observations)
    exact = exact_binomial(counts, coverage).p_value
    found = [failures.statistic, failures.p_value, exact, 1 - highest, 1 - lowest]
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-13)


@pytest.mark.parametrize("case", SERIES)
def test_series_as_vartests_and_christoffersen_lib(case):
    observations, places, shape, *expected = case
    given = series(observations, places)
    weibull, alone = weibull_test(durations(given)), independence(breach_counts(given).transitions)
    found = [weibull.verdict.statistic, weibull.verdict.p_value, alone.statistic, alone.p_value]
    assert found == pytest.approx(expected, rel=1e-9)
    # Their search for the shape stops earlier.
    assert weibull.shape == pytest.approx(shape, rel=1e-5)


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
