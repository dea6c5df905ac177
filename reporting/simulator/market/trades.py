"""Trades of the simulated market, column by column."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Trades:
    """Trades of one chunk, column by column.

    ``ids`` are text cells; ``taker_yes`` says that the taker bought YES.
    """

    ids: np.ndarray
    market: np.ndarray
    quantity: np.ndarray
    price: np.ndarray
    taker_yes: np.ndarray
    micros: np.ndarray

    def __len__(self) -> int:
        return len(self.market)
