"""Netting of combinations with their legs, by enumeration: docs/model.md section 2.

Belongs here: groups of combinations and leg events of one book, their joint worst case and the
credit. Money is whole micros.

Interpretation where the page is open:

- The states of a leg event that the book does not hold count as well, because the combination
  pays by them.
- A void state of the combination itself is not a state of the group; the legs decide.
- A combination with a leg that is a combination gets no credit.
- A joint worst case with a fraction of a micro is rounded up, the credit down.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from reporting.replica.listed import (
    DOLLAR,
    MAX_LISTED_STATES,
    ListedEvent,
    cost_micros,
    is_listed,
    quantities_of,
    state_count,
    states_of,
)


@dataclass(frozen=True)
class Credit:
    """A netting group: its held events, and their W separately and jointly."""

    combinations: tuple[str, ...]
    held_events: tuple[str, ...]
    single_micros: int
    joint_micros: int

    @property
    def micros(self) -> int:
        """By how much W is less."""
        return self.single_micros - self.joint_micros


def credits_of(
    book: Mapping[str, int],
    events: Mapping[str, ListedEvent],
    worst_cases: Mapping[str, int],
) -> list[Credit]:
    """The credits of a book; ``worst_cases``: W of each event that it holds, micros."""
    held = [name for name in sorted(worst_cases) if events[name].structure == "combination"]
    credits = []
    for group in _groups(held, events):
        legs = sorted({leg.event for name in group for leg in events[name].legs})
        if not _can_be_listed(group, legs, events) or not any(leg in worst_cases for leg in legs):
            continue
        joint = math.ceil(_joint_worst_case(book, group, legs, events))
        counted = tuple(sorted({*group, *(leg for leg in legs if leg in worst_cases)}))
        single = sum(worst_cases[name] for name in counted)
        credits.append(Credit(tuple(group), counted, single, joint))
    return [credit for credit in credits if credit.micros > 0]


def _groups(held: list[str], events: Mapping[str, ListedEvent]) -> list[list[str]]:
    """Groups of combinations connected by common leg events."""
    groups: list[tuple[list[str], set[str]]] = []
    for name in held:
        combined, legs = [name], {leg.event for leg in events[name].legs}
        apart = []
        for others, their_legs in groups:
            if legs & their_legs:
                combined, legs = [*others, *combined], legs | their_legs
            else:
                apart.append((others, their_legs))
        groups = [*apart, (combined, legs)]
    return sorted(sorted(names) for names, _ in groups)


def _can_be_listed(group: list[str], legs: list[str], events: Mapping[str, ListedEvent]) -> bool:
    selected = [leg for name in group for leg in events[name].legs]
    if not all(events[name].legs for name in group):
        return False
    for leg in selected:
        event = events.get(leg.event)
        if event is None or event.structure == "combination":
            return False
        if all(contract.ticker != leg.ticker for contract in event.contracts):
            return False
    if not all(is_listed(events[name]) for name in legs):
        return False
    return math.prod(state_count(events[name]) for name in legs) <= MAX_LISTED_STATES


def _joint_worst_case(
    book: Mapping[str, int], group: list[str], legs: list[str], events: Mapping[str, ListedEvent]
) -> Fraction:
    """W_J: the largest loss over the product of the states of the leg events."""
    cost = sum(
        cost_micros(events[name], quantities_of(events[name], book)) for name in {*group, *legs}
    )
    selected = {leg.ticker for name in group for leg in events[name].legs}
    # Per leg event: the contracts that matter, each with its payoffs by state.
    matter = selected | {ticker for ticker, quantity in book.items() if quantity}
    rows = [_rows_that_matter(events[name], matter) for name in legs]
    payouts = []
    for joint in product(*(range(state_count(events[name])) for name in legs)):
        pays = {
            ticker: row[state]
            for of_event, state in zip(rows, joint, strict=True)
            for ticker, row in of_event
        }
        for name in group:
            each_pays = [
                pays[leg.ticker] if leg.yes else 1 - pays[leg.ticker] for leg in events[name].legs
            ]
            pays[events[name].contracts[0].ticker] = math.prod(each_pays, start=Fraction(1))
        payouts.append(sum((book.get(t, 0) * y * DOLLAR for t, y in pays.items()), Fraction(0)))
    return cost - min(payouts)


def _rows_that_matter(event: ListedEvent, tickers: set[str]) -> list[tuple[str, list[Fraction]]]:
    """Payoffs by state, in dollars, of the contracts among ``tickers``."""
    return [
        (contract.ticker, [Fraction(y, DOLLAR) for y in row])
        for contract, row in zip(event.contracts, states_of(event).payoffs, strict=True)
        if contract.ticker in tickers
    ]
