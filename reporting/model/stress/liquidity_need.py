"""Liquidity need by hour and currency when the largest payers fail.

Belongs here: payments due, the failing groups, the liquid resources left, and the regulatory
floor. Amounts are integers in one unit per currency; currencies are never added. Sources:
stress-default-backtest.md, "Liquidity"; 17 CFR 39.11(e)(1)(ii), 39.33(c).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from reporting.model.errors import ModelError
from reporting.units import INT64_MAX


@dataclass(frozen=True)
class DuePayments:
    """Payments due from groups in one currency, and the resources that meet them.

    due: int64[groups, hours], variation margin and payouts due from each group in each hour,
    not netted with its receipts, because those are owed to its customers; bound: int64[groups],
    sum of W of the group's losing accounts, the maximum of its payments; resources:
    int64[hours], qualifying liquid resources available by each hour; gross: as ``due``, before
    what the payers' own cash covers (``due`` if None).
    """

    currency: str
    due: np.ndarray
    bound: np.ndarray
    resources: np.ndarray
    gross: np.ndarray | None = None

    def __post_init__(self):
        where = f"currency {self.currency}"
        if self.due.ndim != 2 or self.due.shape != (len(self.bound), len(self.resources)):
            raise ModelError("due", f"{where}: needs one row per group, one column per hour")
        for name in ("due", "bound", "resources"):
            values = getattr(self, name)
            if values.size and values.min() < 0:
                raise ModelError(name, f"{where}: must not be negative")
            if float(values.sum(dtype=np.float64)) > INT64_MAX / 2:
                raise ModelError(name, f"{where}: is too large: a sum exceeds int64")

    @property
    def outflow(self) -> np.ndarray:
        """Cumulative payments of the clearing house for each failed group: int64[groups, hours].

        Capped at the bound.
        """
        return np.minimum(np.cumsum(self.due, axis=1), self.bound[:, None])

    @property
    def gross_outflow(self) -> np.ndarray:
        """The same before the payers' own cash: int64[groups, hours]."""
        gross = self.due if self.gross is None else self.gross
        return np.minimum(np.cumsum(gross, axis=1), self.bound[:, None])


@dataclass(frozen=True)
class LiquidityNeed:
    """The liquidity need in one currency when some groups fail to pay.

    groups: the failing groups; outflow: int64[hours], cumulative payments for them; left:
    int64[hours], resources left, negative if insufficient; gross_outflow: int64[hours], payments
    of the ``failing`` largest payers before what their own cash covers.
    """

    currency: str
    groups: tuple[int, ...]
    outflow: np.ndarray
    left: np.ndarray
    gross_outflow: np.ndarray

    @property
    def first_short_hour(self) -> int | None:
        """Index of the first hour with insufficient resources, or None."""
        short = np.flatnonzero(self.left < 0)
        return int(short[0]) if len(short) else None

    @property
    def covered(self) -> bool:
        """Whether resources are sufficient in every hour."""
        return self.first_short_hour is None


def liquidity_need(payments: DuePayments, failing: int) -> LiquidityNeed:
    """The liquidity need when the worst ``failing`` groups (1 or 2) fail.

    Exact: every group or pair is tried; all groups if there are fewer. The worst set has the
    minimum resources left in any hour, then the larger final outflow, then the lower group
    numbers. A group that owes nothing does not fail.
    """
    if failing not in (1, 2):
        raise ModelError("failing", "must be 1 or 2")
    outflow = payments.outflow
    owing = [g for g in range(len(outflow)) if outflow[g].any()]
    candidates = list(combinations(owing, min(failing, len(owing)))) or [()]

    def left_and_paid(groups: tuple[int, ...]) -> tuple[int, int]:
        paid = outflow[list(groups)].sum(axis=0)
        left = payments.resources - paid
        return int(left.min(initial=INT64_MAX)), -int(paid[-1]) if len(paid) else 0

    worst = min(candidates, key=left_and_paid)
    paid = outflow[list(worst)].sum(axis=0)
    # The largest payers before own cash; they may be others, or owe nothing after it.
    before_cash = payments.gross_outflow
    last = before_cash[:, -1] if before_cash.shape[1] else np.zeros(len(before_cash), np.int64)
    largest = np.argsort(-last, kind="stable")[:failing]
    gross = before_cash[largest].sum(axis=0)
    return LiquidityNeed(payments.currency, worst, paid, payments.resources - paid, gross)


def largest_payers_scenario(stressed_loss: np.ndarray, failing: int) -> int | None:
    """Index of the scenario with the largest joint loss of its ``failing`` largest losers.

    Ties go to the first scenario; None if nobody loses. stressed_loss: int64[scenarios,
    groups], gains negative.
    """
    lost = -np.sort(-np.maximum(stressed_loss, 0), axis=1)[:, :failing].sum(axis=1)
    return int(np.argmax(lost)) if lost.any() else None


def unpaid_by_own_cash(due: np.ndarray, cash: np.ndarray) -> np.ndarray:
    """Payments not met by the account's own cash, by hour: int64[accounts, hours].

    due: int64[accounts, hours], at least 0; cash: int64[accounts], meets the earliest payments.
    """
    left = np.maximum(np.cumsum(due, axis=1) - cash[:, None], 0)
    return np.diff(left, axis=1, prepend=0)


def by_group(due: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """Payments summed by group: int64[groups, hours]. due: int64[accounts, hours]."""
    total = np.zeros((groups, due.shape[1]), dtype=np.int64)
    np.add.at(total, group, due)
    return total


def outflow_bound(
    losses: np.ndarray, worst_case: np.ndarray, group: np.ndarray, groups: int
) -> np.ndarray:
    """Sum of W over the losing accounts of each group: int64[groups] micros."""
    bound = np.zeros(groups, dtype=np.int64)
    np.add.at(bound, group, np.where(losses > 0, np.maximum(worst_case, 0), 0))
    return bound


def regulatory_floor(paid: Iterable[tuple[int, int]]) -> int:
    """Minimum liquid resources: the average of members' average daily settlement pays.

    paid: for each day of the last fiscal quarter, the total pays of all members and the number
    of members. If membership changes, each member counts by its number of days. Rounded up; 0
    without members or days. Source: 17 CFR 39.11(e)(1)(ii).
    """
    total, count = 0, 0
    for amount, members in paid:
        if amount < 0 or members < 0:
            raise ModelError("paid", "must not be negative")
        # Python integers: sums of any size are exact.
        total, count = total + int(amount), count + int(members)
    return -(-total // count) if count else 0
