"""All tests of a group of observations: an account, a portfolio, a bucket, or all.

Belongs here: the input of each test. Whether there may be a result is decided in ``evidence``, the
tests and their sources are in their modules.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from reporting.model.backtest.clustered import by_block, by_cluster, coverage_limits
from reporting.model.backtest.coverage import CoverageItems
from reporting.model.backtest.durations import WeibullTest, durations, weibull_test
from reporting.model.backtest.evidence import Evidence, basis, verdict_on_coverage
from reporting.model.backtest.history import transitions_after
from reporting.model.backtest.kupiec import time_until_first_failure
from reporting.model.backtest.pooled import PooledCounts, PooledTests, pooled_tests
from reporting.model.backtest.verdicts import Verdict
from reporting.model.errors import ModelError


@dataclass(frozen=True)
class Observations:
    """Observations of a group, in any order; non-empty arrays of one length.

    date: int64, increasing number of the business date; uncovered: int64, loss above margin, 0
    if covered; cluster: integers or text, observations that resolved together; horizon: of the
    losses, in dates, at least 1; shortfall_ratio_e9: int64, ``pooled.shortfall_ratio_e9`` of the
    observations that have an expected shortfall; has_other_horizon, tests_model: as in
    ``evidence.Evidence``.
    """

    date: np.ndarray
    uncovered: np.ndarray
    cluster: np.ndarray
    horizon: int
    shortfall_ratio_e9: np.ndarray
    has_other_horizon: bool = False
    tests_model: bool = True

    def __post_init__(self):
        if not len(self.date):
            raise ModelError("observations", "must be at least 1")


@dataclass(frozen=True)
class GroupTests:
    """Results of all tests.

    items: for disclosure; tests: of coverage; first_failure, duration: only for a single series of
    independent observations, else None; low, high: interval of the coverage with each of
    ``clusters`` as one draw; dated_low, dated_high: with each block of dates as one; verdict: of
    these intervals; basis: what it rests on, or why there is none.
    """

    items: CoverageItems
    tests: PooledTests
    first_failure: Verdict | None
    duration: WeibullTest | None
    low: float
    high: float
    clusters: int
    dated_low: float
    dated_high: float
    draws: int
    verdict: str
    basis: str


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
    by_resolution = by_cluster(breached, group.cluster)
    by_date = by_block(place, np.ones_like(place), breached, group.horizon)
    evidence = Evidence(
        items.observations,
        len(dates),
        len(by_resolution[0]),
        len(by_date[0]),
        group.has_other_horizon,
        group.tests_model,
    )
    intervals = [coverage_limits(*draws, seed, confidence) for draws in (by_resolution, by_date)]
    tests = pooled_tests(counts, evidence, coverage, confidence)
    first, duration = None, None
    # Enough for Kupiec is enough for these; a jump in several losses would be several breaches.
    if evidence.is_independent and tests.kupiec_p_value is not None and items.breaches:
        first = time_until_first_failure(int(np.argmax(flags)) + 1, coverage, confidence)
        duration = weibull_test(durations(flags), confidence)
    return GroupTests(
        items,
        tests,
        first,
        duration,
        *intervals[0],
        evidence.clusters,
        *intervals[1],
        evidence.draws,
        verdict_on_coverage(evidence, intervals, float(coverage)),
        basis(evidence),
    )
