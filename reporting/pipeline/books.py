"""Positions of a date as arrays by event, and the worst cases that follow from them.

A book is one account with one kind of collateralisation: margined and fully
collateralised positions never net. All money in here is int64 micros.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from reporting.model.parameters import PoolVolatility
from reporting.model.structures import EventTerms
from reporting.model.worst_case import gross_worst_case, worst_case

MARGINED = "margined"
FULLY_COLLATERALISED = "fully_collateralised"


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
    pairs to be held in full. ``happens_by[e]``: it may come true on any day up to its date.
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
    daily_volume: np.ndarray
    open_interest: np.ndarray
    pools: Mapping[tuple[str, int], PoolVolatility]

    @cached_property
    def first_contract(self) -> np.ndarray:
        """Number of each event's first contract, and the number of all: int64[events + 1]."""
        sizes = [len(terms.legs) for terms in self.terms]
        return np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))


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
    order = np.lexsort((positions.account, positions.margined, positions.event))
    event, margined = positions.event[order], positions.margined[order]
    starts = np.flatnonzero(
        np.concatenate(([True], (event[1:] != event[:-1]) | (margined[1:] != margined[:-1])))
    )
    if not len(order):
        return []
    ends = np.append(starts[1:], len(order))
    books = []
    for start, end in zip(starts, ends, strict=True):
        rows = order[start:end]
        accounts, book = np.unique(positions.account[rows], return_inverse=True)
        index = int(event[start])
        quantities = np.zeros((len(accounts), len(market.terms[index].legs)), dtype=np.int64)
        np.add.at(quantities, (book, positions.leg[rows]), positions.qty[rows])
        books.append((index, bool(margined[start]), accounts, quantities))
    return books


def event_rows(positions: Positions, market: Market, netted: bool = True) -> EventRows:
    """Worst case of every book in every event; not ``netted``: contract by contract."""
    parts: list[tuple[np.ndarray, ...]] = []
    for index, margined, accounts, quantities in event_books(positions, market):
        terms, marks = market.terms[index], market.marks[index]
        if netted:
            found = worst_case(terms, marks, quantities)
            loss, state, premium = found.loss_micros, found.state_index, found.premium_micros
        else:
            loss = gross_worst_case(terms, marks, quantities)
            state = premium = np.zeros(len(accounts), dtype=np.int64)
        where = np.full(len(accounts), index), np.full(len(accounts), margined)
        parts.append((accounts, *where, loss, state, premium))
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return EventRows(empty, empty, empty.astype(bool), empty, empty, empty)
    return EventRows(*(np.concatenate(column) for column in zip(*parts, strict=True)))


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
