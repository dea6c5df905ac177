"""All tests of a group are those of the modules, where there is enough for them."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from model.backtest.intervals import coverage_interval
from reporting.model.backtest.binomial import exact_interval
from reporting.model.backtest.clustered import TRIALS
from reporting.model.backtest.durations import durations, weibull_test
from reporting.model.backtest.evidence import BELOW, MET, NO_VERDICT, OPEN
from reporting.model.backtest.history import breach_counts
from reporting.model.backtest.kupiec import proportion_of_failures, time_until_first_failure
from reporting.model.backtest.series import Observations, group_tests
from reporting.model.errors import ModelError

LEVEL = Fraction(99, 100)
SEED = 5


def group(uncovered: list[int], per_date=1, per_cluster=1, horizon=1, ratios=()) -> Observations:
    size = len(uncovered)
    return Observations(
        date=np.arange(size) // per_date,
        uncovered=np.array(uncovered, dtype=np.int64),
        cluster=np.arange(size) // per_cluster,
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
    interval = coverage_interval(flags, np.arange(120), SEED, TRIALS)
    assert (found.low, found.high, found.clusters) == (interval.low, interval.high, 120)
    assert (found.dated_low, found.dated_high) == (interval.low, interval.high)
    assert (found.draws, found.verdict) == (120, OPEN)
    assert found.basis == "120 dates, 120 independent observations"


def test_an_interval_by_resolution_and_one_by_date() -> None:
    """240 observations, two a date, five a resolution: 48 resolutions and 120 dates."""
    amounts = series(240, 30, 31, 90)
    found = group_tests(group(amounts, per_date=2, per_cluster=5), LEVEL, SEED)
    flags = np.array(amounts) > 0
    by_resolution = coverage_interval(flags, np.arange(240) // 5, SEED, TRIALS)
    by_date = coverage_interval(flags, np.arange(240) // 2, SEED, TRIALS)
    assert (found.low, found.high) == (by_resolution.low, by_resolution.high)
    assert (found.dated_low, found.dated_high) == (by_date.low, by_date.high)
    assert (found.clusters, found.draws) == (48, 48)
    assert found.basis == "120 dates, 240 observations count as 48 draws"
    assert found.first_failure is None and found.duration is None
    # 48 draws expect no breach at 99 %: no test of the level.
    assert found.tests.kupiec_p_value is None and found.tests.zone is None


def test_overlapping_dates_are_drawn_in_blocks() -> None:
    """150 dates of losses over five: 30 blocks. Breaches on the first 5 dates are one block."""
    found = group_tests(group(series(150, 1, 2, 3, 4, 5), horizon=5), LEVEL, SEED)
    by_block = coverage_interval(np.arange(150) < 5, np.arange(150) // 5, SEED, TRIALS)
    assert (found.dated_low, found.dated_high) == (by_block.low, by_block.high)
    assert found.draws == 30


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
    found = group_tests(group(series(240, 30, 31, 90), per_date=2), LEVEL, SEED)
    assert found.first_failure is None and found.duration is None
    assert found.tests.kupiec_p_value is not None


@pytest.mark.parametrize(
    ("changes", "basis"),
    [
        ({"uncovered": 29}, "29 of 30 dates, no verdict"),
        ({"uncovered": 2}, "2 of 30 dates, no verdict"),
        (
            {"has_other_horizon": True},
            "losses over another period than that of the margin, no verdict",
        ),
        ({"tests_model": False}, "includes margin at the worst case, no verdict on the model"),
    ],
)
def test_no_verdict_says_why(changes, basis) -> None:
    of_group = group(series(changes.pop("uncovered", 200), 2))
    found = group_tests(replace(of_group, **changes), LEVEL, SEED)
    assert (found.verdict, found.basis) == (NO_VERDICT, basis)
    tests = found.tests
    numbers = (tests.kupiec_p_value, tests.binomial_p_value, tests.independence_p_value)
    assert (*numbers, tests.zone, found.first_failure, found.duration) == (None,) * 6
    assert found.items.breaches == 1


def test_verdicts_on_the_intervals() -> None:
    """400 dates: no breach has the exact interval from 0.025^(1/400) = 0.9908 on, which is met;
    40 breaches are 10 %, far below; one is neither."""
    assert group_tests(group(series(400)), LEVEL, SEED).verdict == MET
    assert group_tests(group(series(400, *range(1, 41))), LEVEL, SEED).verdict == BELOW
    assert group_tests(group(series(400, 7, 9)), LEVEL, SEED).verdict == OPEN
    # The same on one resolution are one draw, of ten: 0.1 at the 2.5 % end goes up to 0.997.
    amounts = series(400, *range(1, 41))
    assert group_tests(group(amounts, per_cluster=40), LEVEL, SEED).verdict == OPEN


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
    # 120 dates of losses over two are 60 draws, too few for an expected breach.
    assert apart.tests.kupiec_p_value is None and alone.tests.kupiec_p_value is not None


def test_z2_counts_what_has_an_expected_shortfall() -> None:
    """100 observations with a loss of 1.2 times the expected shortfall each, over 1 %: 1 - 120."""
    whole = group_tests(group([0] * 120, ratios=(120 * 10**9,) * 100), LEVEL, SEED)
    assert whole.tests.z2 == pytest.approx(-119)
    assert group_tests(group([0] * 120, ratios=(0,) * 99), LEVEL, SEED).tests.z2 is None
