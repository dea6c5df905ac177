"""Netting of combinations with their legs, by enumeration: model section 1.

Belongs here: groups of combinations and leg events of one book, their joint worst case and the
credit. Money is whole micros.

Interpretation where the specification is open:

- The states of a leg event that the book does not hold count as well, because the combination
  pays by them.
- A combination is not netted, and stands alone at its own W, where a leg cannot be read or is not
  known, is a combination, may settle at a fair price or pay outside 0 and 1, where its legs' events
  have more than 4,096 joint states, or where it may be void itself.
- A group without a position in a leg event has no credit, nor one with too many joint states.
- A joint worst case with a fraction of a micro is rounded up, the credit down.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from reporting.replica.listed import COMBINATION, FAIR, ListedEvent, quantities_of
from reporting.replica.schedule import DOLLAR
from reporting.replica.states import MAX_LISTED_STATES, is_listed, state_count, states_of
from reporting.replica.worst_case import EventWorstCase, cost_micros


@dataclass(frozen=True)
class Credit:
    """A netting group: its held events, and their worst-case losses separately and jointly."""

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
    worst_cases: Mapping[str, EventWorstCase],
) -> list[Credit]:
    """The credits of a book; ``worst_cases``: W of each event that it holds.

    A group's worst case is its largest joint loss with the sure gains of its leg events added
    back, at least 0 and at most the sum of the single ones.
    """
    netted = [name for name in sorted(worst_cases) if _can_be_netted(name, events)]
    credits = []
    for group in _groups(netted, events):
        legs = sorted({leg.event for name in group for leg in events[name].legs})
        held_legs = [name for name in legs if name in worst_cases]
        if not held_legs or _joint_states(legs, events) > MAX_LISTED_STATES:
            continue
        joint = math.ceil(_largest_joint_loss(book, group, legs, events))
        sure_gains = sum(max(0, -worst_cases[name].micros) for name in held_legs)
        counted = tuple(sorted({*group, *held_legs}))
        single = sum(worst_cases[name].loss_micros for name in counted)
        credits.append(Credit(tuple(group), counted, single, max(0, joint + sure_gains)))
    return [credit for credit in credits if credit.micros > 0]


def _can_be_netted(name: str, events: Mapping[str, ListedEvent]) -> bool:
    combination = events[name]
    if combination.structure != COMBINATION or not combination.legs or combination.voids:
        return False
    for leg in combination.legs:
        event = events.get(leg.event)
        if event is None or event.structure == COMBINATION or FAIR in event.voids:
            return False
        if not is_listed(event):
            return False
        numbers = [n for n, c in enumerate(event.contracts) if c.ticker == leg.ticker]
        if not numbers or any(not 0 <= y <= DOLLAR for y in states_of(event).payoffs[numbers[0]]):
            return False
    return _joint_states({leg.event for leg in combination.legs}, events) <= MAX_LISTED_STATES


def _joint_states(legs: Sequence[str] | set[str], events: Mapping[str, ListedEvent]) -> int:
    return math.prod(state_count(events[name]) for name in legs)


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


def _largest_joint_loss(
    book: Mapping[str, int], group: list[str], legs: list[str], events: Mapping[str, ListedEvent]
) -> Fraction:
    """The largest loss over the product of the states of the leg events."""
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
