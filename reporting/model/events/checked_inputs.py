"""Marks and quantities of an event as integer arrays, checked against its terms.

Belongs here: the checks that come before any product of quantity and price.
"""

import numpy as np

from reporting.model.errors import ModelError
from reporting.model.events import terms as t
from reporting.model.events.terms import EventTerms
from reporting.units import INT64_MAX


def checked(terms: EventTerms, marks, quantities) -> tuple[np.ndarray, np.ndarray]:
    """Marks and quantities as integer arrays. Raises ModelError if a product could overflow."""
    where = f"event {terms.event_ticker}"
    marks, books = checked_marks(terms, marks), _integers("quantities", where, quantities)
    n = len(terms.legs)
    if books.ndim != 2 or books.shape[1] != n:
        raise ModelError("quantities", f"{where}: needs {n} per book, got shape {books.shape}")
    if object in (marks.dtype, books.dtype):
        return marks.astype(object), books.astype(object)
    limit = max_quantity(terms, marks)
    if books.size:
        # As Python integers: the negative of the smallest int64 is not an int64.
        highs, lows = books.max(axis=0).tolist(), books.min(axis=0).tolist()
        for leg, high, low in zip(terms.legs, highs, lows, strict=True):
            if max(high, -low) > limit:
                raise quantity_too_large(terms, leg, limit)
    return marks, books


def checked_marks(terms: EventTerms, marks) -> np.ndarray:
    """Marks as int64 or Python integers: [n], in units of price. Raises ModelError."""
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


def max_quantity(terms: EventTerms, marks: np.ndarray) -> int:
    """The largest net quantity of a leg for which no int64 sum can overflow."""
    prices = [1, terms.payout, *map(abs, marks.tolist())]
    if terms.structure in (t.LADDER_BRACKETS, t.MATRIX):
        prices += [max(max(row), -min(row)) for row in terms.payoffs]
    # A loss is the difference of two sums over the legs, hence the 2.
    return INT64_MAX // (2 * len(terms.legs) * max(prices))


def quantity_too_large(terms: EventTerms, leg: str, limit: int) -> ModelError:
    """The error for a leg with a net quantity beyond the limit."""
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
