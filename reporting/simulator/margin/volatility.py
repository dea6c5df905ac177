"""How much news comes, against what a bridge to 0 or 1 expects (docs/model.md, section 4)."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from scipy.special import ndtri

from reporting.simulator.market.listing import PAYOUT
from reporting.simulator.schedules import DAY_SECONDS

_LEAST_BEFORE, _MOST_BEFORE = 0.02, 0.98
_LEAST, _MOST = 1e-4, 1 - 1e-4
_BUCKET_DAYS = (2, 7, 30, 90)
_KEPT = 0.97
_UNIT = 10**12
"""Observations are whole multiples of 1 / _UNIT, so that their sum is exact."""

PoolKey = tuple[str, int]


def pool_of(category: str, tau_seconds: int) -> PoolKey:
    """The pool of an event: its category and into which time to resolution it falls."""
    return category, sum(tau_seconds > days * DAY_SECONDS for days in _BUCKET_DAYS)


def bridge_moves(
    marks: np.ndarray, before: np.ndarray, tau: np.ndarray, tau_before: np.ndarray
) -> np.ndarray:
    """Squared moves of contracts, 1 on average if news come as to a bridge; else nan.

    ``before``: the mark of its last day of trading; ``tau``: seconds to resolution at the
    end of today, ``tau_before`` at the end of that day. nan where nothing can be measured:
    the last day before the resolution, and prices near 0 or 1.
    """
    price, last = np.clip(marks / PAYOUT, _LEAST, _MOST), before / PAYOUT
    usable = (tau > DAY_SECONDS) & (last > _LEAST_BEFORE) & (last < _MOST_BEFORE)
    moves = np.full(len(marks), np.nan)
    shrunk = tau[usable] / tau_before[usable]
    step = np.sqrt(shrunk) * ndtri(price[usable]) - ndtri(last[usable])
    moves[usable] = step**2 / (1 - shrunk)
    return moves


def event_mean(moves: list[float]) -> int:
    """An event's observation: the mean of its contracts, in whole units of 1e-12."""
    return round(sum(moves) / len(moves) * _UNIT)


@dataclass
class _Pool:
    """Variances of one pool; ``days``: (until when it counts, sum, count) of ten years."""

    ewma: float
    stress: float
    days: deque = field(default_factory=deque)
    total: int = 0
    count: int = 0
    so_far: int = 0


class VolatilityPools:
    """The pools, carried from day to day."""

    def __init__(self) -> None:
        self._pools: dict[PoolKey, _Pool] = {}

    def observe(self, day: date, moves: Iterable[tuple[PoolKey, int]]) -> None:
        """Take a day's observations in, one an event, in units of 1e-12."""
        gathered: dict[PoolKey, list[int]] = {}
        for key, squared in moves:
            gathered.setdefault(key, []).append(squared)
        for key, squares in gathered.items():
            mean = sum(squares) / len(squares) / _UNIT
            pool = self._pools.get(key)
            if pool is None:
                pool = self._pools[key] = _Pool(mean, mean)
            else:
                pool.ewma = _KEPT * pool.ewma + (1 - _KEPT) * mean
                pool.stress = max(pool.stress, pool.ewma)
            pool.days.append(((day.year + 10, day.month, day.day), sum(squares), len(squares)))
            pool.total += sum(squares)
            pool.count += len(squares)
            pool.so_far += len(squares)
        for pool in self._pools.values():
            while pool.days and pool.days[0][0] <= (day.year, day.month, day.day):
                _, total, count = pool.days.popleft()
                pool.total -= total
                pool.count -= count

    def variance(self, key: PoolKey, least_ratio: float, least_observations: int) -> float:
        """v squared of the pool; 1 is what a bridge expects, and what too few days count as."""
        pool = self._pools.get(key)
        if pool is None or pool.so_far < least_observations:
            return max(1.0, least_ratio**2)
        blend = 0.75 * pool.ewma + 0.25 * pool.stress
        ten_years = pool.total / pool.count / _UNIT if pool.count else 0.0
        return max(pool.ewma, blend, ten_years, least_ratio**2)
