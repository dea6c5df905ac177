"""Thresholds of surveillance: from where on an account or a cluster is an alert.

Belongs here: the arithmetic on arrays, exact in whole numbers. Which numbers are policy is
in ``data_checks/thresholds.yaml``. Source: margin-model.md section 5.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reporting.model.margin.schedule import SECONDS_PER_DAY, Schedule
from reporting.units import BPS, multiply_divide_down


@dataclass(frozen=True)
class Over:
    """What exceeds its threshold: its index, the amount and the threshold, all int64[n]."""

    index: np.ndarray
    amount: np.ndarray
    threshold: np.ndarray

    def each(self) -> Iterator[tuple[int, int, int]]:
        """Index, amount and threshold of one after the other."""
        yield from zip(
            self.index.tolist(), self.amount.tolist(), self.threshold.tolist(), strict=True
        )


def over_share(amount: np.ndarray, base: np.ndarray, share_bps: int) -> Over:
    """Where an amount exceeds a share of its base. int64[n] each; an amount of 0 never does.

    Whole amounts exceed the exact share where they exceed it rounded down.
    """
    return over(amount, multiply_divide_down(base, share_bps, BPS))


def over(amount: np.ndarray, threshold: np.ndarray | int) -> Over:
    """Where a positive amount exceeds its threshold."""
    threshold = np.broadcast_to(np.asarray(threshold, dtype=np.int64), amount.shape)
    index = np.flatnonzero((amount > threshold) & (amount > 0))
    return Over(index, amount[index], threshold[index])


def enters_tau0(
    schedule: Schedule,
    liquidation_days: np.ndarray,
    tau_seconds: np.ndarray,
    tau_before: np.ndarray,
) -> np.ndarray:
    """Events that were further from their resolution than tau0 and are not now: bool[events].

    tau0 counts from the end of the liquidation period, int64 days. tau_before: seconds at the
    moment looked at before, 0 or below where it is not known.
    """
    tau0 = SECONDS_PER_DAY * liquidation_days + schedule.ramp_tau0_seconds
    return (tau_before > tau0) & (tau_seconds <= tau0)
