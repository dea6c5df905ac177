"""Rows of a table of pairs, such as account and market, found from either side."""

import numpy as np


class RowsOf:
    """The rows of each account or market, found without a look at the others.

    index: int64[rows], the account or market of each row, in 0..count-1.
    """

    def __init__(self, index: np.ndarray, count: int):
        self._order = np.argsort(index, kind="stable")
        self._start = np.searchsorted(index[self._order], np.arange(count + 1))

    @property
    def lengths(self) -> np.ndarray:
        """How many rows each has: int64[count]."""
        return np.diff(self._start)

    def of(self, chosen: np.ndarray) -> np.ndarray:
        """Numbers of the rows of the chosen, one chosen after the other."""
        start = self._start[chosen]
        length = self._start[chosen + 1] - start
        skip = np.repeat(start - (np.cumsum(length) - length), length)
        return self._order[skip + np.arange(len(skip))]

    def places(self, chosen: np.ndarray) -> np.ndarray:
        """For each row of ``of``, which of the chosen it belongs to, from 0."""
        return np.repeat(np.arange(len(chosen)), self._start[chosen + 1] - self._start[chosen])


def distinct(index: np.ndarray, count: int) -> np.ndarray:
    """The indices that occur, ascending; np.unique takes many times as long on some inputs."""
    occurs = np.zeros(count, dtype=bool)
    occurs[index] = True
    return np.flatnonzero(occurs)
