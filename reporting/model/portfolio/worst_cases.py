"""Worst case of every book in every event.

A book is one account with one kind of collateralisation: margined and fully collateralised
positions never net. Money is int64 micros.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numba import njit

from reporting.model.margin.min_payout import Books
from reporting.model.margin.worst_case import gross_worst_case, worst_case_of_books
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.positions import Positions

_MANY_POSITIONS = 100_000
"""From this number on, threads are worth their start."""


@dataclass(frozen=True)
class WorstCases:
    """Worst case per account, event and book, in order of event, book and account.

    worst_case and premium: int64 micros; worst_state: index of the state that gives it.
    """

    account: np.ndarray
    event: np.ndarray
    margined: np.ndarray
    worst_case: np.ndarray
    worst_state: np.ndarray
    premium: np.ndarray


def event_books(
    positions: Positions, market: Market
) -> list[tuple[int, bool, np.ndarray, np.ndarray]]:
    """Dense books by event: (event, margined, accounts int64[b], quantities int64[b, legs])."""
    dense = []
    for group in _groups(positions, market):
        accounts, books = _books(group)
        quantities = books.table(len(market.terms[group.event].legs))
        dense.append((group.event, group.margined, accounts, quantities))
    return dense


def event_worst_cases(positions: Positions, market: Market, netted: bool = True) -> WorstCases:
    """Worst case of every book in every event; not ``netted``: contract by contract."""
    groups, of_group = _groups(positions, market), partial(_worst_cases, market, netted)
    if len(positions.qty) < _MANY_POSITIONS:
        parts = [of_group(group) for group in groups]
    else:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            parts = list(pool.map(of_group, groups))
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return WorstCases(empty, empty, empty.astype(bool), empty, empty, empty)
    return WorstCases(*(np.concatenate(column) for column in zip(*parts, strict=True)))


class _Group(NamedTuple):
    """Positions of one event in books of one kind, in no order."""

    event: int
    margined: bool
    account: np.ndarray
    leg: np.ndarray
    qty: np.ndarray


def _groups(positions: Positions, market: Market) -> list[_Group]:
    """The positions in order of event and kind of book."""
    group = 2 * positions.event + positions.margined
    count = np.bincount(group, minlength=2 * len(market.events))
    ends = np.cumsum(count)
    columns = positions.account, positions.leg, positions.qty
    grouped = [np.empty_like(column) for column in columns]
    _by_group(group, ends - count, *columns, *grouped)
    return [
        _Group(g // 2, bool(g % 2), *(column[ends[g] - count[g] : ends[g]] for column in grouped))
        for g in np.flatnonzero(count).tolist()
    ]


@njit(nogil=True, cache=True)
def _by_group(group, start, account, leg, qty, accounts, legs, quantities):
    """Copy the columns with the rows of each group side by side, from its start on."""
    free = start.copy()
    for row in range(len(group)):
        place = free[group[row]]
        accounts[place], legs[place], quantities[place] = account[row], leg[row], qty[row]
        free[group[row]] = place + 1


def _books(group: _Group) -> tuple[np.ndarray, Books]:
    """The accounts of a group, ascending, and their books."""
    order = np.argsort(group.account)
    account = group.account[order]
    first = np.flatnonzero(np.diff(account, prepend=-1))
    start = np.append(first, len(order))
    return account[first], Books(start, group.leg[order], group.qty[order])


def _worst_cases(market: Market, netted: bool, group: _Group) -> tuple[np.ndarray, ...]:
    """The columns of WorstCases of one group."""
    accounts, books = _books(group)
    terms, marks = market.terms[group.event], market.marks[group.event]
    if netted:
        worst = worst_case_of_books(terms, marks, books)
        loss, state, premium = worst.loss_micros, worst.state_index, worst.premium_micros
    else:
        loss = gross_worst_case(terms, marks, books.table(len(terms.legs)))
        state = premium = np.zeros(len(accounts), dtype=np.int64)
    event, margined = (np.full(len(accounts), of) for of in (group.event, group.margined))
    return accounts, event, margined, loss, state, premium
