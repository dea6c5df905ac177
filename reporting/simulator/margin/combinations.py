"""Combinations net with the events of their legs (docs/model.md, section 2)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from reporting.simulator.margin.margin_events import MAX_STATES, MarginEvent, MarginEvents
from reporting.simulator.margin.worst_case import holdings
from reporting.simulator.market.listing import PAYOUT, Listing
from reporting.simulator.positions import Positions

Losses = dict[int, tuple[np.ndarray, np.ndarray]]
"""Per margin event: books that hold it, and the worst loss of each in it, micros, signed."""


@dataclass(frozen=True)
class NettedGroup:
    """Combinations and the events of their legs that some books net.

    ``members``: first markets of the margin events held by any of the books; ``worst``: joint
    worst case of each book, ``credit``: by how much it is less than the sum; micros.
    """

    members: list[int]
    books: np.ndarray
    worst: np.ndarray
    credit: np.ndarray


def netted_groups(
    positions: Positions, listing: Listing, events: MarginEvents, losses: Losses
) -> list[NettedGroup]:
    """The groups of every book. A sure gain in an event of a leg earns no credit."""
    groups = []
    for group, holders in _groups_held(listing, events, losses).items():
        legs = _leg_events(listing, events, group)
        shape = [events[leg].payoffs.shape[1] for leg in legs]
        books = holders[_holds_any(holders, legs, losses)]
        if math.prod(shape) > MAX_STATES or not len(books):
            continue
        # No state stands for a fair price, so that nothing is known of the joint loss.
        if any(events[first].band for first in (*group, *legs)):
            continue
        members = [first for first in (*group, *legs) if first in losses]
        single = sum(np.maximum(_of_books(first, books, losses), 0) for first in members)
        gains = sum(np.maximum(-_of_books(leg, books, losses), 0) for leg in legs)
        joint = _joint_worst(books, group, legs, shape, positions, listing, events)
        worst = np.minimum(np.maximum(joint + gains, 0), single)
        groups.append(NettedGroup(members, books, worst, single - worst))
    return groups


def _groups_held(
    listing: Listing, events: MarginEvents, losses: Losses
) -> dict[tuple[int, ...], np.ndarray]:
    """Combinations of known legs that share leg events in a book, with those books."""
    known = tuple(
        first
        for first in sorted(losses)
        if (legs := events[first].event.legs)
        and all(leg.ticker in listing.number_of for leg in legs)
    )
    groups: dict[tuple[int, ...], list[np.ndarray]] = {}
    # A book may hold only some of the combinations that could be connected.
    for possible in _groups(listing, events, known):
        books = np.unique(np.concatenate([losses[first][0] for first in possible]))
        holds = np.column_stack([np.isin(books, losses[first][0]) for first in possible])
        patterns, which = np.unique(holds, axis=0, return_inverse=True)
        for place, pattern in enumerate(patterns):
            together = tuple(np.array(possible)[pattern].tolist())
            for group in _groups(listing, events, together):
                groups.setdefault(group, []).append(books[which == place])
    return {group: np.concatenate(books) for group, books in groups.items()}


def _groups(
    listing: Listing, events: MarginEvents, combinations: tuple[int, ...]
) -> list[tuple[int, ...]]:
    """The combinations grouped by common leg events."""
    groups: list[tuple[list[int], set[int]]] = []
    for first in combinations:
        members, legs = [first], set(_leg_events(listing, events, [first]))
        for group in [g for g in groups if g[1] & legs]:
            groups.remove(group)
            members, legs = group[0] + members, group[1] | legs
        groups.append((members, legs))
    return [tuple(sorted(members)) for members, _ in groups]


def _leg_events(listing: Listing, events: MarginEvents, combinations: Iterable[int]) -> list[int]:
    """First markets of the events of all legs, each once."""
    legs = [leg for first in combinations for leg in events[first].event.legs]
    return sorted({int(events.first_of[listing.number_of[leg.ticker]]) for leg in legs})


def _joint_worst(
    books: np.ndarray,
    group: tuple[int, ...],
    legs: list[int],
    shape: list[int],
    positions: Positions,
    listing: Listing,
    events: MarginEvents,
) -> np.ndarray:
    """Largest joint loss over the product of the leg events' states, micros rounded up."""
    held = {first: _held_by(books, positions, events[first]) for first in (*group, *legs)}
    lost = {leg: held[leg] @ events[leg].losses() for leg in legs}
    paid = {first: _paid(events[first], legs, shape, listing, events) for first in group}
    # All in parts of a micro so small that every product of payoffs is whole.
    parts = math.lcm(*(value.denominator for values in paid.values() for value in values))
    worst = None
    for state, places in enumerate(np.ndindex(*shape)):
        loss = parts * sum(lost[leg][:, at] for leg, at in zip(legs, places, strict=True))
        for first in group:
            price = int(events[first].marks[0])
            loss = loss + held[first][:, 0] * int(parts * (price - paid[first][state]))
        worst = loss if worst is None else np.maximum(worst, loss)
    return -(-worst // parts)


def _paid(
    own: MarginEvent,
    legs: list[int],
    shape: list[int],
    listing: Listing,
    events: MarginEvents,
) -> list[Fraction]:
    """What a combination pays in each joint state, centicents."""
    values = []
    for places in np.ndindex(*shape):
        at = dict(zip(legs, places, strict=True))
        value = Fraction(PAYOUT)
        for leg in own.event.legs:
            market = listing.number_of[leg.ticker]
            first = int(events.first_of[market])
            pays = int(events[first].payoffs[market - first, at[first]])
            value *= Fraction(pays if leg.yes else PAYOUT - pays, PAYOUT)
        values.append(value)
    return values


def _held_by(books: np.ndarray, positions: Positions, own: MarginEvent) -> np.ndarray:
    """What the given books hold in the event, books x markets."""
    holders, held = holdings(positions, own)
    quantities = np.zeros((len(books), own.market_count), np.int64)
    _, here, there = np.intersect1d(books, holders, assume_unique=True, return_indices=True)
    quantities[here] = held[there]
    return quantities


def _of_books(first: int, books: np.ndarray, losses: Losses) -> np.ndarray:
    """Worst losses of the given books in one event; 0 where a book does not hold it."""
    worst = np.zeros(len(books), np.int64)
    if first in losses:
        holders, loss = losses[first]
        _, here, there = np.intersect1d(books, holders, assume_unique=True, return_indices=True)
        worst[here] = loss[there]
    return worst


def _holds_any(books: np.ndarray, legs: list[int], losses: Losses) -> np.ndarray:
    """Whether each book holds something in one of the leg events."""
    return np.isin(books, np.concatenate([losses[e][0] for e in legs if e in losses] or [[]]))
