"""Worst losses of the books in an event: every outcome written out."""

import numpy as np

from reporting.simulator.margin.margin_events import MarginEvent
from reporting.simulator.market.listing import PAYOUT
from reporting.simulator.positions import Positions


def holdings(positions: Positions, own: MarginEvent) -> tuple[np.ndarray, np.ndarray]:
    """The books with a position in the event and what they hold, books x markets.

    A book is 2 x account + 1 if it is fully collateralised.
    """
    span = positions.range_of(own.first_market, own.market_count)
    key, qty = positions.key[span], positions.qty[span]
    width = 2 * positions.accounts
    books, row = np.unique(key % width, return_inverse=True)
    held = np.zeros((len(books), own.market_count), np.int64)
    held[row, key // width - own.first_market] = qty
    return books, held


def worst_losses(held: np.ndarray, own: MarginEvent, netting: bool) -> np.ndarray:
    """Worst loss of every book, micros; without netting each market's own, added up.

    Below 0 where the marks promise a sure gain.
    """
    if netting:
        return np.maximum((held @ own.losses()).max(axis=1), _fair_price_loss(held, own))
    alone = held[:, :, None] * own.losses()
    return np.maximum(alone.max(axis=2), _fair_price_losses(held, own)).sum(axis=1)


def _fair_price_loss(held: np.ndarray, own: MarginEvent) -> np.ndarray:
    """The loss where a void settles every market at a fair price that suits nobody."""
    if not own.band:
        return np.full(len(held), np.iinfo(np.int64).min)
    return _fair_price_losses(held, own).sum(axis=1)


def _fair_price_losses(held: np.ndarray, own: MarginEvent) -> np.ndarray:
    """The same by market: so far a price may differ from its mark, within 0 and 1."""
    down = np.minimum(own.band, own.marks)
    up = np.minimum(own.band, PAYOUT - own.marks)
    return np.abs(held) * np.where(held > 0, down, up)
