"""Results of scenarios: from a book and its scenarios to the shortfalls of groups.

Belongs here: running many scenarios, on several threads. The loss of an account is in
``losses``, the rule of the shortfall in ``shortfalls``.
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


def of_scenario(book: StressBook, scenario: Scenario) -> GroupLosses:
    """Losses and shortfalls of the groups of a book under one scenario, micros."""
    return of_losses(book, account_losses(scenario, book))


def of_losses(book: StressBook, found: AccountLosses) -> GroupLosses:
    """The same from losses of accounts: ``group_shortfalls`` in one pass."""
    accounts = book.accounts
    sums = np.zeros((6, len(book.groups)), dtype=np.int64)
    _add_up(found.loss, found.margin_lost, accounts.margin, accounts.group, accounts.is_house, sums)
    return shortfalls_of(GroupSums(*sums), book.own_fund)


@njit(nogil=True, cache=True)
def _add_up(loss, margin_lost, margin, group, is_house, sums):
    """The rows of GroupSums in their order."""
    for a in range(len(loss)):
        g, worth = group[a], margin[a] - margin_lost[a]
        if is_house[a]:
            sums[2, g] += loss[a]
            sums[3, g] += worth
        elif loss[a] > 0:
            sums[0, g] += loss[a]
            if loss[a] > worth:
                sums[1, g] += loss[a] - worth
        sums[4, g] += margin[a]
        sums[5, g] += margin_lost[a]


def of_scenarios(
    book: StressBook, scenarios: Sequence[Scenario], threads: int = 1
) -> list[GroupLosses]:
    """Of each scenario in order; losses of accounts are not kept. Any number of threads
    gives the same."""
    # What threads would otherwise each work out for themselves.
    _ = book.market.marks, book.market.index, book.positions.total_qty, book.positions.contract
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(partial(of_scenario, book), scenarios))


def shortfall_matrix(found: Sequence[GroupLosses], groups: int) -> np.ndarray:
    """Shortfalls: int64[scenarios, groups]."""
    if not found:
        return np.zeros((0, groups), dtype=np.int64)
    return np.stack([one.shortfall for one in found])
