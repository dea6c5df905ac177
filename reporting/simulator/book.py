"""Positions, variation and fees of every account, in whole numbers.

A position belongs to (market, account, collateralisation). Quantities are hundredths of
a contract, prices centicents, so that quantity times price is exact in micro-dollars.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

FEE_CENTICENT_FROM = date(2026, 4, 1)
TAKER_RATE, MAKER_RATE = 700, 175
"""Fee rates in 1e-4: 0.07 and 0.0175 of C * P * (1 - P)."""


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


@dataclass(frozen=True)
class Sides:
    """Who was on each side of a chunk of trades, and how each side is carried."""

    taker: np.ndarray
    maker: np.ndarray
    taker_paid_in_full: np.ndarray
    maker_paid_in_full: np.ndarray


class Positions:
    """Net YES-equivalent quantities by (market, account, collateralisation), sparse.

    The key is ``(market * accounts + account) * 2 + paid_in_full``, kept in order, so that
    one event's positions are neighbours.
    """

    def __init__(self, accounts: int) -> None:
        self.accounts = accounts
        self.key = np.empty(0, np.int64)
        self.qty = np.empty(0, np.int64)

    def copy(self) -> "Positions":
        other = Positions(self.accounts)
        other.key, other.qty = self.key, self.qty
        return other

    def make_key(self, market, account, paid_in_full) -> np.ndarray:
        return (np.asarray(market, np.int64) * self.accounts + account) * 2 + paid_in_full

    @property
    def market(self) -> np.ndarray:
        return self.key // (2 * self.accounts)

    @property
    def account(self) -> np.ndarray:
        return self.key // 2 % self.accounts

    @property
    def paid_in_full(self) -> np.ndarray:
        return self.key % 2 == 1

    def add(self, key: np.ndarray, qty: np.ndarray) -> None:
        """Add quantities; positions that become zero disappear."""
        key = np.concatenate([self.key, key])
        qty = np.concatenate([self.qty, qty])
        order = np.argsort(key, kind="stable")
        key, qty = key[order], qty[order]
        if not len(key):
            return
        starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
        total = np.add.reduceat(qty, starts)
        self.key, self.qty = key[starts][total != 0], total[total != 0]

    def of_markets(self, markets: list[int]) -> np.ndarray:
        """Mask of the positions in the given markets."""
        return np.isin(self.market, np.array(markets, np.int64))

    def keep(self, mask: np.ndarray) -> None:
        self.key, self.qty = self.key[mask], self.qty[mask]

    def range_of(self, first_market: int, market_count: int) -> slice:
        """Where the positions of neighbouring markets lie."""
        width = 2 * self.accounts
        ends = [first_market * width, (first_market + market_count) * width]
        low, high = np.searchsorted(self.key, ends)
        return slice(int(low), int(high))


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

    def settle(self, markets: list[int]) -> Positions:
        """Take settled markets out of the book; returns what was settled."""
        gone = self.now.of_markets(markets)
        settled = self.now.copy()
        settled.keep(gone)
        self.now.keep(~gone)
        return settled


def half_even_centicents(micros: np.ndarray) -> np.ndarray:
    """Micro-dollars posted in centicents, halves to the even one."""
    low, rest = micros // 100, micros % 100
    up = (rest > 50) | ((rest == 50) & (low % 2 == 1))
    return low + up
