"""Positions of a date as arrays by event, and the worst cases that follow from them.

A book is one account with one kind of collateralisation: margined and fully
collateralised positions never net. All money in here is int64 micros.
"""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np
from numba import njit

from reporting.model.events.probabilities import state_probabilities
from reporting.model.events.structures import EventTerms
from reporting.model.margin.min_payout import Books
from reporting.model.margin.parameters import PoolVolatility
from reporting.model.margin.worst_case import gross_worst_case, worst_case_of_books

MARGINED = "margined"
FULLY_COLLATERALISED = "fully_collateralised"
_MANY_POSITIONS = 100_000
"""From here on threads are worth their start."""


@dataclass(frozen=True)
class Positions:
    """Open positions, one element per (account, contract, collateralisation).

    ``account`` indexes ``accounts``; ``event`` and ``leg`` index the contract in
    ``events``; ``margined`` says which book; ``qty`` is net YES contracts (1e-2).
    """

    account: np.ndarray
    event: np.ndarray
    leg: np.ndarray
    margined: np.ndarray
    qty: np.ndarray


@dataclass(frozen=True)
class Market:
    """What the positions are valued with: events in order, terms, marks and time.

    ``marks[e]`` is int64[legs] in centicents per contract: the settlement value of a leg in
    ``settled[e]``, and 0 for one that is not in ``priced[e]``, which never traded (both
    bool[legs]). ``tau_seconds[e]`` is the time to the earliest resolution and
    ``resolution_dates[e]`` its UTC date or "unknown"; ``wrong_way`` holds (account, event)
    pairs to be held in full. ``happens_by[e]``: it may come true on any day up to its date;
    ``collateral_returns[e]``: the venue's word for pairs that it nets, or "".
    By contract, event after event: ``daily_volume`` float64 (1e-2 contracts a day),
    ``open_interest`` int64 (1e-2). ``pools``: volatility by (category, bucket).
    """

    events: Sequence[str]
    terms: Sequence[EventTerms]
    marks: Sequence[np.ndarray]
    priced: Sequence[np.ndarray]
    settled: Sequence[np.ndarray]
    tau_seconds: np.ndarray
    wrong_way: frozenset[tuple[int, int]]
    categories: Sequence[str]
    series: Sequence[str]
    resolution_dates: Sequence[str]
    happens_by: Sequence[bool]
    collateral_returns: Sequence[str]
    daily_volume: np.ndarray
    open_interest: np.ndarray
    pools: Mapping[tuple[str, int], PoolVolatility]

    @cached_property
    def first_contract(self) -> np.ndarray:
        """Number of each event's first contract, and the number of all: int64[events + 1]."""
        sizes = [len(terms.legs) for terms in self.terms]
        return np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))

    def is_wrong_way(self, account: np.ndarray, event: np.ndarray) -> np.ndarray:
        """Whether the account of a row can influence the outcome of its event: bool[rows]."""
        events = len(self.events)
        pairs = [a * events + e for a, e in self.wrong_way]
        return np.isin(account * events + event, np.array(pairs, dtype=np.int64))

    def fitted(self, event: int) -> tuple[np.ndarray, float]:
        """State probabilities of an event and how far marks are from them, as
        ``state_probabilities`` gives them; each event is fitted once."""
        if event not in self._fitted:
            self._fitted[event] = state_probabilities(
                self.terms[event], self.marks[event], self.priced[event], self.settled[event]
            )
        return self._fitted[event]

    @cached_property
    def _fitted(self) -> dict[int, tuple[np.ndarray, float]]:
        return {}


@dataclass(frozen=True)
class EventRows:
    """Worst case per (account, event, book), in order of event, book and account."""

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
    found = []
    for group in _groups(positions, market):
        accounts, books = _books(group)
        quantities = books.table(len(market.terms[group.event].legs))
        found.append((group.event, group.margined, accounts, quantities))
    return found


def event_rows(positions: Positions, market: Market, netted: bool = True) -> EventRows:
    """Worst case of every book in every event; not ``netted``: contract by contract."""
    groups, work = _groups(positions, market), partial(_event_rows, market, netted)
    if len(positions.qty) < _MANY_POSITIONS:
        parts = [work(group) for group in groups]
    else:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            parts = list(pool.map(work, groups))
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return EventRows(empty, empty, empty.astype(bool), empty, empty, empty)
    return EventRows(*(np.concatenate(column) for column in zip(*parts, strict=True)))


class _Group(NamedTuple):
    """Positions of one event in books of one kind, in no order."""

    event: int
    margined: bool
    account: np.ndarray
    leg: np.ndarray
    qty: np.ndarray


def _groups(positions: Positions, market: Market) -> list[_Group]:
    """What is held, in order of event and kind of book."""
    group = 2 * positions.event + positions.margined
    count = np.bincount(group, minlength=2 * len(market.events))
    ends = np.cumsum(count)
    columns = positions.account, positions.leg, positions.qty
    moved = [np.empty_like(column) for column in columns]
    _by_group(group, ends - count, *columns, *moved)
    return [
        _Group(g // 2, bool(g % 2), *(column[ends[g] - count[g] : ends[g]] for column in moved))
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


def _event_rows(market: Market, netted: bool, group: _Group) -> tuple[np.ndarray, ...]:
    """The columns of EventRows for one group."""
    accounts, books = _books(group)
    terms, marks = market.terms[group.event], market.marks[group.event]
    if netted:
        found = worst_case_of_books(terms, marks, books)
        loss, state, premium = found.loss_micros, found.state_index, found.premium_micros
    else:
        loss = gross_worst_case(terms, marks, books.table(len(terms.legs)))
        state = premium = np.zeros(len(accounts), dtype=np.int64)
    where = np.full(len(accounts), group.event), np.full(len(accounts), group.margined)
    return accounts, *where, loss, state, premium


def with_marks(market: Market, marks: Mapping[tuple[int, int], int]) -> Market:
    """The market with some marks replaced; keys are (event, leg)."""
    changed = [array.copy() for array in market.marks]
    for (event, leg), mark in marks.items():
        changed[event][leg] = mark
    return replace(market, marks=changed)


def of_accounts(positions: Positions, accounts: np.ndarray) -> Positions:
    """The positions of some accounts only."""
    keep = np.isin(positions.account, accounts)
    return Positions(
        positions.account[keep],
        positions.event[keep],
        positions.leg[keep],
        positions.margined[keep],
        positions.qty[keep],
    )


def combined(positions: Positions) -> Positions:
    """The positions with those of one account, contract and book added up."""
    keys = (positions.account, positions.event, positions.leg, positions.margined)
    distinct, place = np.unique(np.stack(keys, axis=1), axis=0, return_inverse=True)
    qty = np.zeros(len(distinct), dtype=np.int64)
    np.add.at(qty, place.ravel(), positions.qty)
    account, event, leg, margined = distinct.T
    return Positions(account, event, leg, margined.astype(bool), qty)
