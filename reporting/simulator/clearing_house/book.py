"""The book of a business date: trades, fees and variation of every account, in integers.

Quantities are hundredths of a contract and prices centicents, so that quantity times price is
exact in micro-dollars.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from reporting.simulator.market.trades import Trades
from reporting.simulator.positions import Positions

FEE_CENTICENT_FROM = date(2026, 4, 1)
TAKER_RATE, MAKER_RATE = 700, 175
"""Fee rates in 1e-4: 0.07 and 0.0175 of C * P * (1 - P)."""


@dataclass(frozen=True)
class Sides:
    """Who was on each side of a chunk of trades, and how each side is carried."""

    taker: np.ndarray
    maker: np.ndarray
    taker_paid_in_full: np.ndarray
    maker_paid_in_full: np.ndarray


def fee_centicents(
    quantity: np.ndarray,
    price: np.ndarray,
    rate: int,
    multiplier_hundredths: np.ndarray,
    day: date,
) -> np.ndarray:
    """Fee of one trade side: rounded up to the cent before 1 April 2026, then the centicent."""
    # rate 1e-4, multiplier 1e-2, quantity 1e-2, price * (1 - price) 1e-8, money 1e-4: over
    # 1e12. Rates are multiples of 175, which is taken out to stay inside int64.
    numerator = quantity * price * (10_000 - price) * (rate // 175 * 7) * multiplier_hundredths
    unit = 100 if day < FEE_CENTICENT_FROM else 1
    return -(-numerator // (40_000_000_000 * unit)) * unit


class DayBook:
    """One business date of the book: opening positions, trades, then the close."""

    def __init__(self, opening: Positions, day: date, fee_columns) -> None:
        self.day = day
        self.opening = opening
        self.now = opening.copy()
        self.fees = np.zeros(opening.accounts, np.int64)
        self._cash_micros = np.zeros((opening.accounts, 2), np.int64)
        self._multiplier, self._maker_fees, self._free = fee_columns

    def take(self, trades: Trades, sides: Sides) -> None:
        """Book both sides of a chunk of trades."""
        signed = np.where(trades.taker_yes, trades.quantity, -trades.quantity)
        micros = signed * trades.price
        taker = sides.taker, sides.taker_paid_in_full.astype(int)
        maker = sides.maker, sides.maker_paid_in_full.astype(int)
        np.add.at(self._cash_micros, taker, -micros)
        np.add.at(self._cash_micros, maker, micros)
        self._charge(trades, sides)
        keys = [
            self.now.make_key(trades.market, sides.taker, sides.taker_paid_in_full),
            self.now.make_key(trades.market, sides.maker, sides.maker_paid_in_full),
        ]
        self.now.add(np.concatenate(keys), np.concatenate([signed, -signed]))

    def _charge(self, trades: Trades, sides: Sides) -> None:
        multiplier = np.where(self._free, 0, self._multiplier)[trades.market]
        taker = fee_centicents(trades.quantity, trades.price, TAKER_RATE, multiplier, self.day)
        np.add.at(self.fees, sides.taker, taker)
        maker_pays = self._maker_fees[trades.market]
        multiplier = np.where(maker_pays, multiplier, 0)
        maker = fee_centicents(trades.quantity, trades.price, MAKER_RATE, multiplier, self.day)
        np.add.at(self.fees, sides.maker, maker)

    def variation_micros(self, value: np.ndarray, previous: np.ndarray) -> np.ndarray:
        """Variation per account: closing value less opening value plus the trades' cash.

        ``value``: per market today's mark, or the settlement value where it settled;
        ``previous``: yesterday's mark. Both centicents. Call it before ``settle``.
        """
        return self.variation_by_kind(value, previous).sum(axis=1)

    def variation_by_kind(self, value: np.ndarray, previous: np.ndarray) -> np.ndarray:
        """The variation of margined positions and of those paid in full: int64[accounts, 2]."""
        total = self._cash_micros.copy()
        now, opening = self.now, self.opening
        held = now.account, now.paid_in_full.astype(int)
        np.add.at(total, held, now.qty * value[now.market])
        carried = opening.account, opening.paid_in_full.astype(int)
        np.add.at(total, carried, -opening.qty * previous[opening.market])
        return total

    def margined_losses(self, value: np.ndarray, previous: np.ndarray) -> np.ndarray:
        """What margined positions lost by account, centicents. Call it before ``settle``."""
        return -half_even_centicents(self.variation_by_kind(value, previous)[:, 0])

    def settle(self, markets: list[int]) -> Positions:
        """Remove settled markets from the book; returns the settled positions."""
        gone = self.now.of_markets(markets)
        settled = self.now.copy()
        settled.keep(gone)
        self.now.keep(~gone)
        return settled


def half_even_centicents(micros: np.ndarray) -> np.ndarray:
    """Micro-dollars rounded to centicents, half to even."""
    low, rest = micros // 100, micros % 100
    up = (rest > 50) | ((rest == 50) & (low % 2 == 1))
    return low + up
