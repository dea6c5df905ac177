"""Confidence interval of the achieved coverage for dependent observations.

Accounts that hold the same event lose together when it resolves; their observations are one
draw, not many. The bootstrap therefore resamples whole clusters (one resolution, one event).
Source: A. Davison, D. Hinkley, "Bootstrap methods and their application", 1997, sections 3.8
(resampling of groups) and 5.3 (percentile intervals).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from reporting.model.backtest.binomial import interval_of_draws
from reporting.model.backtest.history import flags
from reporting.model.backtest.verdicts import significance
from reporting.model.errors import ModelError
from reporting.model.scenarios.draws import uniforms

_STREAM = "coverage-bootstrap"
MIN_DRAWS = 30
"""Percentile intervals of fewer draws are too narrow."""

TRIALS = 999
"""Bootstrap trials; at 95 % the limits are the 25th smallest and the 25th largest."""


@dataclass(frozen=True)
class CoverageInterval:
    """Achieved coverage and its interval.

    coverage: share of observations without a breach; low, high: its interval; clusters: number
    of independent draws.
    """

    coverage: float
    low: float
    high: float
    clusters: int


def by_cluster(breached: np.ndarray, cluster: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Observations and breaches of each cluster, in name order: two int64[clusters].

    breached: bool[observations]; cluster: integers or text of the same length, the resolution
    or event of each observation. The order of rows does not matter.
    """
    breached, cluster = flags(breached), np.asarray(cluster)
    if not len(breached):
        raise ModelError("breached", "must not be empty")
    if cluster.shape != breached.shape:
        raise ModelError("cluster", "needs one per observation")
    _, place = np.unique(cluster, return_inverse=True)
    observed = np.bincount(place)
    return observed, np.bincount(place[breached], minlength=len(observed))


def interval_of_clusters(
    observed: np.ndarray,
    missed: np.ndarray,
    seed: int,
    trials: int,
    confidence: Fraction | float = 0.95,
) -> CoverageInterval:
    """Percentile interval of the coverage, resampling clusters with replacement.

    observed, missed: int64[clusters], observations and breaches from ``by_cluster``. A trial
    draws as many clusters as there are and takes the coverage over their observations. The
    limits are the k-th smallest and k-th largest trial, k = floor((1 - confidence) / 2 x
    (trials + 1)), at least 1. Raises ModelError.

    Without breaches the interval is a point; ``binomial.exact_interval`` of 0 breaches in
    ``clusters`` draws says more.
    """
    observed, missed = np.asarray(observed), np.asarray(missed)
    if not len(observed) or (observed < 1).any():
        raise ModelError("observed", "must be at least 1 in each of at least one cluster")
    if missed.shape != observed.shape or (missed < 0).any() or (missed > observed).any():
        raise ModelError("missed", "must lie between 0 and the observations of the cluster")
    rank = math.floor(significance(confidence) / 2 * (trials + 1) * (1 + 1e-12))
    if rank < 1:
        raise ModelError("trials", "are too few for this confidence")
    total, breaches = np.zeros(trials, dtype=np.int64), np.zeros(trials, dtype=np.int64)
    for draw in range(len(observed)):
        picked = _drawn(seed, draw, trials) * len(observed)
        picked = picked.astype(np.int64)
        total += observed[picked]
        breaches += missed[picked]
    covered = np.sort((total - breaches) / total)
    observations = int(observed.sum())
    return CoverageInterval(
        coverage=(observations - int(missed.sum())) / observations,
        low=float(covered[rank - 1]),
        high=float(covered[trials - rank]),
        clusters=len(observed),
    )


def coverage_limits(
    observed: np.ndarray, missed: np.ndarray, seed: int, confidence: Fraction | float = 0.95
) -> tuple[float, float]:
    """Interval (low, high) of the coverage from counts by draw: a cluster, or a block of dates.

    The exact interval for that number of draws without a breach, because a bootstrap interval would
    be a point, and with fewer than ``MIN_DRAWS``, because it would be too narrow.
    """
    observed, missed = np.asarray(observed), np.asarray(missed)
    if not np.any(missed) or len(observed) < MIN_DRAWS:
        share = Fraction(int(missed.sum()), int(observed.sum()))
        return interval_of_draws(share, len(observed), confidence)
    interval = interval_of_clusters(observed, missed, seed, TRIALS, confidence)
    return interval.low, interval.high


def by_block(
    places: Sequence[int], observed: Sequence[int], missed: Sequence[int], horizon: int
) -> tuple[np.ndarray, np.ndarray]:
    """Observations and breaches of each block of ``horizon`` dates: two int64[blocks].

    places: number of the date, from 0, of each count. Losses over ``horizon`` dates of one block
    overlap one another, and otherwise only those of a neighbour.
    """
    block = np.asarray(places, dtype=np.int64) // horizon
    _, place = np.unique(block, return_inverse=True)
    totals = np.zeros((2, int(place.max()) + 1), dtype=np.int64)
    np.add.at(totals[0], place, np.asarray(observed, dtype=np.int64))
    np.add.at(totals[1], place, np.asarray(missed, dtype=np.int64))
    return totals[0], totals[1]


@lru_cache(maxsize=4096)
def _drawn(seed: int, draw: int, trials: int) -> np.ndarray:
    """The uniforms of one draw; they do not depend on the clusters."""
    return uniforms(seed, _STREAM, str(draw), trials)
