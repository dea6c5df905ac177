"""Lookup of the rows of a pair table, such as account and market, from either side."""

import numpy as np


class RowsOf:
    """An index of the rows of each account or market.

    index: int64[rows], the account or market of each row, in 0..count-1.
    """

    def __init__(self, index: np.ndarray, count: int):
        self._order = np.argsort(index, kind="stable")
        self._start = np.searchsorted(index[self._order], np.arange(count + 1))

    @property
    def lengths(self) -> np.ndarray:
        """Number of rows of each: int64[count]."""
        return np.diff(self._start)

    def of(self, chosen: np.ndarray) -> np.ndarray:
        """Row numbers of the chosen accounts or markets, in the given order."""
        start = self._start[chosen]
        length = self._start[chosen + 1] - start
        skip = np.repeat(start - (np.cumsum(length) - length), length)
        return self._order[skip + np.arange(len(skip))]

    def places(self, chosen: np.ndarray) -> np.ndarray:
        """For each row of ``of``, the index in ``chosen`` that it belongs to."""
        return np.repeat(np.arange(len(chosen)), self._start[chosen + 1] - self._start[chosen])


def distinct(index: np.ndarray, count: int) -> np.ndarray:
    """The distinct indices, ascending; np.unique is many times slower on some inputs."""
    occurs = np.zeros(count, dtype=bool)
    occurs[index] = True
    return np.flatnonzero(occurs)
