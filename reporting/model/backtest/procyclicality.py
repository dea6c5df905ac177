"""How much margin asks for when it asks for more: procyclicality of a constant portfolio.

Source: D. Murphy, M. Vasios, N. Vause, "An investigation into the procyclicality of
risk-based initial margin models", Bank of England Financial Stability Paper 29, 2014. The
portfolio must be held at constant price and time to resolution, else the ramp towards full
collateral, which is meant to rise, is mistaken for procyclicality; that is the caller's part.
"""

from dataclasses import dataclass

import numpy as np

from reporting.model.errors import ModelError

GROWTH_DAYS = (1, 5, 30)
"""Over how many days growth is disclosed."""


@dataclass(frozen=True)
class MarginGrowth:
    """days: n; largest: greatest IM[t] / IM[t-n] - 1, below 0 where margin always fell; day:
    the first t that has it; largest_increase: greatest IM[t] - IM[t-n], whole."""

    days: int
    largest: float
    day: int
    largest_increase: int


def peak_to_trough(initial_margin: np.ndarray) -> float:
    """Largest over least margin of the series, at least 1. int64[days], above 0."""
    series = _series(initial_margin)
    return int(series.max()) / int(series.min())


def growth(initial_margin: np.ndarray, days: int) -> MarginGrowth | None:
    """Greatest growth over ``days`` days. initial_margin: int64, one a day, above 0.

    None for a series of at most that many days.
    """
    if days < 1:
        raise ModelError("days", "must be at least 1")
    series = _series(initial_margin)
    if len(series) <= days:
        return None
    increase = series[days:] - series[:-days]
    share = increase / series[:-days]
    at = int(np.argmax(share))
    return MarginGrowth(days, float(share[at]), at + days, int(increase.max()))


def _series(initial_margin: np.ndarray) -> np.ndarray:
    series = np.asarray(initial_margin)
    if series.ndim != 1 or series.dtype != np.int64 or not len(series):
        raise ModelError("initial_margin", "must be int64[days], at least one")
    if (series <= 0).any():
        raise ModelError("initial_margin", "must be above 0")
    return series
