"""Statistics of the markets: of the day's trades, and so far; and the public daily file of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from reporting.simulator.market.trades import Trades
from reporting.simulator.market.universe import VenueEvent


@dataclass
class DayTape:
    """Statistics of the day's trades per market: volume in hundredths, cents high and low."""

    volume: np.ndarray
    high: np.ndarray
    low: np.ndarray
    trades: int = 0

    def take(self, trades: Trades) -> None:
        """Add trades."""
        np.add.at(self.volume, trades.market, trades.quantity)
        np.maximum.at(self.high, trades.market, trades.price)
        np.minimum.at(self.low, trades.market, trades.price)
        self.trades += len(trades)


@dataclass
class Markets:
    """Per market, growing with the listing: mark (-1 none), volume so far, last record."""

    mark: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    volume: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    record: dict[int, dict] = field(default_factory=dict)

    def grow(self, count: int) -> None:
        """Add newly listed markets."""
        more = count - len(self.mark)
        self.mark = np.concatenate([self.mark, np.full(more, -1, np.int64)])
        self.volume = np.concatenate([self.volume, np.zeros(more, np.int64)])


def market_data_rows(
    day: date,
    events: Iterable[VenueEvent],
    tickers: list[str],
    markets: Markets,
    tape: DayTape,
    interest: np.ndarray,
    settled: set[int],
) -> list[dict]:
    """Records of the public daily file, one per market of the events."""
    rows = []
    for event in events:
        for number in event.markets:
            row = {
                "date": day.isoformat(),
                "ticker_name": tickers[number],
                "report_ticker": event.product.series,
                "payout_type": "Binary Option",
                "open_interest": 0.0 if number in settled else int(interest[number]) / 100,
                "daily_volume": int(tape.volume[number]) / 100,
                "block_volume": 0,
                "status": markets.record[number]["status"],
            }
            if tape.volume[number]:
                row["high"] = int(tape.high[number]) // 100
                row["low"] = int(tape.low[number]) // 100
            rows.append(row)
    return rows
