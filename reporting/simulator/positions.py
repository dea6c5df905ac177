"""Positions of every account by market and collateralisation."""

import numpy as np


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
