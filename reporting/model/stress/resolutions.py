"""Scenarios that settle events: surprise resolution, category sweep and void.

Belongs here: which events settle at which payoffs. What a book loses by it is in
``losses``. Source: stress-default-backtest.md, S1, S2 and S5.
"""

from collections.abc import Sequence

import numpy as np

from reporting.model import terms as t
from reporting.model.probabilities import possible_states, state_probabilities
from reporting.model.stress.events import EventBook, Outcome, Scenario
from reporting.model.terms import has_listed_states, payoffs

LARGEST_EVENTS = 20
MOST_STATES = 256
"""An event with more states than this is stressed contract by contract in S1."""
SURPRISE = "S1"
CATEGORY_SWEEP = "S2"
VOID = "S5"


def scenario_library(books: Sequence[EventBook]) -> tuple[Scenario, ...]:
    """S1, S2 and S5 for one day, in that order, the same for any order of ``books``."""
    return (*surprise_resolutions(books), *category_sweeps(books), *voids(books))


def largest_events(books: Sequence[EventBook], count: int = LARGEST_EVENTS) -> list[EventBook]:
    """The events with the largest total worst case; ties by event ticker."""
    return sorted(books, key=_by_size)[:count]


def _by_size(book: EventBook) -> tuple[int, str]:
    return -book.total_worst_case_micros, book.terms.event_ticker


def _by_event(book: EventBook) -> str:
    return book.terms.event_ticker


def surprise_resolutions(books: Sequence[EventBook]) -> tuple[Scenario, ...]:
    """S1: each of the largest events settles, at once, in each state still possible.

    The void state is left to S5. Contracts without known joint states, and events of
    more than MOST_STATES states, settle one contract at a time, the others at marks.
    """
    scenarios = []
    for book in largest_events(books):
        event = book.terms.event_ticker
        for number, (label, column) in enumerate(_states(book)):
            scenarios.append(
                Scenario(
                    scenario_id=f"S1-{event}-{number:03d}",
                    family=SURPRISE,
                    words=f"{event} settles at once: {label}",
                    outcomes=(Outcome(event, column),),
                    event_ticker=event,
                    category=book.category,
                    state_label=label,
                )
            )
    return tuple(scenarios)


def _states(book: EventBook) -> list[tuple[str, tuple[int, ...]]]:
    terms, marks = book.terms, np.asarray(book.marks)
    if terms.structure != t.BINARIES and has_listed_states(terms):
        matrix, labels = payoffs(terms, marks)
        possible = possible_states(terms, marks, book.settled).tolist()
        if len(possible) <= MOST_STATES:
            return [(labels[j], _column(matrix[:, j])) for j in possible]
    alone = []
    for leg, label in enumerate(terms.labels):
        if book.settled is not None and book.settled[leg]:
            continue
        for word, price in (("yes", terms.payout), ("no", 0)):
            column = marks.copy()
            column[leg] = price
            alone.append((f"{label}: {word}, the others unsettled", _column(column)))
    return alone


def _column(values) -> tuple[int, ...]:
    return tuple(int(value) for value in values)


def category_sweeps(books: Sequence[EventBook]) -> tuple[Scenario, ...]:
    """S2: per category, every event settles in its least likely state."""
    scenarios = []
    for category in sorted({book.category for book in books}):
        swept = sorted((book for book in books if book.category == category), key=_by_event)
        outcomes = tuple(Outcome(book.terms.event_ticker, least_likely(book)[1]) for book in swept)
        scenarios.append(
            Scenario(
                scenario_id=f"S2-{category or 'none'}",
                family=CATEGORY_SWEEP,
                words=f"All favourites of {category or 'no category'} lose, all longshots win",
                outcomes=outcomes,
                category=category,
                state_label="least likely state of every event",
            )
        )
    return tuple(scenarios)


def least_likely(book: EventBook) -> tuple[str, tuple[int, ...]]:
    """The least likely possible state (label, payoffs): the lowest of equals, never the void.

    States that the priced legs cannot tell apart count as one, with their joint
    probability: a leg that nobody trades is no longshot. A ladder or table with too many
    states to list counts as binaries: each favourite loses.
    """
    terms, marks = book.terms, np.asarray(book.marks)
    listed = has_listed_states(terms)
    if not listed and terms.structure in (t.K_OF_N, t.EXCLUSIVE, t.EXCLUSIVE_EXHAUSTIVE):
        return _cheapest_win(book)
    if not listed or terms.structure == t.BINARIES:
        pays = np.where(marks * 2 < terms.payout, terms.payout, 0)
        if book.settled is not None:
            pays = np.where(book.settled, marks, pays)
        return "every favourite loses", _column(pays)
    matrix, labels = payoffs(terms, marks)
    probabilities, _ = state_probabilities(terms, marks, book.priced, book.settled)
    possible = possible_states(terms, marks, book.settled)
    seen = matrix if book.priced is None else matrix[book.priced]
    joint: dict[bytes, float] = {}
    first: dict[bytes, int] = {}
    for state in possible.tolist():
        key = seen[:, state].tobytes()
        joint[key] = joint.get(key, 0.0) + probabilities[state]
        first.setdefault(key, state)
    state = first[min(joint, key=joint.__getitem__)]
    return labels[state], _column(matrix[:, state])


def _cheapest_win(book: EventBook) -> tuple[str, tuple[int, ...]]:
    """Of winners with too many states to list: the cheapest priced legs that may win do."""
    terms, marks = book.terms, np.asarray(book.marks)
    n = len(terms.legs)
    settled = np.zeros(n, dtype=bool) if book.settled is None else book.settled
    priced = np.ones(n, dtype=bool) if book.priced is None else book.priced
    pays = np.where(settled, marks, 0)
    winners = max(0, (terms.k or 1) - int((pays == terms.payout).sum()))
    free = np.flatnonzero(priced & ~settled)
    chosen = free[np.argsort(marks[free], kind="stable")[:winners]]
    pays[chosen] = terms.payout
    return "the cheapest win: " + " + ".join(terms.labels[leg] for leg in chosen), _column(pays)


def voids(books: Sequence[EventBook]) -> tuple[Scenario, ...]:
    """S5: each of the largest events is void, at 50/50 and at the last price."""
    scenarios = []
    for book in largest_events(books):
        event, half = book.terms.event_ticker, book.terms.payout // 2
        forms = (
            ("half", "void at 50/50", (half,) * len(book.terms.legs)),
            ("last", "void at the last price", _column(np.asarray(book.marks))),
        )
        for name, label, column in forms:
            scenarios.append(
                Scenario(
                    scenario_id=f"S5-{event}-{name}",
                    family=VOID,
                    words=f"{event} is {label}",
                    outcomes=(Outcome(event, column),),
                    event_ticker=event,
                    category=book.category,
                    state_label=label,
                )
            )
    return tuple(scenarios)
