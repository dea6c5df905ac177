"""The minimum payout of books over the states of one event, and the first state that has it.

Belongs here: the three loops behind ``worst_case``, and the payoff changes between successive
states. Source: margin-model.md section 1.

Each loop is written once. numba compiles it for int64. The interpreter runs the same lines
(``py_func``) on unbounded Python integers, which lets the calculators accept quantities and
prices with any number of decimals.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import comb

import numpy as np
from numba import njit

from reporting.model.events import terms as t
from reporting.model.events.terms import EventTerms, has_state_numbers, state_count

NO_LISTED_STATE = -1


@dataclass(frozen=True)
class Books:
    """Positions of many books in one event, book after book.

    Book b holds the positions start[b] to start[b+1]-1: leg, int64 index; qty, int64 or
    Python integers, net YES-equivalent. Legs may appear in any order and more than once.
    """

    start: np.ndarray
    leg: np.ndarray
    qty: np.ndarray

    @classmethod
    def from_table(cls, quantities: np.ndarray) -> "Books":
        """Books from a table of quantities [books, legs]."""
        books, legs = quantities.shape
        start = np.arange(0, books * legs + 1, legs)
        return cls(start, np.tile(np.arange(legs), books), quantities.ravel())

    def table(self, legs: int) -> np.ndarray:
        """Quantities [books, legs]."""
        quantities = np.zeros((len(self), legs), dtype=self.qty.dtype)
        book = np.repeat(np.arange(len(self)), np.diff(self.start))
        np.add.at(quantities, (book, self.leg), self.qty)
        return quantities

    def chosen(self, which: np.ndarray) -> "Books":
        """The books where ``which``, bool[books], is true, in order."""
        sizes = np.diff(self.start)
        rows = np.repeat(which, sizes)
        start = np.concatenate(([0], np.cumsum(sizes[which])))
        return Books(start, self.leg[rows], self.qty[rows])

    def __len__(self) -> int:
        return len(self.start) - 1


def min_payout(terms: EventTerms, books: Books) -> tuple[np.ndarray, np.ndarray]:
    """Minimum payout of each book over the non-void states, and the lowest state that has it.

    The state is -1 if there are too many states to number. The caller rules out overflow.
    """
    value = np.zeros(len(books), dtype=books.qty.dtype)
    state = np.full(len(books), NO_LISTED_STATE, dtype=np.int64)
    legs, numbered = len(terms.legs), has_state_numbers(terms)
    if terms.structure == t.K_OF_N:
        value, state = _exactly(terms.k, legs, books, numbered)
        value *= terms.payout
    elif terms.structure == t.AT_LEAST_K:
        # Every negative quantity loses by winning; the fewest winners of equals come first.
        winners = np.zeros(len(books), dtype=np.int64)
        _run(_negative_legs, books, legs, winners)
        winners = np.maximum(winners, terms.k)
        for size in np.unique(winners).tolist():
            own = winners == size
            value[own], rank = _exactly(size, legs, books.chosen(own), numbered)
            before = sum(comb(legs, smaller) for smaller in range(terms.k, size))
            state[own] = before + rank if numbered else NO_LISTED_STATE
        value *= terms.payout
    elif terms.structure == t.BINARIES:
        _run(_single_worst, books, legs, numbered, value, state)
        value *= terms.payout
    else:
        _run(_sweep, books, *_changes(terms, books.qty.dtype), value, state)
    return value, state


def payout_at(prices: np.ndarray, books: Books) -> np.ndarray:
    """Value of each book at the given leg prices: the sum of quantity x price."""
    value = np.zeros(len(books), dtype=books.qty.dtype)
    _run(_add_up, books, prices, value)
    return value


def first_leg_beyond(limit: int, legs: int, books: Books) -> int:
    """The lowest leg in which any book holds more than ``limit``; ``legs`` if there is none.

    Absolute quantities in the same leg add up, so neither the order of positions nor an
    overflowing sum can hide a breach. int64 books only.
    """
    return _first_leg_beyond(books.start, books.leg, books.qty, limit, legs)


def _exactly(k: int, legs: int, books: Books, numbered: bool) -> tuple[np.ndarray, np.ndarray]:
    """The k smallest quantities of each book added up, and the rank of that combination."""
    value = np.zeros(len(books), dtype=books.qty.dtype)
    rank = np.full(len(books), NO_LISTED_STATE, dtype=np.int64)
    skipped = _skipped(legs, k) if numbered else np.zeros((0, 0), dtype=np.int64)
    _run(_k_smallest, books, legs, k, skipped, value, rank)
    return value, rank


def _run(loop: Callable, books: Books, *arguments) -> None:
    """Compiled for int64, interpreted for Python integers."""
    exact = loop.py_func if books.qty.dtype == object else loop
    exact(books.start, books.leg, books.qty, *arguments)


def _changes(terms: EventTerms, dtype) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    """Payoff changes of each leg from one state to the next, starting from zero.

    Returns the number of states, and start, state, amount: leg i changes by amount[k] at
    state[k], for k from start[i] to start[i+1]-1.
    """
    legs = np.arange(len(terms.legs))
    states = state_count(terms) - len(terms.void_states)
    if terms.structure in (t.LADDER_BRACKETS, t.MATRIX):
        change = np.diff(np.array(terms.payoffs, dtype=dtype), axis=1, prepend=0)
        leg, state = np.nonzero(change)
        amount = change[leg, state]
    else:
        # A leg pays in one state; in a ladder and a binary, from one state to the last.
        is_ladder = terms.structure in (t.LADDER, t.BINARY, t.COMBINATION)
        first = legs + is_ladder
        after = np.full(len(legs), states) if is_ladder else first + 1
        leg, state = np.repeat(legs, 2), np.column_stack((first, after)).ravel()
        amount = np.tile(np.array([terms.payout, -terms.payout], dtype=dtype), len(legs))
        leg, state, amount = (array[state < states] for array in (leg, state, amount))
    start = np.searchsorted(leg, np.append(legs, len(legs)))
    return states, start, np.ascontiguousarray(state), amount


def _skipped(legs: int, k: int) -> np.ndarray:
    """skipped[place, x]: number of combinations skipped when this place starts at leg x."""
    counts = [[comb(legs - 1 - leg, k - 1 - place) for leg in range(legs)] for place in range(k)]
    return np.pad(np.cumsum(counts, axis=1, dtype=np.int64), ((0, 0), (1, 0)))


@njit(nogil=True, cache=True)
def _sweep(start, leg, qty, states, change_start, change_state, change_amount, value, state):
    """The payout changes between states by the payoff changes of the legs held."""
    moves = np.zeros(states, dtype=qty.dtype)
    for book in range(len(value)):
        for i in range(start[book], start[book + 1]):
            for k in range(change_start[leg[i]], change_start[leg[i] + 1]):
                moves[change_state[k]] += qty[i] * change_amount[k]
        payout = lowest = moves[0]
        state[book] = 0
        for s in range(1, states):
            payout += moves[s]
            if payout < lowest:
                lowest = payout
                state[book] = s
        value[book] = lowest
        moves[:] = 0


@njit(nogil=True, cache=True)
def _k_smallest(start, leg, qty, legs, k, skipped, value, state):
    """Sum of the k smallest quantities; the state is the rank of that combination.

    Ties go to the lowest legs, which gives the first such combination in lexicographic order.
    ``skipped`` is empty if states have no number.
    """
    held, smallest = np.zeros(legs, dtype=qty.dtype), np.zeros(k + 1, dtype=qty.dtype)
    for book in range(len(value)):
        held[:] = 0
        for i in range(start[book], start[book + 1]):
            held[leg[i]] += qty[i]
        for x in range(legs):
            # Insertion sort; the element after the k smallest is dropped.
            place = min(x, k)
            while place > 0 and smallest[place - 1] > held[x]:
                smallest[place] = smallest[place - 1]
                place -= 1
            smallest[place] = held[x]
        largest = smallest[k - 1]
        equal = k
        for x in range(legs):
            equal -= held[x] < largest
        place, rank, previous = 0, 0, -1
        for x in range(legs):
            if held[x] < largest or (held[x] == largest and equal > 0):
                equal -= held[x] == largest
                value[book] += held[x]
                if len(skipped):
                    rank += skipped[place, x] - skipped[place, previous + 1]
                place, previous = place + 1, x
        if len(skipped):
            state[book] = rank


@njit(nogil=True, cache=True)
def _negative_legs(start, leg, qty, legs, count):
    """Number of legs in which the net quantity is below zero."""
    held = np.zeros(legs, dtype=qty.dtype)
    for book in range(len(count)):
        held[:] = 0
        for i in range(start[book], start[book + 1]):
            held[leg[i]] += qty[i]
        for x in range(legs):
            count[book] += held[x] < 0


@njit(nogil=True, cache=True)
def _single_worst(start, leg, qty, legs, numbered, value, state):
    """Each contract on its own worst side; the state is a binary number, yes 0 and no 1."""
    held = np.zeros(legs, dtype=qty.dtype)
    for book in range(len(value)):
        held[:] = 0
        for i in range(start[book], start[book + 1]):
            held[leg[i]] += qty[i]
        number = 0
        for x in range(legs):
            value[book] += min(held[x], 0)
            number = 2 * number + (held[x] > 0)
        if numbered:
            state[book] = number


@njit(nogil=True, cache=True)
def _add_up(start, leg, qty, prices, value):
    for book in range(len(value)):
        for i in range(start[book], start[book + 1]):
            value[book] += qty[i] * prices[leg[i]]


@njit(nogil=True, cache=True)
def _first_leg_beyond(start, leg, qty, limit, legs):
    # limit is at most half of the int64 maximum, so the sum of two quantities cannot overflow.
    held, first = np.zeros(legs, dtype=np.int64), legs
    for book in range(len(start) - 1):
        for i in range(start[book], start[book + 1]):
            if -limit <= qty[i] <= limit and held[leg[i]] <= limit:
                held[leg[i]] += abs(qty[i])
            else:
                held[leg[i]] = limit + 1
        for i in range(start[book], start[book + 1]):
            if held[leg[i]] > limit:
                first = min(first, leg[i])
            held[leg[i]] = 0
    return first
