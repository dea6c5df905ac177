"""How sure the achieved coverage is when observations hang together.

Accounts that hold one event lose together when it resolves: their observations are one
draw, not many. Whole clusters (one resolution, one event) are therefore drawn with
replacement. Source: A. Davison, D. Hinkley, "Bootstrap methods and their application",
1997, section 3.8 (resampling of groups) and 5.3 (percentile intervals).
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from reporting.model.backtest.binomial import exact_interval
from reporting.model.backtest.history import flags
from reporting.model.backtest.verdicts import significance
from reporting.model.errors import ModelError
from reporting.model.margin.draws import uniforms

_STREAM = "coverage-bootstrap"
TRIALS = 999
"""Of the bootstrap: with 95 % the 25th least and the 25th largest are the limits."""


@dataclass(frozen=True)
class CoverageInterval:
    """coverage: share of observations without a breach; low, high: its interval; clusters:
    how many independent draws there are."""

    coverage: float
    low: float
    high: float
    clusters: int


def by_cluster(breached: np.ndarray, cluster: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Observations, and breaches among them, of each cluster in the order of their names:
    int64[clusters] twice. breached: bool[observations]; cluster: its resolution or event, whole
    numbers or text, same length. The order of rows changes nothing."""
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
    """Percentile interval of the coverage, clusters drawn with replacement.

    observed, missed: as ``by_cluster`` gives them. A trial draws as many clusters as there are;
    its coverage is over the observations of those. The k-th least and k-th largest of the trials
    are the limits, k = floor((1 - confidence) / 2 x (trials + 1)), at least 1.

    Without a breach every trial covers everything and the interval is a point: the exact
    interval of 0 breaches in ``clusters`` draws (``binomial.exact_interval``) says more.
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
    """Lowest and highest coverage from counts by cluster, each cluster one draw; without a
    breach the exact interval of as many draws, since a bootstrap would be a point."""
    if not np.any(missed):
        return exact_interval(0, len(observed), confidence)
    found = interval_of_clusters(observed, missed, seed, TRIALS, confidence)
    return found.low, found.high


@lru_cache(maxsize=4096)
def _drawn(seed: int, draw: int, trials: int) -> np.ndarray:
    """The uniforms of one draw, which do not hang on the clusters."""
    return uniforms(seed, _STREAM, str(draw), trials)
