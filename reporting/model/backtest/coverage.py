"""Coverage as disclosed: breaches, observations, achieved coverage, uncovered amounts.

Items 6.5.1 to 6.5.5 of CPMI-IOSCO, "Public quantitative disclosure standards for central
counterparties", 2015. Money is integers. ``series`` and, for the daily run,
sql/stress/backtest_counts.sql decide which observations are counted together.
"""

import math
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


def margin_needed_bps(
    loss: np.ndarray, margin: np.ndarray, coverage: Fraction | float
) -> int | None:
    """Share of margin that would have covered the required share of losses, rounded up to 1 %.

    loss, margin: int64[observations] of one unit. By nearest rank; a gain needs 0. None with fewer
    than 1 / (1 - coverage) observations, whose quantile is the maximum, and where the loss at the
    rank stands against no margin. Far below 100 % margin covers more than it promises.
    """
    count = len(loss)
    if not count or count * (1 - coverage) < 1 - 1e-9:
        return None
    needs = [
        0 if lost <= 0 else -(-100 * lost // held) if held > 0 else None
        for lost, held in zip(loss.tolist(), margin.tolist(), strict=True)
    ]
    needs.sort(key=lambda need: (need is None, need))
    need = needs[math.ceil(Fraction(coverage) * count) - 1]
    return None if need is None else need * 100


def _whole(values: np.ndarray, field: str) -> np.ndarray:
    values = np.asarray(values)
    if values.ndim != 1 or values.dtype != np.int64:
        raise ModelError(field, "must be int64[observations]")
    return values
