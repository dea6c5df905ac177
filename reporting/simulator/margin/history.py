"""Market history of the clearing house, and the market state at a cycle."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from reporting.simulator.margin.volatility import (
    PoolKey,
    VolatilityPools,
    bridge_moves,
    event_mean,
    pool_of,
)
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
    """Volume, settlements and volatility of all markets so far.

    ``_last_mark``: of the last day whose trades made a mark, ``_last_cycle``: that day's end in
    seconds; 0 before.
    """

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._volume = np.zeros(0, np.int64)
        self._first_day = np.zeros(0, np.int64)
        self._last_mark = np.zeros(0, np.int64)
        self._last_cycle = np.zeros(0, np.int64)
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
        marked: np.ndarray,
        settlements: list[tuple[int, int]],
        open_interest: np.ndarray,
    ) -> CycleState:
        """End the day. ``marked``: whether trades of today made the mark; ``settlements``:
        (market, value) of the markets that settled today."""
        self._grow()
        for market, value in settlements:
            self._settled[market] = value
        self._observe(day, cycle_seconds, marks, marked)
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

    def _observe(
        self, day: date, cycle_seconds: int, marks: np.ndarray, marked: np.ndarray
    ) -> None:
        """Measure the moves of open markets since the last day whose trades made a mark."""
        seen = np.flatnonzero(marked & (self._last_cycle > 0) & (self._settled < 0))
        events = [self._listing.events[self._listing.event_of[m]] for m in seen.tolist()]
        tau = np.array([event.seconds_left(cycle_seconds) for event in events], np.int64)
        since = cycle_seconds - self._last_cycle[seen]
        moves = bridge_moves(marks[seen], self._last_mark[seen], tau, tau + since)
        by_event: dict[tuple[PoolKey, int], list[float]] = {}
        for event, left, move in zip(events, tau.tolist(), moves.tolist(), strict=True):
            if not np.isnan(move):
                # One observation a listed event, also where its markets are events of their own.
                key = pool_of(event.category, left), event.first_market
                by_event.setdefault(key, []).append(move)
        self._pools.observe(day, [(key, event_mean(m)) for (key, _), m in by_event.items()])
        self._last_mark[marked] = marks[marked]
        self._last_cycle[marked] = cycle_seconds

    def _grow(self) -> None:
        more = len(self._listing.tickers) - len(self._volume)
        for name in ("_volume", "_first_day", "_last_mark", "_last_cycle"):
            longer = np.concatenate([getattr(self, name), np.zeros(more, np.int64)])
            setattr(self, name, longer)
        self._settled = np.concatenate([self._settled, np.full(more, -1, np.int64)])
