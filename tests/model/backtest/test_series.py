"""All tests of a group are those of the modules, where there is enough for them."""

from fractions import Fraction

import numpy as np
import pytest

from model.backtest.intervals import coverage_interval
from reporting.model.backtest.binomial import exact_interval
from reporting.model.backtest.clustered import TRIALS
from reporting.model.backtest.durations import durations, weibull_test
from reporting.model.backtest.history import breach_counts
from reporting.model.backtest.kupiec import proportion_of_failures, time_until_first_failure
from reporting.model.backtest.series import Observations, group_tests
from reporting.model.errors import ModelError

LEVEL = Fraction(99, 100)
SEED = 5


def group(uncovered: list[int], per_date: int = 1, horizon: int = 1, ratios: tuple[int, ...] = ()):
    size = len(uncovered)
    return Observations(
        date=np.arange(size) // per_date,
        uncovered=np.array(uncovered, dtype=np.int64),
        cluster=np.arange(size) // 5,
        horizon=horizon,
        shortfall_ratio_e9=np.array(ratios, dtype=np.int64),
    )


def series(size: int, *breaches: int) -> list[int]:
    return [40 + place if place in breaches else 0 for place in range(1, size + 1)]


def test_a_single_series_has_every_test() -> None:
    amounts = series(120, 30, 31, 90)
    found = group_tests(group(amounts), LEVEL, SEED)
    flags = np.array(amounts) > 0
    assert (found.items.breaches, found.items.observations) == (3, 120)
    assert found.items.total_uncovered == 70 + 71 + 130
    assert found.items.peak_uncovered == 130
    expected = proportion_of_failures(breach_counts(flags), LEVEL)
    assert found.tests.kupiec_p_value == expected.p_value
    assert found.first_failure == time_until_first_failure(30, LEVEL)
    assert found.duration == weibull_test(durations(flags))
    interval = coverage_interval(flags, np.arange(120) // 5, SEED, TRIALS)
    assert (found.low, found.high, found.clusters) == (interval.low, interval.high, 24)


def test_rows_in_any_order_and_any_names_of_dates() -> None:
    whole = group(series(120, 30, 31, 90))
    order = np.random.default_rng(1).permutation(120)
    mixed = Observations(
        whole.date[order] * 7 + 1_000,
        whole.uncovered[order],
        whole.cluster[order],
        1,
        whole.shortfall_ratio_e9,
    )
    assert group_tests(mixed, LEVEL, SEED) == group_tests(whole, LEVEL, SEED)


def test_many_books_a_date_are_no_single_series() -> None:
    found = group_tests(group(series(120, 30, 31, 90), per_date=2), LEVEL, SEED)
    assert found.first_failure is None and found.duration is None
    assert found.tests.kupiec_p_value is not None


def test_without_enough_there_is_no_number() -> None:
    found = group_tests(group(series(99, 30)), LEVEL, SEED)
    assert found.first_failure is None and found.duration is None
    assert found.tests.kupiec_p_value is None and found.tests.zone is None
    one = group_tests(group([0]), LEVEL, SEED)
    assert one.tests.independence_p_value is None
    assert (one.low, one.high) == exact_interval(0, 1)
    with pytest.raises(ModelError, match="at least 1"):
        group([])


def test_overlapping_losses_are_compared_a_horizon_apart() -> None:
    """Two breaches side by side, losses over two dates: neither follows the other."""
    amounts = series(120, 60, 61)
    apart = group_tests(group(amounts, horizon=2), LEVEL, SEED).tests
    beside = group_tests(group(amounts), LEVEL, SEED).tests
    assert beside.independence_p_value < 0.05 < apart.independence_p_value


def test_overlapping_losses_are_no_durations() -> None:
    """One jump is in the losses of two dates, two breaches in a row: durations would say that
    breaches cluster, and the first failure comes as early as the horizon is long."""
    amounts = series(120, 30, 31, 90, 91)
    apart = group_tests(group(amounts, horizon=2), LEVEL, SEED)
    assert apart.first_failure is None and apart.duration is None
    alone = group_tests(group(amounts), LEVEL, SEED)
    assert alone.first_failure is not None and alone.duration is not None
    assert apart.tests.kupiec_p_value == alone.tests.kupiec_p_value


def test_z2_counts_what_has_an_expected_shortfall() -> None:
    """100 observations with a loss of 1.2 times the expected shortfall each, over 1 %: 1 - 120."""
    whole = group_tests(group([0] * 120, ratios=(120 * 10**9,) * 100), LEVEL, SEED)
    assert whole.tests.z2 == pytest.approx(-119)
    assert group_tests(group([0] * 120, ratios=(0,) * 99), LEVEL, SEED).tests.z2 is None
