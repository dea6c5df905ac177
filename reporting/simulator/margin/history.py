"""Market history of the clearing house, and the market state at a cycle."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from reporting.simulator.margin.volatility import VolatilityPools, pool_of, squared_moves
from reporting.simulator.market.listing import Listing


@dataclass(frozen=True)
class CycleState:
    """The venue's markets at the end-of-day cycle; arrays are per market.

    ``marks``: centicents, -1 if the market never traded; ``settled``: settlement value, -1 while
    open; ``open_interest``: hundredths, all long positions; ``daily_volume``: hundredths a day
    since the first trade. The pools are computed from the true marks.
    """

    cycle_seconds: int
    marks: np.ndarray
    settled: np.ndarray
    open_interest: np.ndarray
    daily_volume: np.ndarray
    pools: VolatilityPools


class MarketHistory:
    """Volume, settlements and volatility of all markets so far."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._volume = np.zeros(0, np.int64)
        self._first_day = np.zeros(0, np.int64)
        self._settled = np.zeros(0, np.int64)
        self._pools = VolatilityPools()

    def take(self, day: date, market: np.ndarray, quantity: np.ndarray) -> None:
        """Count trades of the day, hundredths."""
        self._grow()
        np.add.at(self._volume, market, quantity)
        traded = np.unique(market)
        new = traded[self._first_day[traded] == 0]
        self._first_day[new] = day.toordinal()

    def close(
        self,
        day: date,
        cycle_seconds: int,
        marks: np.ndarray,
        previous: np.ndarray,
        traded: np.ndarray,
        settlements: list[tuple[int, int]],
        open_interest: np.ndarray,
    ) -> CycleState:
        """End the day; ``settlements``: (market, value) of the markets that settled today."""
        self._grow()
        for market, value in settlements:
            self._settled[market] = value
        seen = np.flatnonzero(traded & (previous >= 0) & (self._settled < 0))
        squared = squared_moves(marks[seen], previous[seen])
        keys = [self._pool_of(market, cycle_seconds) for market in seen.tolist()]
        self._pools.observe(day, zip(keys, squared.tolist(), strict=True))
        days = day.toordinal() - self._first_day + 1
        return CycleState(
            cycle_seconds,
            marks,
            self._settled,
            open_interest,
            self._volume / days,
            self._pools,
        )

    def at(
        self,
        day: date,
        cycle_seconds: int,
        marks: np.ndarray,
        settlements: list[tuple[int, int]],
        open_interest: np.ndarray,
    ) -> CycleState:
        """The state at an intraday cycle; the pools are those of the previous day."""
        self._grow()
        settled = self._settled.copy()
        for market, value in settlements:
            settled[market] = value
        days = day.toordinal() - self._first_day + 1
        volume = self._volume / days
        return CycleState(cycle_seconds, marks, settled, open_interest, volume, self._pools)

    def _pool_of(self, market: int, cycle_seconds: int) -> tuple[str, int]:
        event = self._listing.events[self._listing.event_of[market]]
        return pool_of(event.category, event.seconds_left(cycle_seconds))

    def _grow(self) -> None:
        more = len(self._listing.tickers) - len(self._volume)
        self._volume = np.concatenate([self._volume, np.zeros(more, np.int64)])
        self._first_day = np.concatenate([self._first_day, np.zeros(more, np.int64)])
        self._settled = np.concatenate([self._settled, np.full(more, -1, np.int64)])
