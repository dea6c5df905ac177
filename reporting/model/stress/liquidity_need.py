"""Liquidity: payments due by hour and currency when the largest payers fail.

Belongs here: what is due, who fails, what qualifying liquid resources leave, and the
regulatory floor. Whole numbers of one unit per currency; currencies are never added up.
Sources: stress-default-backtest.md, "Liquidity"; 17 CFR 39.11(e)(1)(ii), 39.33(c).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from reporting.model.errors import ModelError
from reporting.units import INT64_MAX


@dataclass(frozen=True)
class DuePayments:
    """What groups owe in one currency, and what stands against it.

    due int64[groups, hours]: variation and payouts due from each group in each hour, not
    netted with what it is to receive, since that is still owed to its customers; bound
    int64[groups]: sum of W of the group's losing accounts, which all that it pays cannot
    exceed; resources int64[hours]: qualifying liquid resources that are at hand by the hour.
    """

    currency: str
    due: np.ndarray
    bound: np.ndarray
    resources: np.ndarray

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
        """What the clearing house pays for a group that fails, up to each hour, never more
        than the bound: int64[groups, hours]."""
        return np.minimum(np.cumsum(self.due, axis=1), self.bound[:, None])


@dataclass(frozen=True)
class LiquidityNeed:
    """When some groups fail to pay, in one currency.

    groups: who fails; outflow, left int64[hours]: paid for them up to the hour, and what
    resources then leave, below zero where they do not suffice; first_short_hour: index of
    the first such hour, or None.
    """

    currency: str
    groups: tuple[int, ...]
    outflow: np.ndarray
    left: np.ndarray

    @property
    def first_short_hour(self) -> int | None:
        """Index of the first hour in which resources do not suffice."""
        short = np.flatnonzero(self.left < 0)
        return int(short[0]) if len(short) else None

    @property
    def covered(self) -> bool:
        """Whether resources suffice in every hour."""
        return self.first_short_hour is None


def liquidity_need(payments: DuePayments, failing: int) -> LiquidityNeed:
    """The ``failing`` groups (1 or 2; all, if there are fewer) whose failure leaves least.

    Exact: every group or pair is tried. The least that is left in any hour decides, then the
    larger outflow in the end, then the order of groups. A group that owes nothing does not fail.
    """
    if failing not in (1, 2):
        raise ModelError("failing", "must be 1 or 2")
    outflow = payments.outflow
    owing = [g for g in range(len(outflow)) if outflow[g].any()]
    candidates = list(combinations(owing, min(failing, len(owing)))) or [()]
    best, worst_key = (), None
    for groups in candidates:
        paid = outflow[list(groups)].sum(axis=0)
        left = payments.resources - paid
        key = (int(left.min(initial=INT64_MAX)), -int(paid[-1]) if len(paid) else 0)
        if worst_key is None or key < worst_key:
            best, worst_key = groups, key
    paid = outflow[list(best)].sum(axis=0)
    return LiquidityNeed(payments.currency, best, paid, payments.resources - paid)


def largest_payers_scenario(stressed_loss: np.ndarray, failing: int) -> int | None:
    """The scenario in which the ``failing`` groups that lose most lose most together, the first
    of equals; None where nobody loses. stressed_loss: int64[scenarios, groups], gains negative."""
    lost = -np.sort(-np.maximum(stressed_loss, 0), axis=1)[:, :failing].sum(axis=1)
    return int(np.argmax(lost)) if lost.any() else None


def unpaid_by_own_cash(due: np.ndarray, cash: np.ndarray) -> np.ndarray:
    """What the cash behind an account leaves unpaid, hour by hour: int64[accounts, hours].

    due int64[accounts, hours], not below zero; cash int64[accounts]: pays what is due first.
    """
    left = np.maximum(np.cumsum(due, axis=1) - cash[:, None], 0)
    return np.diff(left, axis=1, prepend=0)


def by_group(due: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """Payments of accounts added up: int64[groups, hours]. due: int64[accounts, hours]."""
    total = np.zeros((groups, due.shape[1]), dtype=np.int64)
    np.add.at(total, group, due)
    return total


def outflow_bound(
    losses: np.ndarray, worst_case: np.ndarray, group: np.ndarray, groups: int
) -> np.ndarray:
    """Sum of W of the accounts of each group that lose: int64[groups]. By account, micros."""
    bound = np.zeros(groups, dtype=np.int64)
    np.add.at(bound, group, np.where(losses > 0, np.maximum(worst_case, 0), 0))
    return bound


def regulatory_floor(paid: Iterable[tuple[int, int]]) -> int:
    """Least liquid resources: the average over members of their average daily pay.

    paid: of each day of the last fiscal quarter what all members paid together, and how many
    members there were. With the same members every day that is the average of their averages;
    else each counts by its days. Rounded up to a whole unit; 0 without a member or a day.
    Source: 17 CFR 39.11(e)(1)(ii).
    """
    total, count = 0, 0
    for amount, members in paid:
        if amount < 0 or members < 0:
            raise ModelError("paid", "must not be negative")
        # Python integers: a sum of any size is exact.
        total, count = total + int(amount), count + int(members)
    return -(-total // count) if count else 0
