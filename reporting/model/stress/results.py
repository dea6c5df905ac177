"""Results of scenarios: from a book and its scenarios to the shortfalls of groups.

Belongs here: running many scenarios, on several threads. The loss of an account is in
``losses``, the rule of the shortfall in ``shortfalls``.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from reporting.model.stress.books import StressBook
from reporting.model.stress.events import Scenario
from reporting.model.stress.losses import AccountLosses, account_losses
from reporting.model.stress.shortfalls import GroupLosses, group_shortfalls


def of_scenario(book: StressBook, scenario: Scenario) -> GroupLosses:
    """Losses and shortfalls of the groups of a book under one scenario, micros."""
    return of_losses(book, account_losses(scenario, book))


def of_losses(book: StressBook, found: AccountLosses) -> GroupLosses:
    """The same from losses of accounts."""
    accounts = book.accounts
    return group_shortfalls(
        found.loss,
        accounts.margin,
        accounts.group,
        accounts.is_house,
        book.own_fund,
        found.margin_lost,
    )


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
