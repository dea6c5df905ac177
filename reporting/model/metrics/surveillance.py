"""Surveillance thresholds: which accounts or clusters raise an alert.

Belongs here: the comparison of arrays with thresholds, exact in integers. Policy values are in
``data_checks/thresholds.yaml``. Source: margin-model.md section 5.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reporting.model.margin.schedule import SECONDS_PER_DAY, Schedule
from reporting.units import BPS, multiply_divide_down


@dataclass(frozen=True)
class Exceedances:
    """Amounts above their threshold: index, amount and threshold, all int64[n]."""

    index: np.ndarray
    amount: np.ndarray
    threshold: np.ndarray

    def rows(self) -> Iterator[tuple[int, int, int]]:
        """Index, amount and threshold of each exceedance."""
        yield from zip(
            self.index.tolist(), self.amount.tolist(), self.threshold.tolist(), strict=True
        )


def over_share(amount: np.ndarray, base: np.ndarray, share_bps: int) -> Exceedances:
    """The positive amounts above a share of their base. amount, base: int64[n].

    The share is rounded down; an integer exceeds the exact share if it exceeds the rounded one.
    """
    return over(amount, multiply_divide_down(base, share_bps, BPS))


def over(amount: np.ndarray, threshold: np.ndarray | int) -> Exceedances:
    """The positive amounts above their threshold. amount: int64[n]."""
    threshold = np.broadcast_to(np.asarray(threshold, dtype=np.int64), amount.shape)
    index = np.flatnonzero((amount > threshold) & (amount > 0))
    return Exceedances(index, amount[index], threshold[index])


def enters_tau0(
    schedule: Schedule,
    liquidation_days: np.ndarray,
    tau_seconds: np.ndarray,
    tau_before: np.ndarray,
) -> np.ndarray:
    """Whether each event has come within tau0 of its resolution since the last check: bool[events].

    tau0 starts at the end of the liquidation period. liquidation_days: int64; tau_seconds:
    int64, now; tau_before: int64 seconds at the last check, 0 or below if unknown.
    """
    tau0 = SECONDS_PER_DAY * liquidation_days + schedule.ramp_tau0_seconds
    return (tau_before > tau0) & (tau_seconds <= tau0)
