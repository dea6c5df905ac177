"""Probabilities of states that come nearest to given marks.

Source: Lawson and Hanson, Solving Least Squares Problems, chapter 23: both problems below
become least squares without negative unknowns, which is solved exactly.
"""

import numpy as np
from scipy.linalg import null_space

_TINY = 1e-12
_SAME = 1e-10
"""Slopes and singular values that differ by less are equal but for rounding."""


def nearest_probabilities(payoffs: np.ndarray, marks: np.ndarray) -> np.ndarray:
    """Probabilities x >= 0 of sum 1 with the least |payoffs x - marks|^2.

    Of all that are equally near, the one with the least sum of squares. ``payoffs``:
    contracts x states; both in dollars.
    """
    away = payoffs - marks[:, None]
    # The least |away u|^2 + (1 - sum u)^2 lies at a multiple of the x with the least |away x|.
    scaled = _without_negatives(away)
    gap = away @ (scaled / scaled.sum())
    # States that all of the equally near ones are made of: none pulls nearer than they do.
    slope = gap @ away
    used = slope <= slope.min() + _SAME
    x = np.zeros(payoffs.shape[1])
    x[used] = _shortest(np.vstack([payoffs[:, used], np.ones(used.sum())]), [*(marks + gap), 1])
    return x


def _shortest(table: np.ndarray, right: list[float]) -> np.ndarray:
    """The shortest x >= 0 with table x = right; there is one."""
    shortest = np.linalg.lstsq(table, np.array(right), rcond=_SAME)[0]
    if (shortest < -_TINY).any():
        free = null_space(table, rcond=_SAME)
        # x = shortest + free z is orthogonal to the moves z: the shortest z that makes x >= 0,
        # by least squares on the dual. The tiny slack keeps rounding from making it impossible.
        bound = -shortest - _TINY
        dual = _without_negatives(free.T, bound)
        rest = 1 - bound @ dual
        above = shortest + free @ (free.T @ dual / rest) > _SAME
        shortest = np.zeros(len(shortest))
        shortest[above] = np.linalg.lstsq(table[:, above], np.array(right), rcond=_SAME)[0]
    return np.maximum(shortest, 0)


def _without_negatives(table: np.ndarray, last: np.ndarray | None = None) -> np.ndarray:
    """The u >= 0 with the least |table u|^2 + (1 - last u)^2; ``last`` is all ones if left out.

    Written here because scipy's nnls (1.17.1) stops short of the least on some of these.
    """
    table = np.vstack([table, np.ones(table.shape[1]) if last is None else last])
    goal = np.zeros(len(table))
    goal[-1] = 1.0
    u, above = np.zeros(table.shape[1]), np.zeros(table.shape[1], bool)
    while True:
        pull = np.where(above, -np.inf, (goal - table @ u) @ table)
        if pull.max() <= _TINY:
            return u
        above[np.argmax(pull)] = True
        while True:
            best = np.zeros(len(u))
            best[above] = np.linalg.lstsq(table[:, above], goal, rcond=None)[0]
            low = above & (best <= 0)
            if not low.any():
                break
            u += (best - u) * (u[low] / (u[low] - best[low])).min()
            above &= u > _TINY
            u[~above] = 0.0
        if np.array_equal(best, u):
            return u  # what pulled was rounding
        u = best
