"""Group losses and shortfalls of many scenarios.

Belongs here: running scenarios on several threads. ``losses`` has the loss of an account,
``shortfalls`` the rule of the shortfall.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from numba import njit

from reporting.model.stress.events import Scenario
from reporting.model.stress.losses import AccountLosses, account_losses
from reporting.model.stress.shortfalls import GroupLosses, GroupSums, shortfalls_of
from reporting.model.stress.stress_book import StressBook


def group_losses(book: StressBook, scenario: Scenario) -> GroupLosses:
    """Losses and shortfalls of the groups of a book under one scenario, micros."""
    return group_losses_from(book, account_losses(scenario, book))


def group_losses_from(book: StressBook, by_account: AccountLosses) -> GroupLosses:
    """The same from account losses; ``group_shortfalls`` in one pass."""
    accounts = book.accounts
    sums = np.zeros((9, len(book.groups)), dtype=np.int64)
    loss, lost = by_account.loss, by_account.margin_lost
    margined = accounts.margined
    _add_up(loss, lost, accounts.margin, accounts.group, accounts.is_house, margined, sums)
    return shortfalls_of(GroupSums(*sums), book.own_fund)


@njit(nogil=True, cache=True)
def _add_up(loss, margin_lost, margin, group, is_house, margined, sums):
    """Fill the rows of ``sums``, in the order of the GroupSums fields."""
    for a in range(len(loss)):
        g, worth = group[a], margin[a] - margin_lost[a]
        if is_house[a]:
            sums[2, g] += loss[a]
            sums[3, g] += worth
            if margined[a]:
                sums[7, g] += loss[a]
        elif loss[a] > 0:
            sums[0, g] += loss[a]
            if loss[a] > worth:
                sums[1, g] += loss[a] - worth
            if margined[a]:
                sums[6, g] += loss[a]
        sums[4, g] += margin[a]
        sums[5, g] += margin_lost[a]
        if margined[a]:
            sums[8, g] += worth


def group_losses_by_scenario(
    book: StressBook, scenarios: Sequence[Scenario], threads: int = 1
) -> list[GroupLosses]:
    """Group losses of each scenario, in order; the same for any number of threads.

    Account losses are not kept.
    """
    # Cached here, or each thread would compute them.
    _ = book.market.marks, book.market.index, book.positions.total_qty, book.positions.contract
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(partial(group_losses, book), scenarios))


def shortfall_matrix(by_scenario: Sequence[GroupLosses], groups: int) -> np.ndarray:
    """Shortfalls: int64[scenarios, groups]."""
    if not by_scenario:
        return np.zeros((0, groups), dtype=np.int64)
    return np.stack([losses.shortfall for losses in by_scenario])
