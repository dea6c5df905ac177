"""The exact worst-case loss of books in one event.

Belongs here: W from the minimum payout over the states (``min_payout``), plain enumeration as
its check, and the loss without netting. All integers: quantity (1e-2 contracts) x price (1e-4
USD) is micros (1e-6 USD). Source: margin-model.md section 1.

int64 arrays are checked for overflow before any multiplication. Arrays of Python integers
(dtype object) run through the same code without a bound, so that the calculators accept
quantities and prices with any number of decimals.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reporting.model.events import terms as t
from reporting.model.events.checked_inputs import (
    checked,
    checked_marks,
    max_quantity,
    quantity_too_large,
)
from reporting.model.events.terms import (
    EventTerms,
    has_state_numbers,
    payoffs,
    state_count,
    void_labels,
    void_prices,
)
from reporting.model.margin.min_payout import (
    NO_LISTED_STATE,
    Books,
    first_leg_beyond,
    min_payout,
    payout_at,
)

FAIR_PRICE_LABEL = "settled at fair prices"


@dataclass(frozen=True)
class WorstCase:
    """Worst case of each book, arrays over books.

    loss_micros: W, the largest loss against the marks over the states; exact, and negative if
    the marks imply a sure gain. state_index: the lowest state with that loss; one beyond the last
    state if a settlement at fair prices costs more than every state; -1 if there are too many
    states to number (k of n, at least k, binaries). premium_micros: F = max(0, -minimum payout),
    the requirement beyond premiums already paid.
    """

    loss_micros: np.ndarray
    state_index: np.ndarray
    premium_micros: np.ndarray


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
    marks = checked_marks(terms, marks)
    limit = max_quantity(terms, marks)
    beyond = first_leg_beyond(limit, len(terms.legs), books)
    if beyond < len(terms.legs):
        raise quantity_too_large(terms, terms.legs[beyond], limit)
    return _worst_case(terms, marks, books)


def _worst_case(terms: EventTerms, marks: np.ndarray, books: Books) -> WorstCase:
    value, state = min_payout(terms, books)
    mark_value = payout_at(marks, books)
    voids = [payout_at(void_prices(terms, marks, void), books) for void in terms.void_states]
    if t.VOID_FAIR in terms.voids:
        voids.append(mark_value - _fair_price_loss(terms, marks, books))
    number = state_count(terms) - len(terms.void_states)
    for place, void_value in enumerate(voids):
        lower = void_value < value
        value = np.where(lower, void_value, value)
        if has_state_numbers(terms):
            state = np.where(lower, number + place, state)
    return WorstCase(mark_value - value, state, np.maximum(-value, 0))


def fair_prices(terms: EventTerms, marks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and the highest fair price that each contract may settle at.

    Within ``terms.fair_band`` of its mark, and between nothing and its payout.
    """
    band = terms.payout if terms.fair_band is None else terms.fair_band
    return np.maximum(marks - band, 0), np.minimum(marks + band, np.maximum(marks, terms.payout))


def _fair_price_loss(terms: EventTerms, marks: np.ndarray, books: Books) -> np.ndarray:
    """Loss of each book if each contract settles at the fair price that is worst for it."""
    lowest, highest = fair_prices(terms, marks)
    held = books.table(len(terms.legs))
    return np.maximum(held * (marks - lowest), held * (marks - highest)).sum(axis=1)


def event_losses(terms: EventTerms, marks: np.ndarray, quantities: np.ndarray) -> np.ndarray:
    """Loss of each book in every state, by enumeration: int64[a, m] micros.

    The independent check of ``worst_case``, without a settlement at fair prices. Also raises
    ModelError for more than MAX_STATES states.
    """
    marks, books = checked(terms, marks, quantities)
    matrix, _ = payoffs(terms, marks)
    return (books @ marks)[:, None] - books @ matrix


def state_label(terms: EventTerms, labels: Sequence[str], state_index: int) -> str:
    """Label of a worst state; labels: of the listed states, if any."""
    listed = 0 <= state_index < len(labels)
    return labels[state_index] if listed else unlisted_state_label(terms, state_index)


def unlisted_state_label(terms: EventTerms, state_index: int) -> str:
    """Label of a state of an event with too many states to list; "" if it has no number."""
    if state_index == NO_LISTED_STATE:
        return ""
    void = state_index - (state_count(terms) - len(terms.void_states))
    if void >= 0:
        return (*void_labels(terms), FAIR_PRICE_LABEL)[void]
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


def payoff_range(terms: EventTerms, marks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Minimum and maximum payoff of each contract over the states, voids and fair prices."""
    if terms.structure in (t.MATRIX, t.LADDER_BRACKETS):
        table, _ = payoffs(terms, marks)
        return _with_fair_prices(terms, marks, table.min(axis=1), table.max(axis=1))
    highest = np.full(len(terms.legs), terms.payout, dtype=marks.dtype)
    all_win = terms.structure in (t.K_OF_N, t.AT_LEAST_K) and terms.k == len(terms.legs)
    if all_win or (terms.structure == t.EXCLUSIVE_EXHAUSTIVE and len(terms.legs) == 1):
        voids = [void_prices(terms, marks, void) for void in terms.void_states]
        return _with_fair_prices(terms, marks, np.minimum.reduce([highest, *voids]), highest)
    # A void payoff between 0 and the payout does not widen the range.
    return np.zeros_like(highest), highest


def _with_fair_prices(
    terms: EventTerms, marks: np.ndarray, lowest: np.ndarray, highest: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    if t.VOID_FAIR in terms.voids:
        fair_lowest, fair_highest = fair_prices(terms, marks)
        lowest, highest = np.minimum(lowest, fair_lowest), np.maximum(highest, fair_highest)
    return lowest.astype(marks.dtype), highest.astype(marks.dtype)
