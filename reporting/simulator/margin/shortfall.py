"""The tail of an account's losses over the scenarios."""

import numpy as np

_ROWS = 512
"""Accounts at a time: keeps the table of losses in tens of megabytes."""


def tail_sums(
    accounts: int,
    account: np.ndarray,
    column: np.ndarray,
    qty: np.ndarray,
    losses: np.ndarray,
    worst: int,
    fixed: np.ndarray,
) -> np.ndarray:
    """Sum of the ``worst`` largest scenario losses per account, micros.

    Position n is ``qty[n]`` hundredths of contract ``column[n]`` held by ``account[n]``;
    ``losses``: contracts x scenarios, centicents that one YES loses; ``fixed``: micros that an
    account loses in every scenario besides. Each loss is rounded to a thousandth of a micro
    and then up, which keeps their order, so only the tail is rounded.
    """
    total = np.zeros(accounts, np.int64)
    order = np.argsort(account, kind="stable")
    account, column, qty = account[order], column[order], qty[order]
    holders, row = np.unique(account, return_inverse=True)
    for start in range(0, len(holders), _ROWS):
        chosen = holders[start : start + _ROWS]
        low, high = np.searchsorted(row, [start, start + len(chosen)])
        held = np.zeros((len(chosen), len(losses)))
        held[row[low:high] - start, column[low:high]] = qty[low:high]
        lost = held @ losses
        tail = np.partition(lost, lost.shape[1] - worst, axis=1)[:, lost.shape[1] - worst :]
        tail = tail + fixed[chosen, None]
        total[chosen] = up_from_thousandths(tail).sum(axis=1)
    return total


def up_from_thousandths(micros: np.ndarray) -> np.ndarray:
    """Floating-point micros as whole ones: to a thousandth, then up."""
    return np.ceil(np.round(micros, 3)).astype(np.int64)
