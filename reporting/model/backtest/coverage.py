"""Coverage as it is disclosed: breaches, observations, achieved coverage, uncovered amounts.

Items 6.5.1 to 6.5.5 of CPMI-IOSCO, "Public quantitative disclosure standards for central
counterparties", 2015, for all observations or by group. Money stays whole.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from reporting.model.errors import ModelError
from reporting.model.volatility import BUCKETS, bucket

_SECONDS_PER_DAY = 86_400


@dataclass(frozen=True)
class CoverageItems:
    """breaches (6.5.1) among observations (6.5.2); total_uncovered and peak_uncovered (6.5.4):
    loss above margin over all breaches and of the largest, whole, in the unit of the losses."""

    breaches: int
    observations: int
    total_uncovered: int
    peak_uncovered: int

    @property
    def achieved_coverage(self) -> float | None:
        """Share of observations without a breach (6.5.3); None without observations."""
        if not self.observations:
            return None
        return (self.observations - self.breaches) / self.observations

    @property
    def average_uncovered(self) -> int:
        """Mean loss above margin over the breaches (6.5.5), half to even; 0 without one."""
        if not self.breaches:
            return 0
        quotient, rest = divmod(self.total_uncovered, self.breaches)
        up = 2 * rest > self.breaches or (2 * rest == self.breaches and quotient % 2 == 1)
        return quotient + int(up)


def uncovered(loss: np.ndarray, margin: np.ndarray) -> np.ndarray:
    """Loss above margin: int64[observations], 0 where the margin covers it.

    loss: int64, of the static portfolio over the liquidation period, a gain below 0; margin:
    int64, not below 0. A loss as large as the margin is covered.
    """
    loss, margin = _whole(loss, "loss"), _whole(margin, "margin")
    if loss.shape != margin.shape:
        raise ModelError("margin", "needs one per loss")
    if (margin < 0).any():
        raise ModelError("margin", "must not be below 0")
    above = loss > margin
    # Subtracted only where 0 <= margin < loss: a gain less a margin may not fit.
    return np.subtract(loss, margin, where=above, out=np.zeros_like(loss))


def coverage_items(loss: np.ndarray, margin: np.ndarray) -> CoverageItems:
    """The items of all observations; arrays as for ``uncovered``."""
    return _items(uncovered(loss, margin))


def coverage_by_group(
    loss: np.ndarray, margin: np.ndarray, group: np.ndarray, groups: int
) -> tuple[CoverageItems, ...]:
    """The items of each group 0..groups-1: an account, a portfolio, a bucket.

    group: int64[observations]. A group without observations has items of zeros.
    """
    short, group = uncovered(loss, margin), _whole(group, "group")
    if group.shape != short.shape:
        raise ModelError("group", "needs one per loss")
    if len(group) and not (group.min() >= 0 and group.max() < groups):
        raise ModelError("group", f"must lie in 0..{groups - 1}")
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(groups + 1))
    return tuple(_items(short[order[low:high]]) for low, high in pairwise(bounds.tolist()))


def coverage_by_time_to_resolution(
    loss: np.ndarray, margin: np.ndarray, seconds_to_resolution: np.ndarray
) -> dict[str, CoverageItems]:
    """The items by bucket of time to resolution, those of the volatility pools, in order.

    seconds_to_resolution: int64[observations], when the margin was taken.
    """
    seconds = _whole(seconds_to_resolution, "seconds_to_resolution")
    days = -(-seconds // _SECONDS_PER_DAY)
    found = coverage_by_group(loss, margin, bucket(days), len(BUCKETS))
    return dict(zip(BUCKETS, found, strict=True))


def _items(short: np.ndarray) -> CoverageItems:
    amounts = short[short > 0].tolist()
    return CoverageItems(
        breaches=len(amounts),
        observations=len(short),
        total_uncovered=sum(amounts),
        peak_uncovered=max(amounts, default=0),
    )


def _whole(values: np.ndarray, field: str) -> np.ndarray:
    values = np.asarray(values)
    if values.ndim != 1 or values.dtype != np.int64:
        raise ModelError(field, "must be int64[observations]")
    return values
