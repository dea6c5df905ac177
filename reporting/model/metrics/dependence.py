"""How far two daily series move together: rank correlation and joint extremes.

Belongs here: which pairs of days count, and what they say. Sources: C. Spearman, "The proof
and measurement of association between two things", 1904, with mean ranks for ties; joint
extremes as the coexceedances of K.-H. Bae, G. A. Karolyi, R. M. Stulz, "A new approach to
measuring financial contagion", 2003.
"""

import math
from dataclasses import dataclass

import numpy as np

from reporting.model.errors import ModelError

STALE_RUN = 3
"""A value that is the same on this many dates in a row is taken for not updated."""


@dataclass(frozen=True)
class Dependence:
    """pairs: observations; spearman: rank correlation, None where a series does not vary;
    co_exceedance: among the observations in which the second series is in its upper tail, the
    share in which the first is too, None where the tail is empty."""

    pairs: int
    spearman: float | None
    co_exceedance: float | None


def dependence(first: np.ndarray, second: np.ndarray, tail: float = 0.1) -> Dependence:
    """Spearman and co-exceedance of pairs. float64[n] each, finite; n may be 0."""
    first, second = _pairs(first, second)
    return Dependence(len(first), spearman(first, second), co_exceedance(first, second, tail))


def spearman(first: np.ndarray, second: np.ndarray) -> float | None:
    """Correlation of ranks, equal values sharing their mean rank. float64[n] each.

    None with fewer than 2 pairs, or where one series does not vary. Ranks are summed as whole
    numbers, so that the result does not hang on the order of the pairs.
    """
    first, second = _pairs(first, second)
    count = len(first)
    if count < 2:
        return None
    # Twice the rank, less its mean: whole numbers whose sum is 0.
    left, right = (_doubled_ranks(each) - (count + 1) for each in (first, second))
    left_square, right_square = int(left @ left), int(right @ right)
    if not left_square or not right_square:
        return None
    return int(left @ right) / math.sqrt(left_square * right_square)


def co_exceedance(first: np.ndarray, second: np.ndarray, tail: float = 0.1) -> float | None:
    """Share of the upper tail of ``second`` in which ``first`` is in its own upper tail.

    The upper tail of n values is what lies above the value of rank ceil(n (1 - tail)), so that
    equal values are in it together or not at all. Independent series have about ``tail``.
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
    """Which values lie above the value of rank ceil(n (1 - tail)): bool[n]. float64[n], n > 0."""
    rank = int(np.ceil(len(values) * (1 - tail) - 1e-9))
    return values > np.sort(values)[max(rank, 1) - 1]


def fresh(values: np.ndarray, run: int = STALE_RUN) -> np.ndarray:
    """Which values of a series, in order of time, are not stale: bool[n].

    A value is stale from the ``run``-th date on which it stands unchanged: a feed that repeats
    its last value says nothing about the date. float64[n].
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

    NaN for the first value and where one of the two is not above 0: an oil price has been.
    """
    values = np.asarray(values, dtype=np.float64)
    logs = np.full(len(values), np.nan)
    np.log(values, out=logs, where=values > 0)
    return np.abs(np.diff(logs, prepend=np.nan))


def _doubled_ranks(values: np.ndarray) -> np.ndarray:
    """Twice the rank from 1 of each value, equal ones sharing their mean: int64[n]."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (2 * last - counts + 1)[place]


def _pairs(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    first, second = (np.asarray(each, dtype=np.float64) for each in (first, second))
    if first.ndim != 1 or first.shape != second.shape:
        raise ModelError("pairs", "must be two series of one length")
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ModelError("pairs", "must be finite")
    return first, second
