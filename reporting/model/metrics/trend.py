"""Linear trend of a daily share, and the date on which the share passes one half.

Belongs here: the trend line, and the observed or projected date. Source:
stress-default-backtest.md, market metrics (share on margin, its six-month trend and the date it
passes one half). Ordinary least squares with integer sums.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from reporting.model.errors import ModelError
from reporting.units import BPS

HALF_BPS = BPS // 2
MAX_PROJECTION_DAYS = 3650
"""A trend is not projected further into the future than this."""


@dataclass(frozen=True)
class Trend:
    """Trend of a share.

    slope_bps: slope of the line, basis points a day; half_day: day number on which the share
    passed one half or, if ``projected``, on which the line will pass it; None if it does not,
    or if the share was above one half on every day.
    """

    observations: int
    slope_bps: float
    half_day: int | None
    projected: bool


def share_trend(days: np.ndarray, part: np.ndarray, whole: np.ndarray) -> Trend | None:
    """Trend of part / whole. None with fewer than 2 days. Raises ModelError.

    days: int64[n], increasing day numbers; part, whole: int64[n], whole above 0 and part
    between 0 and whole.

    If the last share is above one half, the share passed it on the first day of the last
    unbroken run above one half; if that run starts with the series, the day is unknown.
    Otherwise the line gives the day, provided that it rises and is below one half on the last
    day.
    """
    days, part, whole = map(np.asarray, (days, part, whole))
    _check(days, part, whole)
    if len(days) < 2:
        return None
    slope, at_last = _line(days, part, whole)
    above = [2 * p > w for p, w in zip(part.tolist(), whole.tolist(), strict=True)]
    half_day, projected = None, False
    if above[-1]:
        if False in above:
            half_day = int(days[len(above) - above[::-1].index(False)])
    elif slope > 0 and at_last < HALF_BPS:
        ahead = (HALF_BPS - at_last) / slope
        if ahead <= MAX_PROJECTION_DAYS:
            half_day, projected = int(days[-1]) + -(-ahead.numerator // ahead.denominator), True
    return Trend(len(days), float(slope), half_day, projected)


def _line(days: np.ndarray, part: np.ndarray, whole: np.ndarray) -> tuple[Fraction, Fraction]:
    """Slope and last-day value of the least-squares line through shares in whole basis points."""
    x = [int(day - days[0]) for day in days]
    y = [BPS * int(p) // int(w) for p, w in zip(part, whole, strict=True)]
    count, sum_x, sum_y = len(x), sum(x), sum(y)
    covariance = count * sum(a * b for a, b in zip(x, y, strict=True)) - sum_x * sum_y
    slope = Fraction(covariance, count * sum(a * a for a in x) - sum_x * sum_x)
    return slope, (sum_y - slope * sum_x) / count + slope * x[-1]


def _check(days: np.ndarray, part: np.ndarray, whole: np.ndarray) -> None:
    for name, series in (("days", days), ("part", part), ("whole", whole)):
        if series.ndim != 1 or len(series) != len(days):
            raise ModelError(name, "must be a series as long as the others")
    if (np.diff(days) <= 0).any():
        raise ModelError("days", "must rise")
    if (whole <= 0).any():
        raise ModelError("whole", "must be above 0")
    if (part < 0).any() or (part > whole).any():
        raise ModelError("part", "must lie between 0 and the whole")
