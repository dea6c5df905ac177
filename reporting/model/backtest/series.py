"""All tests of a group of observations: an account, a portfolio, a bucket, or all.

Belongs here: the input of each test, and the rule that there is no result without enough
observations. The tests and their sources are in their modules.
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
    """Observations of a group, in any order; non-empty arrays of one length.

    date: int64, increasing number of the business date; uncovered: int64, loss above margin, 0
    if covered; cluster: integers or text, observations that resolved together; horizon: of the
    losses, in dates, at least 1; shortfall_ratio_e9: int64, ``pooled.shortfall_ratio_e9`` of the
    observations that have an expected shortfall.
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
    """Results of all tests.

    items: for disclosure; tests: of coverage; first_failure, duration: only for a single series
    with one observation per date and losses that do not overlap, else None; low, high: interval
    of the coverage with each of ``clusters`` as one draw.
    """

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
    """All tests of the group against a target coverage. seed: of the bootstrap."""
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
    # Over a longer horizon one jump enters several losses and causes consecutive breaches.
    single = len(dates) == len(breached) and group.horizon == 1
    if single and items.breaches and enough(len(dates), coverage):
        first = time_until_first_failure(int(np.argmax(flags)) + 1, coverage, confidence)
        duration = weibull_test(durations(flags), confidence)
    observed, missed = by_cluster(breached, group.cluster)
    low, high = coverage_limits(observed, missed, seed, confidence)
    tests = pooled_tests(counts, coverage, confidence)
    return GroupTests(items, tests, first, duration, low, high, len(observed))
