"""Stress scenarios, losses under them, and shortfalls of clearing-member groups.

Belongs here: scenario families S1, S2 and S5 as data, the loss of every book under a
scenario, and Cover-1/2. A scenario settles some events; contracts of all others keep
their marks. Source: stress-default-backtest.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reporting.model import terms as t
from reporting.model.errors import ModelError
from reporting.model.probabilities import possible_states, state_probabilities
from reporting.model.terms import EventTerms, has_listed_states, payoffs
from reporting.model.worst_case import checked
from reporting.units import INT64_MAX

VERSION = "1"
LARGEST_EVENTS = 20
MOST_STATES = 256
"""An event with more states than this is stressed contract by contract in S1."""
SURPRISE = "S1"
CATEGORY_SWEEP = "S2"
VOID = "S5"


@dataclass(frozen=True)
class EventBook:
    """One event with the books that hold it.

    terms; category; marks int64[n]; account_index int64[b], which book of the run each
    row is; quantities int64[b, n] net YES-equivalent in the order of ``terms.legs``;
    total_worst_case_micros: sum of W over the books, the size by which events rank;
    priced, settled: as in ``state_probabilities``.
    """

    terms: EventTerms
    category: str
    marks: np.ndarray
    account_index: np.ndarray
    quantities: np.ndarray
    total_worst_case_micros: int
    priced: np.ndarray | None = None
    settled: np.ndarray | None = None


@dataclass(frozen=True)
class Outcome:
    """How one event settles: what each contract pays, units of price."""

    event_ticker: str
    payoffs: tuple[int, ...]


@dataclass(frozen=True)
class Scenario:
    """One scenario: which events settle and how, in words and as payoffs."""

    scenario_id: str
    family: str
    words: str
    outcomes: tuple[Outcome, ...]
    event_ticker: str = ""
    category: str = ""
    state_label: str = ""
    version: str = VERSION
    owner: str = "risk"


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


def scenario_losses(
    scenario: Scenario, books: Mapping[str, EventBook], accounts: int
) -> np.ndarray:
    """Loss of every book under one scenario: int64[accounts] micros, gains negative.

    -sum of quantity x (payoff - mark) over the settled events. books: by event ticker;
    an event that nobody holds may be missing. An account here is one book: give the
    margined and the fully collateralised positions of an account as two.
    """
    losses = np.zeros(accounts, dtype=np.int64)
    bound = 0
    for outcome in scenario.outcomes:
        book = books.get(outcome.event_ticker)
        if book is None or not len(book.account_index):
            continue
        marks, quantities = checked(book.terms, book.marks, book.quantities)
        moves = marks - np.array(outcome.payoffs, dtype=np.int64)
        event_losses = quantities @ moves
        bound += int(np.abs(event_losses).max()) * int(np.bincount(book.account_index).max())
        if bound > INT64_MAX:
            raise ModelError("quantities", f"scenario {scenario.scenario_id}: exceeds int64")
        np.add.at(losses, book.account_index, event_losses)
    return losses


@dataclass(frozen=True)
class GroupLosses:
    """Per group, int64[groups], in the unit of the losses given.

    stressed_loss: losses of customers, none netted against another's gain, plus the net
    loss of the house, negative when it gains. margin_required: of all accounts.
    shortfall: what margin and the group's own fund contribution do not cover.
    """

    stressed_loss: np.ndarray
    margin_required: np.ndarray
    own_fund: np.ndarray
    shortfall: np.ndarray


def group_shortfalls(
    losses: np.ndarray,
    initial_margin: np.ndarray,
    account_group: np.ndarray,
    is_house: np.ndarray,
    own_fund: np.ndarray,
) -> GroupLosses:
    """Shortfall of each clearing-member group under one scenario.

    losses, initial_margin int64[accounts] and own_fund int64[groups] in one unit;
    account_group int64[accounts]; is_house bool[accounts]. Customers are not netted
    against each other: the sum of each one's loss beyond its margin. House accounts of a
    group net. House gains may cover customers, customers never cover the house.
    """
    groups = len(own_fund)
    house = np.asarray(is_house, dtype=bool)
    beyond = np.maximum(losses - initial_margin, 0)
    customer_short = _by_group(account_group, np.where(house, 0, beyond), groups)
    house_loss = _by_group(account_group, np.where(house, losses, 0), groups)
    house_margin = _by_group(account_group, np.where(house, initial_margin, 0), groups)
    customer_loss = _by_group(account_group, np.where(house, 0, np.maximum(losses, 0)), groups)
    house_gain = np.maximum(-house_loss, 0)
    uncovered = np.maximum(house_loss - house_margin, 0)
    uncovered = uncovered + np.maximum(customer_short - house_gain, 0)
    return GroupLosses(
        stressed_loss=customer_loss + house_loss,
        margin_required=_by_group(account_group, initial_margin, groups),
        own_fund=np.asarray(own_fund, dtype=np.int64),
        shortfall=np.maximum(uncovered - own_fund, 0),
    )


def _by_group(group: np.ndarray, values: np.ndarray, groups: int) -> np.ndarray:
    total = np.zeros(groups, dtype=np.int64)
    np.add.at(total, group, values)
    return total


@dataclass(frozen=True)
class Cover:
    """Cover-1 and Cover-2 per scenario, int64[s].

    cover_1_group: group of the largest shortfall; cover_2_groups int64[s, 2]: the two
    largest in order. -1 where no group has a shortfall; equal ones in group order.
    """

    cover_1: np.ndarray
    cover_1_group: np.ndarray
    cover_2: np.ndarray
    cover_2_groups: np.ndarray


def cover(shortfalls: np.ndarray) -> Cover:
    """Cover-1 = largest shortfall, Cover-2 = the two largest; shortfalls int64[s, groups]."""
    shortfalls = np.asarray(shortfalls, dtype=np.int64)
    order = np.argsort(-shortfalls, axis=1, kind="stable")[:, :2]
    largest = np.take_along_axis(shortfalls, order, axis=1)
    if shortfalls.shape[1] < 2:
        missing = 2 - shortfalls.shape[1]
        order = np.pad(order, ((0, 0), (0, missing)), constant_values=-1)
        largest = np.pad(largest, ((0, 0), (0, missing)))
    named = np.where(largest > 0, order, -1)
    return Cover(largest[:, 0], named[:, 0], largest.sum(axis=1), named)
