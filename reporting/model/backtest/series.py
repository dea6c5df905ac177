"""All tests of one group of observations: an account, a portfolio, a bucket, or all.

Belongs here: which test needs what, and that there is no number without enough of it. The
tests themselves are in their modules; sources there.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from reporting.model.backtest.clustered import by_cluster, coverage_limits
from reporting.model.backtest.coverage import CoverageItems
from reporting.model.backtest.durations import WeibullTest, durations, weibull_test
from reporting.model.backtest.history import transitions_after
from reporting.model.backtest.kupiec import time_until_first_failure
from reporting.model.backtest.pooled import PooledCounts, PooledTests, enough, pooled_tests
from reporting.model.backtest.verdicts import Verdict
from reporting.model.errors import ModelError


@dataclass(frozen=True)
class Observations:
    """Observations of a group, in any order; arrays of one length, at least one.

    date: int64, number of the business date, later ones larger; uncovered: int64, loss above
    margin, 0 where covered; cluster: what resolved together, whole numbers or text;
    horizon: of the losses, in dates, at least 1; shortfall_ratio_e9: int64, of those observations
    that are held against an expected shortfall (``pooled.shortfall_ratio_e9``).
    """

    date: np.ndarray
    uncovered: np.ndarray
    cluster: np.ndarray
    horizon: int
    shortfall_ratio_e9: np.ndarray

    def __post_init__(self):
        if not len(self.date):
            raise ModelError("observations", "must be at least 1")


@dataclass(frozen=True)
class GroupTests:
    """items: what is disclosed; tests: of coverage; first_failure and duration: None but for a
    single series, one observation a date, of losses that do not overlap; low, high: of the
    coverage, each of so many clusters one draw."""

    items: CoverageItems
    tests: PooledTests
    first_failure: Verdict | None
    duration: WeibullTest | None
    low: float
    high: float
    clusters: int


def group_tests(
    group: Observations, coverage: Fraction | float, seed: int, confidence: Fraction | float = 0.95
) -> GroupTests:
    """All tests of the group against a coverage level; seed: of the bootstrap."""
    breached = group.uncovered > 0
    items = CoverageItems(
        breaches=int(breached.sum()),
        observations=len(breached),
        total_uncovered=int(group.uncovered.sum()),
        peak_uncovered=int(group.uncovered.max()),
    )
    dates, place = np.unique(group.date, return_inverse=True)
    flags = np.bincount(place[breached], minlength=len(dates)) > 0
    counts = PooledCounts(
        items,
        transitions_after(flags.tolist(), group.horizon),
        len(group.shortfall_ratio_e9),
        int(group.shortfall_ratio_e9.sum()),
    )
    first, duration = None, None
    # Over a longer horizon one jump is in several losses, and makes as many breaches in a row.
    single = len(dates) == len(breached) and group.horizon == 1
    if single and items.breaches and enough(len(dates), coverage):
        first = time_until_first_failure(int(np.argmax(flags)) + 1, coverage, confidence)
        duration = weibull_test(durations(flags), confidence)
    observed, missed = by_cluster(breached, group.cluster)
    low, high = coverage_limits(observed, missed, seed, confidence)
    tests = pooled_tests(counts, coverage, confidence)
    return GroupTests(items, tests, first, duration, low, high, len(observed))
