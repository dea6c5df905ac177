"""Dependence of two daily series: rank correlation and joint extremes.

Belongs here: which pairs of days count, and the statistics. Sources: C. Spearman, "The proof
and measurement of association between two things", 1904, with mean ranks for ties; joint
extremes as the coexceedances of K.-H. Bae, G. A. Karolyi, R. M. Stulz, "A new approach to
measuring financial contagion", 2003.
"""

import math
from dataclasses import dataclass

import numpy as np

from reporting.model.errors import ModelError

STALE_RUN = 3
"""A value unchanged for this many consecutive dates counts as stale."""


@dataclass(frozen=True)
class Dependence:
    """Dependence of two series.

    pairs: observations; spearman: rank correlation, None if a series is constant;
    co_exceedance: of the observations with the second series in its upper tail, the share with
    the first series in its upper tail too, None if the tail is empty.
    """

    pairs: int
    spearman: float | None
    co_exceedance: float | None


def dependence(first: np.ndarray, second: np.ndarray, tail: float = 0.1) -> Dependence:
    """Spearman and co-exceedance of pairs. float64[n] each, finite; n may be 0."""
    return Dependence(len(first), spearman(first, second), co_exceedance(first, second, tail))


def spearman(first: np.ndarray, second: np.ndarray) -> float | None:
    """Correlation of ranks, equal values sharing their mean rank. float64[n] each.

    None with fewer than 2 pairs, or if a series is constant. Ranks are summed as integers, so
    the result does not depend on the order of the pairs.
    """
    first, second = _pairs(first, second)
    count = len(first)
    if count < 2:
        return None
    # Twice the rank less its mean: integers that sum to 0.
    left, right = (_doubled_ranks(series) - (count + 1) for series in (first, second))
    left_square, right_square = int(left @ left), int(right @ right)
    if not left_square or not right_square:
        return None
    return int(left @ right) / math.sqrt(left_square * right_square)


def co_exceedance(first: np.ndarray, second: np.ndarray, tail: float = 0.1) -> float | None:
    """Share of the upper tail of ``second`` in which ``first`` is in its own upper tail.

    See ``upper_tail`` for the tail; equal values are in it together or not at all. Independent
    series give about ``tail``.
    """
    first, second = _pairs(first, second)
    if not 0 < tail < 1:
        raise ModelError("tail", "must lie between 0 and 1")
    if not len(first):
        return None
    in_tail = upper_tail(second, tail)
    if not in_tail.any():
        return None
    return int((in_tail & upper_tail(first, tail)).sum()) / int(in_tail.sum())


def upper_tail(values: np.ndarray, tail: float) -> np.ndarray:
    """Whether each value lies above the value of rank ceil(n (1 - tail)): bool[n].

    values: float64[n], n > 0.
    """
    rank = int(np.ceil(len(values) * (1 - tail) - 1e-9))
    return values > np.sort(values)[max(rank, 1) - 1]


def fresh(values: np.ndarray, run: int = STALE_RUN) -> np.ndarray:
    """Whether each value of a series is not stale: bool[n]. values: float64[n], in time order.

    A value is stale from the ``run``-th consecutive date on which it is unchanged, because a
    feed that repeats its last value carries no information about the date.
    """
    if run < 2:
        raise ModelError("run", "must be at least 2")
    values = np.asarray(values, dtype=np.float64)
    place = np.arange(len(values))
    changed = np.ones(len(values), dtype=bool)
    changed[1:] = values[1:] != values[:-1]
    since = place - np.maximum.accumulate(np.where(changed, place, 0))
    return since < run - 1


def moves(values: np.ndarray) -> np.ndarray:
    """Absolute change of the logarithm from the value before, float64[n].

    NaN for the first value and if either value is not positive; oil prices have been negative.
    """
    values = np.asarray(values, dtype=np.float64)
    logs = np.full(len(values), np.nan)
    np.log(values, out=logs, where=values > 0)
    return np.abs(np.diff(logs, prepend=np.nan))


def _doubled_ranks(values: np.ndarray) -> np.ndarray:
    """Twice the rank (from 1) of each value, equal values sharing their mean rank: int64[n]."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (2 * last - counts + 1)[place]


def _pairs(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    first, second = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if first.ndim != 1 or first.shape != second.shape:
        raise ModelError("pairs", "must be two series of one length")
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ModelError("pairs", "must be finite")
    return first, second
