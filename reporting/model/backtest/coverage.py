"""Coverage as disclosed: breaches, observations, achieved coverage, uncovered amounts.

Items 6.5.1 to 6.5.5 of CPMI-IOSCO, "Public quantitative disclosure standards for central
counterparties", 2015. Money is integers. ``series`` and, for the daily run,
sql/stress/backtest_counts.sql decide which observations are counted together.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from reporting.model.errors import ModelError


@dataclass(frozen=True)
class CoverageItems:
    """Disclosure items of a set of observations.

    breaches (6.5.1), observations (6.5.2); total_uncovered: sum of uncovered losses;
    peak_uncovered (6.5.4): largest uncovered loss; integers in the unit of the losses.
    """

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
        """Mean uncovered loss over the breaches (6.5.5), half to even; 0 without breaches."""
        if not self.breaches:
            return 0
        return round(Fraction(self.total_uncovered, self.breaches))


def uncovered(loss: np.ndarray, margin: np.ndarray) -> np.ndarray:
    """Uncovered loss (loss above margin): int64[observations], 0 where margin covers the loss.

    loss: int64, of the static portfolio over the liquidation period, gains negative; margin:
    int64, at least 0. A loss equal to the margin is covered.
    """
    loss, margin = _whole(loss, "loss"), _whole(margin, "margin")
    if loss.shape != margin.shape:
        raise ModelError("margin", "needs one per loss")
    if (margin < 0).any():
        raise ModelError("margin", "must not be below 0")
    above = loss > margin
    # Subtract only where 0 <= margin < loss: a gain less a margin could overflow.
    return np.subtract(loss, margin, where=above, out=np.zeros_like(loss))


def _whole(values: np.ndarray, field: str) -> np.ndarray:
    values = np.asarray(values)
    if values.ndim != 1 or values.dtype != np.int64:
        raise ModelError(field, "must be int64[observations]")
    return values
