"""Procyclicality: how much the margin of a constant portfolio increases.

Source: D. Murphy, M. Vasios, N. Vause, "An investigation into the procyclicality of
risk-based initial margin models", Bank of England Financial Stability Paper 29, 2014. The
caller must hold the portfolio at constant price and time to resolution; otherwise the intended
ramp towards full collateral looks like procyclicality.
"""

from dataclasses import dataclass

import numpy as np

from reporting.model.errors import ModelError

GROWTH_DAYS = (1, 5, 30)
"""Horizons, in days, of the disclosed growth."""


@dataclass(frozen=True)
class MarginGrowth:
    """Largest growth of margin over n days.

    days: n; largest: maximum of IM[t] / IM[t-n] - 1, negative if margin always fell; day: the
    first t with that maximum; largest_increase: maximum of IM[t] - IM[t-n], an integer.
    """

    days: int
    largest: float
    day: int
    largest_increase: int


def peak_to_trough(initial_margin: np.ndarray) -> float:
    """Maximum / minimum margin of the series, at least 1. initial_margin: int64[days], above 0."""
    series = _series(initial_margin)
    return int(series.max()) / int(series.min())


def growth(initial_margin: np.ndarray, days: int) -> MarginGrowth | None:
    """Largest growth over ``days`` days. initial_margin: int64, one per day, above 0.

    None for a series that is not longer than ``days``.
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
        raise ModelError("initial_margin", "must be int64[days] with at least one day")
    if (series <= 0).any():
        raise ModelError("initial_margin", "must be above 0")
    return series
