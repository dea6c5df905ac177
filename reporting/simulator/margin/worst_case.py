"""Worst losses of the books in an event: every outcome written out."""

import numpy as np

from reporting.simulator.market.listing import Event
from reporting.simulator.positions import Positions


def holdings(positions: Positions, event: Event) -> tuple[np.ndarray, np.ndarray]:
    """The books with a position in the event and what they hold, books x markets.

    A book is 2 x account + 1 if it is fully collateralised.
    """
    span = positions.range_of(event.first_market, event.market_count)
    key, qty = positions.key[span], positions.qty[span]
    width = 2 * positions.accounts
    books, row = np.unique(key % width, return_inverse=True)
    held = np.zeros((len(books), event.market_count), np.int64)
    held[row, key // width - event.first_market] = qty
    return books, held


def payoffs_of(event: Event, marks: np.ndarray) -> np.ndarray:
    """Payoffs in all states, markets x states; a void at the mark is the last."""
    if not event.void_at_mark:
        return event.payoffs
    return np.column_stack([event.payoffs, _price(event, marks)])


def loss_of_one(event: Event, marks: np.ndarray) -> np.ndarray:
    """What one YES loses in each state, markets x states, centicents."""
    return _price(event, marks)[:, None] - payoffs_of(event, marks)


def worst_losses(held: np.ndarray, event: Event, marks: np.ndarray, netting: bool) -> np.ndarray:
    """Worst loss of every book, micros: books x 1, or books x markets that stand alone."""
    loss = loss_of_one(event, marks)
    if netting and not event.separate:
        return (held @ loss).max(axis=1, keepdims=True)
    alone = np.column_stack(
        [(held[:, [m]] * loss[m]).max(axis=1) for m in range(event.market_count)]
    )
    return alone if event.separate else alone.sum(axis=1, keepdims=True)


def _price(event: Event, marks: np.ndarray) -> np.ndarray:
    """Marks of the event's markets; a market without a mark has no holder."""
    return np.maximum(marks[event.markets.start : event.markets.stop], 0)
