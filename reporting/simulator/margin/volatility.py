"""Volatility of log-odds by category and time to resolution (docs/model.md, section 4)."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from reporting.simulator.margin.schedules import DAY_SECONDS
from reporting.simulator.market.listing import PAYOUT

_LEAST, _MOST = 0.005, 0.995
_BUCKET_DAYS = (2, 7, 30, 90)
_KEPT = 0.97
_UNIT = 10**12
"""Squared moves are whole multiples of 1 / _UNIT, so that their sum is exact."""

PoolKey = tuple[str, int]


def clipped(marks: np.ndarray) -> np.ndarray:
    """Prices in dollars from marks in centicents, kept away from 0 and 1."""
    return np.clip(np.asarray(marks) / PAYOUT, _LEAST, _MOST)


def pool_of(category: str, tau_seconds: int) -> PoolKey:
    """The pool of a market: its category and into which time to resolution it falls."""
    return category, sum(tau_seconds > days * DAY_SECONDS for days in _BUCKET_DAYS)


def squared_moves(marks: np.ndarray, previous: np.ndarray) -> np.ndarray:
    """Squared change of log-odds between two marks, in whole units of 1e-12."""
    price, before = clipped(marks), clipped(previous)
    move = np.log(price / (1 - price)) - np.log(before / (1 - before))
    return np.rint(move**2 * _UNIT).astype(np.int64)


@dataclass
class _Pool:
    """Variances of one pool, per day; ``days``: (until when it counts, sum, count)."""

    ewma: float
    stress: float
    days: deque = field(default_factory=deque)
    total: int = 0
    count: int = 0


class VolatilityPools:
    """The pools, carried from day to day."""

    def __init__(self) -> None:
        self._pools: dict[PoolKey, _Pool] = {}

    def observe(self, day: date, moves: Iterable[tuple[PoolKey, int]]) -> None:
        """Take a day's squared moves in, in units of 1e-12."""
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
        for pool in self._pools.values():
            while pool.days and pool.days[0][0] <= (day.year, day.month, day.day):
                _, total, count = pool.days.popleft()
                pool.total -= total
                pool.count -= count

    def sigma(self, key: PoolKey) -> float:
        """The largest of the pooled volatilities per square root of a day; 0 without any."""
        pool = self._pools.get(key)
        if pool is None:
            return 0.0
        ewma, stress = pool.ewma**0.5, pool.stress**0.5
        ten_years = (pool.total / pool.count / _UNIT) ** 0.5 if pool.count else 0.0
        return max(ewma, 0.75 * ewma + 0.25 * stress, ten_years)
