"""The exact worst-case loss of books in one event.

Belongs here: W from the minimum payout over the states (``min_payout``), plain enumeration as
its check, and the loss without netting. All integers: quantity (1e-2 contracts) x price (1e-4
USD) is micros (1e-6 USD). Source: margin-model.md section 1.

int64 arrays are checked for overflow before any multiplication. Arrays of Python integers
(dtype object) run through the same code without a bound, so that the calculators accept
quantities and prices with any number of decimals.
"""

from dataclasses import dataclass

import numpy as np

from reporting.model.errors import ModelError
from reporting.model.events import terms as t
from reporting.model.events.terms import EventTerms, has_state_numbers, payoffs, state_count
from reporting.model.margin.min_payout import (
    NO_LISTED_STATE,
    Books,
    first_leg_beyond,
    min_payout,
    payout_at,
)
from reporting.units import INT64_MAX


@dataclass(frozen=True)
class WorstCase:
    """Worst case of each book, arrays over books.

    loss_micros: W, the largest loss against the marks over the states; exact, and negative if
    the marks imply a sure gain. state_index: the lowest state with that loss, -1 if there are
    too many states to number (k of n, binaries). premium_micros: F = max(0, -minimum payout),
    the requirement beyond premiums already paid. min_payout_micros: minimum value of the book
    over the states; W = mark_value_micros - min_payout_micros, that is S + F' with F' the
    unfloored F.
    """

    loss_micros: np.ndarray
    state_index: np.ndarray
    premium_micros: np.ndarray
    mark_value_micros: np.ndarray
    min_payout_micros: np.ndarray


def worst_case(terms: EventTerms, marks: np.ndarray, quantities: np.ndarray) -> WorstCase:
    """W, its state and F of each book in one event.

    marks: int64[n], price of YES per leg. quantities: int64[a, n], net YES-equivalent per book
    and leg, in the order of ``terms.legs``. Raises ModelError naming marks or quantities.
    """
    marks, table = checked(terms, marks, quantities)
    return _worst_case(terms, marks, Books.from_table(table))


def worst_case_of_books(terms: EventTerms, marks: np.ndarray, books: Books) -> WorstCase:
    """The same for int64 books given as positions. Raises ModelError as ``worst_case``.

    Takes O(positions + books x states), or books x legs if the states are not numbered.
    """
    marks = _checked_marks(terms, marks)
    limit = _max_quantity(terms, marks)
    beyond = first_leg_beyond(limit, len(terms.legs), books)
    if beyond < len(terms.legs):
        raise _too_large(terms, terms.legs[beyond], limit)
    return _worst_case(terms, marks, books)


def _worst_case(terms: EventTerms, marks: np.ndarray, books: Books) -> WorstCase:
    value, state = min_payout(terms, books)
    mark_value = payout_at(marks, books)
    if terms.void is not None:
        void_value = mark_value
        if terms.void == t.VOID_HALF:
            void_value = payout_at(np.full_like(marks, terms.payout // 2), books)
        lower = void_value < value
        value = np.where(lower, void_value, value)
        if has_state_numbers(terms):
            state = np.where(lower, state_count(terms) - 1, state)
    return WorstCase(
        loss_micros=mark_value - value,
        state_index=state,
        premium_micros=np.maximum(-value, 0),
        mark_value_micros=mark_value,
        min_payout_micros=value,
    )


def event_losses(terms: EventTerms, marks: np.ndarray, quantities: np.ndarray) -> np.ndarray:
    """Loss of each book in every state, by enumeration: int64[a, m] micros.

    The independent check of ``worst_case``. Also raises ModelError for more than MAX_STATES
    states.
    """
    marks, books = checked(terms, marks, quantities)
    matrix, _ = payoffs(terms, marks)
    return (books @ marks)[:, None] - books @ matrix


def unlisted_state_label(terms: EventTerms, state_index: int) -> str:
    """Label of a state of an event with too many states to list; "" if it has no number."""
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
    """Worst case contract by contract, without netting: int64[a] micros, at least W."""
    marks, books = checked(terms, marks, quantities)
    lowest, highest = payoff_range(terms, marks)
    return np.maximum(books * (marks - lowest), books * (marks - highest)).sum(axis=1)


def checked(terms: EventTerms, marks, quantities) -> tuple[np.ndarray, np.ndarray]:
    """Marks and quantities as integer arrays. Raises ModelError if a product could overflow."""
    where = f"event {terms.event_ticker}"
    marks, books = _checked_marks(terms, marks), _integers("quantities", where, quantities)
    n = len(terms.legs)
    if books.ndim != 2 or books.shape[1] != n:
        raise ModelError("quantities", f"{where}: needs {n} per book, got shape {books.shape}")
    if object in (marks.dtype, books.dtype):
        return marks.astype(object), books.astype(object)
    limit = _max_quantity(terms, marks)
    if books.size:
        # As Python integers: the negative of the smallest int64 is not an int64.
        highs, lows = books.max(axis=0).tolist(), books.min(axis=0).tolist()
        for leg, high, low in zip(terms.legs, highs, lows, strict=True):
            if max(high, -low) > limit:
                raise _too_large(terms, leg, limit)
    return marks, books


def _checked_marks(terms: EventTerms, marks) -> np.ndarray:
    where, n = f"event {terms.event_ticker}", len(terms.legs)
    marks = _integers("marks", where, marks)
    if marks.shape != (n,):
        raise ModelError("marks", f"{where}: needs {n} prices, got shape {marks.shape}")
    if terms.structure != t.MATRIX:
        for leg, mark in zip(terms.legs, marks.tolist(), strict=True):
            if not 0 <= mark <= terms.payout:
                raise ModelError(
                    "marks", f"{where}: mark of {leg} is outside 0..{terms.payout}: {mark}"
                )
    return marks


def _max_quantity(terms: EventTerms, marks: np.ndarray) -> int:
    """The largest net quantity of a leg for which no int64 sum can overflow."""
    prices = [1, terms.payout, *map(abs, marks.tolist())]
    if terms.structure in (t.LADDER_BRACKETS, t.MATRIX):
        prices += [max(max(row), -min(row)) for row in terms.payoffs]
    # A loss is the difference of two sums over the legs, hence the 2.
    return INT64_MAX // (2 * len(terms.legs) * max(prices))


def _too_large(terms: EventTerms, leg: str, limit: int) -> ModelError:
    return ModelError(
        "quantities",
        f"event {terms.event_ticker}: net quantity of {leg} is beyond {limit}, too large",
    )


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


def payoff_range(terms: EventTerms, marks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Minimum and maximum payoff of each contract over the states, including the void."""
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
    # A void payoff between 0 and the payout does not widen the range.
    return np.zeros_like(highest), highest
