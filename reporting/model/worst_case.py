"""The exact worst-case loss of books in one event.

Belongs here: closed forms per structure, the plain enumeration beside them, and the
loss without netting. All in integers: quantity (1e-2 contracts) x price (1e-4 USD) is
micros (1e-6 USD). Source: margin-model.md section 1.

Arrays are int64 and checked against overflow before anything is multiplied. Arrays of
Python integers (dtype object) go through the same code without a bound: that is how the
calculators handle quantities and prices with any number of decimals.
"""

from dataclasses import dataclass
from math import comb

import numpy as np

from reporting.model import terms as t
from reporting.model.errors import ModelError
from reporting.model.terms import (
    EventTerms,
    has_state_numbers,
    payoffs,
    state_count,
)
from reporting.units import INT64_MAX

NO_LISTED_STATE = -1


@dataclass(frozen=True)
class WorstCase:
    """Worst case of each book, arrays over books.

    loss_micros: W, the largest loss over the states against the marks; exact, and below
    zero where the marks promise a sure gain. state_index: the lowest state that gives
    it, -1 where states are too many to number (k of n, binaries). premium_micros: F, what
    the book needs beyond premiums already paid, max(0, -least payout).
    least_payout_micros: the least value of the book over the states, so that W =
    mark_value_micros - least_payout_micros, that is S + F' with F' = -least payout, unfloored.
    """

    loss_micros: np.ndarray
    state_index: np.ndarray
    premium_micros: np.ndarray
    mark_value_micros: np.ndarray
    least_payout_micros: np.ndarray


