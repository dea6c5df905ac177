"""The marks of the clearing house: from a day's trades by the policy of the margin schedule."""

import copy

import numpy as np

from reporting.simulator import clock
from reporting.simulator.market.listing import Listing
from reporting.simulator.market.trades import Trades
from reporting.simulator.schedules import Schedule


class MarkKeeper:
    """Marks of all markets, centicents, -1 without a trade; trades may come in any order.

    Under ``volume_weighted`` only trades of a least size count. Enough of them in the last
    minutes before the cycle: their volume-weighted price. Else the last of them today, else
    the mark carried. A market that never had one: its last trade of any size.
    ``marked``: the markets whose last end-of-day mark was made from trades of its day.
    """

    def __init__(self, listing: Listing, schedule: Schedule) -> None:
        self._listing, self._schedule = listing, schedule
        self.carried = np.zeros(0, np.int64)
        self.marked = np.zeros(0, bool)
        self._ever_counted = np.zeros(0, bool)
        # By market: window in microseconds, least quantity in it, least quantity of a trade.
        self._policy = np.zeros((0, 3), np.int64)
        self.open_day()

    def open_day(self) -> None:
        """Forget yesterday's trades, and take newly listed markets in."""
        known, count = len(self.carried), len(self._listing.tickers)
        more = count - known
        self.carried = np.concatenate([self.carried, np.full(more, -1, np.int64)])
        self._ever_counted = np.concatenate([self._ever_counted, np.zeros(more, bool)])
        new = [self._policy_of(market) for market in range(known, count)]
        self._policy = np.concatenate([self._policy, np.array(new, np.int64).reshape(-1, 3)])
        self._trades = np.zeros((4, 0), np.int64)

    def take(self, trades: Trades) -> None:
        """Take trades of the day in; of markets without them in the window the last are kept."""
        columns = [trades.market, trades.quantity, trades.price, trades.micros]
        self._trades = np.concatenate([self._trades, np.array(columns, np.int64)], axis=1)

    def at(self, micros: int) -> np.ndarray:
        """Marks at a moment, by the trades up to it."""
        return self._marks(micros)[0]

    def preview(self, trades: Trades, micros: int) -> np.ndarray:
        """Marks at a moment if these trades came, too."""
        other = copy.copy(self)
        other.take(trades)
        return other.at(micros)

    def close_day(self, micros: int) -> np.ndarray:
        """Marks of the end of the day, which are carried."""
        self.carried, self.marked, counted = self._marks(micros)
        self._ever_counted = self._ever_counted | counted
        return self.carried

    def counts(self, market: np.ndarray, quantity: np.ndarray) -> np.ndarray:
        """Whether trades are large enough to count."""
        return quantity >= self._policy[market, 2]

    def _marks(self, now: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The marks, the markets marked from today's trades, and those with one that counts."""
        trades = self._trades[:, self._trades[3] <= now]
        market, quantity, price, micros = trades[:, np.argsort(trades[3], kind="stable")]
        counted = self.counts(market, quantity)
        marks, any_counted = self.carried.copy(), np.zeros(len(self.carried), bool)
        any_counted[market[counted]] = True
        small = ~(any_counted | self._ever_counted)[market]
        # Of several trades of a market the last assignment holds.
        marks[market[small]] = price[small]
        marked = any_counted.copy()
        marked[market[small]] = True
        marks[market[counted]] = price[counted]
        inside = counted & (micros > now - self._policy[market, 0])
        volume, value = np.zeros((2, len(marks)), np.int64)
        np.add.at(volume, market[inside], quantity[inside])
        np.add.at(value, market[inside], quantity[inside] * price[inside])
        enough = (volume > 0) & (volume >= self._policy[:, 1])
        marks[enough] = _half_even(value[enough], volume[enough])
        return marks, marked, any_counted

    def _policy_of(self, market: int) -> tuple[int, int, int]:
        category = self._listing.events[self._listing.event_of[market]].category
        policy = self._schedule.of_category("mark_policy", category)
        if policy["kind"] == "last_trade":
            return 0, 0, 0
        window = policy["window_seconds"] * clock.MICROS
        return window, policy["least_qty"], policy["least_trade_qty"]


def _half_even(value: np.ndarray, volume: np.ndarray) -> np.ndarray:
    """The quotient to the nearest whole number, halves to even."""
    whole, rest = np.divmod(value, volume)
    up = (2 * rest > volume) | ((2 * rest == volume) & (whole % 2 == 1))
    return whole + up
