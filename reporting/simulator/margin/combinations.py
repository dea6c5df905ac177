"""Combinations net with the events of their legs (docs/model.md, section 2)."""

import math
from collections.abc import Callable, Iterable
from fractions import Fraction

import numpy as np

from reporting.simulator.margin.worst_case import holdings, loss_of_one, payoffs_of
from reporting.simulator.market.listing import PAYOUT, Event, Listing
from reporting.simulator.positions import Positions

_MAX_STATES = 4_096

Losses = dict[int, tuple[np.ndarray, np.ndarray]]
"""Per event number: books that hold it, and the worst loss of each in it, micros."""
Weigh = Callable[[int, np.ndarray, np.ndarray], np.ndarray]
"""(event number, books, amounts) -> amounts times the event's ramp weight, rounded down."""


def combination_credits(
    positions: Positions, listing: Listing, marks: np.ndarray, losses: Losses, weigh: Weigh
) -> tuple[np.ndarray, np.ndarray]:
    """Credit of every book, micros, and the part of it that counts after the ramp."""
    credit = np.zeros(2 * positions.accounts, np.int64)
    ramped = np.zeros_like(credit)
    for group, holders in _groups_held(listing, losses).items():
        legs = _leg_events(listing, group)
        shape = [payoffs_of(listing.events[leg], marks).shape[1] for leg in legs]
        books = holders[_holds_any(holders, legs, losses)]
        if math.prod(shape) > _MAX_STATES or not len(books):
            continue
        events = [number for number in (*group, *legs) if number in losses]
        single = sum(_of_books(event, books, losses) for event in events)
        gain = single - _joint_worst(books, group, legs, shape, positions, listing, marks)
        min_weighted = gain.copy()
        for event in events:
            held = np.isin(books, losses[event][0])
            min_weighted[held] = np.minimum(min_weighted, weigh(event, books, gain))[held]
        credit[books] += gain
        ramped[books] += min_weighted
    return credit, ramped


def _groups_held(listing: Listing, losses: Losses) -> dict[tuple[int, ...], np.ndarray]:
    """Combinations of known legs that share leg events in a book, with those books."""
    known = tuple(
        number
        for number in sorted(losses)
        if (legs := listing.events[number].legs)
        and all(leg.ticker in listing.number_of for leg in legs)
    )
    groups: dict[tuple[int, ...], list[np.ndarray]] = {}
    # A book may hold only some of the combinations that could be connected.
    for possible in _groups(listing, known):
        books = np.unique(np.concatenate([losses[number][0] for number in possible]))
        holds = np.column_stack([np.isin(books, losses[number][0]) for number in possible])
        patterns, which = np.unique(holds, axis=0, return_inverse=True)
        for place, pattern in enumerate(patterns):
            for group in _groups(listing, tuple(np.array(possible)[pattern].tolist())):
                groups.setdefault(group, []).append(books[which == place])
    return {group: np.concatenate(books) for group, books in groups.items()}


def _groups(listing: Listing, combinations: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The combinations grouped by common leg events."""
    groups: list[tuple[list[int], set[int]]] = []
    for number in combinations:
        members, events = [number], set(_leg_events(listing, [number]))
        for group in [g for g in groups if g[1] & events]:
            groups.remove(group)
            members, events = group[0] + members, group[1] | events
        groups.append((members, events))
    return [tuple(sorted(members)) for members, _ in groups]


def _leg_events(listing: Listing, combinations: Iterable[int]) -> list[int]:
    """Numbers of the events of all legs, each once."""
    legs = [leg for number in combinations for leg in listing.events[number].legs]
    return sorted({listing.event_of[listing.number_of[leg.ticker]] for leg in legs})


def _joint_worst(
    books: np.ndarray,
    group: tuple[int, ...],
    legs: list[int],
    shape: list[int],
    positions: Positions,
    listing: Listing,
    marks: np.ndarray,
) -> np.ndarray:
    """Largest joint loss over the product of the leg events' states, micros rounded up."""
    events = {number: listing.events[number] for number in [*group, *legs]}
    held = {number: _held_by(books, positions, event) for number, event in events.items()}
    lost = {number: held[number] @ loss_of_one(events[number], marks) for number in legs}
    paid = {number: _paid(events[number], legs, shape, listing, marks) for number in group}
    # All in parts of a micro so small that every product of payoffs is whole.
    parts = math.lcm(*(value.denominator for values in paid.values() for value in values))
    worst = None
    for state, places in enumerate(np.ndindex(*shape)):
        loss = parts * sum(lost[number][:, at] for number, at in zip(legs, places, strict=True))
        for number in group:
            price = int(max(marks[events[number].first_market], 0))
            loss = loss + held[number][:, 0] * int(parts * (price - paid[number][state]))
        worst = loss if worst is None else np.maximum(worst, loss)
    return -(-worst // parts)


def _paid(
    event: Event, legs: list[int], shape: list[int], listing: Listing, marks: np.ndarray
) -> list[Fraction]:
    """What a combination pays in each joint state, centicents."""
    tables = {number: payoffs_of(listing.events[number], marks) for number in legs}
    values = []
    for places in np.ndindex(*shape):
        at = dict(zip(legs, places, strict=True))
        value = Fraction(PAYOUT)
        for leg in event.legs:
            market = listing.number_of[leg.ticker]
            number = listing.event_of[market]
            pays = int(tables[number][market - listing.events[number].first_market, at[number]])
            value *= Fraction(pays if leg.yes else PAYOUT - pays, PAYOUT)
        values.append(value)
    return values


def _held_by(books: np.ndarray, positions: Positions, event: Event) -> np.ndarray:
    """What the given books hold in the event, books x markets."""
    holders, held = holdings(positions, event)
    quantities = np.zeros((len(books), event.market_count), np.int64)
    _, here, there = np.intersect1d(books, holders, assume_unique=True, return_indices=True)
    quantities[here] = held[there]
    return quantities


def _of_books(event: int, books: np.ndarray, losses: Losses) -> np.ndarray:
    """Worst losses of the given books in one event; 0 where a book does not hold it."""
    worst = np.zeros(len(books), np.int64)
    if event in losses:
        holders, loss = losses[event]
        _, here, there = np.intersect1d(books, holders, assume_unique=True, return_indices=True)
        worst[here] = loss[there]
    return worst


def _holds_any(books: np.ndarray, legs: list[int], losses: Losses) -> np.ndarray:
    """Whether each book holds something in one of the leg events."""
    return np.isin(books, np.concatenate([losses[e][0] for e in legs if e in losses] or [[]]))