def worst_case(terms: EventTerms, marks: np.ndarray, quantities: np.ndarray) -> WorstCase:
    """W, its state and F for each book in one event, by the structure's closed form.

    marks: int64[n] price of YES per leg. quantities: int64[a, n] net YES-equivalent per
    book and leg, in the order of ``terms.legs``. O(n) per book (k of n: a sort).
    Raises ModelError naming marks or quantities.
    """
    marks, books = checked(terms, marks, quantities)
    value, state = _least_payout(terms, books)
    mark_value = books @ marks
    if terms.void is not None:
        void_value = mark_value
        if terms.void == t.VOID_HALF:
            void_value = books.sum(axis=1) * (terms.payout // 2)
        lower = void_value < value
        value = np.where(lower, void_value, value)
        if has_state_numbers(terms):
            state = np.where(lower, state_count(terms) - 1, state)
    return WorstCase(
        loss_micros=mark_value - value,
        state_index=state,
        premium_micros=np.maximum(-value, 0),
        mark_value_micros=mark_value,
        least_payout_micros=value,
    )


def event_losses(terms: EventTerms, marks: np.ndarray, quantities: np.ndarray) -> np.ndarray:
    """Loss of each book in every state, by plain enumeration: int64[a, m] micros.

    The independent check of ``worst_case``. Raises ModelError also when the event has
    more than MAX_STATES states.
    """
    marks, books = checked(terms, marks, quantities)
    matrix, _ = payoffs(terms, marks)
    return (books @ marks)[:, None] - books @ matrix


def unlisted_state_label(terms: EventTerms, state_index: int) -> str:
    """A state in words, of an event with too many to list; empty where it has no number."""
    if state_index == NO_LISTED_STATE:
        return ""
    if terms.void is not None and state_index == state_count(terms) - 1:
        return "void"
    if terms.structure in (t.EXCLUSIVE, t.EXCLUSIVE_EXHAUSTIVE):
        return "none" if state_index == len(terms.legs) else terms.labels[state_index]
    if terms.state_labels:
        return terms.state_labels[state_index]
    return f"first {state_index} pay" if terms.structure == t.LADDER else f"state {state_index}"


def gross_worst_case(terms: EventTerms, marks: np.ndarray, quantities: np.ndarray) -> np.ndarray:
    """Worst case contract by contract, without netting: int64[a] micros, never below W."""
    marks, books = checked(terms, marks, quantities)
    lowest, highest = _payoff_range(terms, marks)
    return np.maximum(books * (marks - lowest), books * (marks - highest)).sum(axis=1)


def checked(terms: EventTerms, marks, quantities) -> tuple[np.ndarray, np.ndarray]:
    """Marks and quantities as exact integer arrays, refused when anything could overflow."""
    where = f"event {terms.event_ticker}"
    marks, books = _integers("marks", where, marks), _integers("quantities", where, quantities)
    n = len(terms.legs)
    if marks.shape != (n,):
        raise ModelError("marks", f"{where}: needs {n} prices, got shape {marks.shape}")
    if books.ndim != 2 or books.shape[1] != n:
        raise ModelError("quantities", f"{where}: needs {n} per book, got shape {books.shape}")
    ceiling = terms.payout
    if terms.structure == t.MATRIX:
        ceiling = max(ceiling, max(max(row) for row in terms.payoffs))
    for leg, mark in zip(terms.legs, marks.tolist(), strict=True):
        if not (terms.structure == t.MATRIX or 0 <= mark <= ceiling):
            raise ModelError("marks", f"{where}: mark of {leg} is outside 0..{ceiling}: {mark}")
    if object in (marks.dtype, books.dtype):
        return marks.astype(object), books.astype(object)
    factor = n * max(ceiling, 1, *(abs(mark) for mark in marks.tolist()))
    if terms.structure == t.MATRIX:
        factor = max(factor, n * max(abs(value) for row in terms.payoffs for value in row))
    # A loss is the difference of two such sums, hence the 2.
    limit = INT64_MAX // (2 * factor)
    if books.size:
        # As Python integers: the negative of the least int64 has no int64.
        highs, lows = books.max(axis=0).tolist(), books.min(axis=0).tolist()
        for leg, high, low in zip(terms.legs, highs, lows, strict=True):
            if max(high, -low) > limit:
                raise ModelError(
                    "quantities", f"{where}: net quantity of {leg} is beyond {limit}, too large"
                )
    return marks, books


def _integers(field: str, where: str, values) -> np.ndarray:
    array = np.asarray(values)
    if array.dtype == object:
        if not all(type(value) is int for value in array.flat):
            raise ModelError(field, f"{where}: must be whole numbers")
        return array
    if array.size and array.dtype.kind not in "iu":
        raise ModelError(field, f"{where}: must be whole numbers, not {array.dtype}")
    if array.dtype.kind == "u" and array.size and int(array.max()) > INT64_MAX:
        raise ModelError(field, f"{where}: a value is beyond int64")
    return array.astype(np.int64)


def _least_payout(terms: EventTerms, books: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least payout over the states without the void, and the lowest state that gives it."""
    if terms.structure in (t.BINARY, t.COMBINATION):
        value = np.minimum(books[:, 0], 0)
        return value * terms.payout, np.where(books[:, 0] <= 0, 0, 1)
    if terms.structure == t.EXCLUSIVE_EXHAUSTIVE:
        return books.min(axis=1) * terms.payout, _first_least(books)
    if terms.structure == t.EXCLUSIVE:
        least = books.min(axis=1)
        state = np.where(least > 0, books.shape[1], _first_least(books))
        return np.minimum(least, 0) * terms.payout, state
    if terms.structure == t.LADDER:
        prefix = np.cumsum(books, axis=1)
        least = prefix.min(axis=1)
        state = np.where(least < 0, _first_least(prefix) + 1, 0)
        return np.minimum(least, 0) * terms.payout, state
    if terms.structure == t.K_OF_N:
        return _k_smallest(terms, books)
    if terms.structure == t.BINARIES:
        return _single_worst(terms, books)
    return _sweep(payoffs_table(terms, books.dtype), books)


def _first_least(values: np.ndarray) -> np.ndarray:
    return np.argmin(values, axis=1).astype(np.int64)


def payoffs_table(terms: EventTerms, dtype) -> np.ndarray:
    """The payoff table of ladder_brackets or matrix, contracts x states, no void."""
    return np.array(terms.payoffs, dtype=dtype)


def _sweep(table: np.ndarray, books: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """From state to state only the contracts whose payoff changes are touched.

    On one variable each contract changes at most twice, so a book costs O(n).
    """
    value = books @ table[:, 0]
    least, state = value.copy(), np.zeros(len(books), dtype=np.int64)
    for column in range(1, table.shape[1]):
        change = table[:, column] - table[:, column - 1]
        touched = np.flatnonzero(change)
        value = value + books[:, touched] @ change[touched]
        lower = value < least
        least = np.where(lower, value, least)
        state = np.where(lower, column, state)
    return least, state


def _k_smallest(terms: EventTerms, books: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sum of the k smallest quantities; the state is the rank of that combination.

    A stable sort takes the lowest legs among equal quantities, which is the first such
    combination in lexicographic order.
    """
    n, k = len(terms.legs), terms.k
    chosen = np.argsort(books, axis=1, kind="stable")[:, :k]
    value = np.take_along_axis(books, chosen, axis=1).sum(axis=1) * terms.payout
    if not has_state_numbers(terms):
        return value, np.full(len(books), NO_LISTED_STATE, dtype=np.int64)
    chosen = np.sort(chosen, axis=1)
    state = np.zeros(len(books), dtype=np.int64)
    previous = np.full(len(books), -1, dtype=np.int64)
    for place in range(k):
        # skipped[x]: combinations passed over by starting this place at leg x, not 0
        counts = [comb(n - 1 - leg, k - 1 - place) for leg in range(n)]
        skipped = np.concatenate(([0], np.cumsum(counts)))
        state += skipped[chosen[:, place]] - skipped[previous + 1]
        previous = chosen[:, place]
    return value, state


def _single_worst(terms: EventTerms, books: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each contract on its own worst side; the state counts in binary, yes 0 and no 1."""
    value = np.minimum(books, 0).sum(axis=1) * terms.payout
    if not has_state_numbers(terms):
        return value, np.full(len(books), NO_LISTED_STATE, dtype=np.int64)
    weights = 2 ** np.arange(len(terms.legs) - 1, -1, -1, dtype=np.int64)
    return value, (books > 0).astype(np.int64) @ weights


def _payoff_range(terms: EventTerms, marks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest payoff of each contract over the states, the void included."""
    if terms.structure in (t.MATRIX, t.LADDER_BRACKETS):
        table, _ = payoffs(terms, marks)
        return table.min(axis=1).astype(marks.dtype), table.max(axis=1).astype(marks.dtype)
    highest = np.full(len(terms.legs), terms.payout, dtype=marks.dtype)
    all_win = terms.structure == t.K_OF_N and terms.k == len(terms.legs)
    if all_win or (terms.structure == t.EXCLUSIVE_EXHAUSTIVE and len(terms.legs) == 1):
        lowest = highest.copy()
        if terms.void is not None:
            lowest = marks if terms.void == t.VOID_LAST else highest // 2
        return lowest, highest
    # A void between 0 and the payout adds nothing to a contract that may pay either.
    return np.zeros_like(highest), highest
