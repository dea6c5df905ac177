"""Positions of a date as arrays by event, and the margins that follow from them.

A book is one account with one kind of collateralisation: margined and fully
collateralised positions never net. All money in here is int64 micros.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from reporting.model.margin import Schedule, account_margin, ramp
from reporting.model.structures import EventTerms
from reporting.model.worst_case import gross_worst_case, worst_case
from reporting.units import centicents_from_micros_up

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
    bool[legs]). ``tau_seconds[e]`` is the time to the earliest resolution; ``wrong_way``
    holds (account, event) pairs to be held in full.
    """

    events: Sequence[str]
    terms: Sequence[EventTerms]
    marks: Sequence[np.ndarray]
    priced: Sequence[np.ndarray]
    settled: Sequence[np.ndarray]
    tau_seconds: np.ndarray
    wrong_way: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class EventRows:
    """Worst case per (account, event, book), in order of event, book and account."""

    account: np.ndarray
    event: np.ndarray
    margined: np.ndarray
    worst_case: np.ndarray
    worst_state: np.ndarray
    premium: np.ndarray


@dataclass(frozen=True)
class Margins:
    """Booked margin per account, centicents, margined and fully collateralised together.

    ``margined_worst_case`` and ``full_worst_case`` are the two parts of W, in micros.
    """

    margined_worst_case: np.ndarray
    full_worst_case: np.ndarray
    worst_case: np.ndarray
    core: np.ndarray
    initial: np.ndarray
    margined_initial: np.ndarray
    jump_to_resolution: np.ndarray
    ramp_numerator: np.ndarray
    ramp_denominator: np.ndarray


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


def margins(rows: EventRows, market: Market, accounts: int, schedule: Schedule) -> Margins:
    """Margins of all accounts from the worst cases of their books."""
    wrong_way = np.array(
        [
            pair in market.wrong_way
            for pair in zip(rows.account.tolist(), rows.event.tolist(), strict=True)
        ]
        if market.wrong_way
        else [False] * len(rows.account),
        dtype=bool,
    )
    numerator, denominator = ramp(schedule, market.tau_seconds[rows.event], wrong_way)
    chosen = rows.margined
    margined = account_margin(
        rows.account[chosen],
        rows.worst_case[chosen],
        numerator[chosen],
        denominator[chosen],
        accounts,
        schedule,
    )
    full = np.zeros(accounts, dtype=np.int64)
    np.add.at(full, rows.account[~chosen], rows.worst_case[~chosen])
    full = np.maximum(full, 0)
    full_booked = centicents_from_micros_up(full)
    return Margins(
        margined_worst_case=margined.worst_case,
        full_worst_case=full,
        worst_case=centicents_from_micros_up(margined.worst_case) + full_booked,
        core=centicents_from_micros_up(margined.core) + full_booked,
        initial=centicents_from_micros_up(margined.initial) + full_booked,
        margined_initial=centicents_from_micros_up(margined.initial),
        jump_to_resolution=centicents_from_micros_up(margined.jump_to_resolution),
        ramp_numerator=numerator,
        ramp_denominator=denominator,
    )


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
