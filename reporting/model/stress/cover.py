"""Cover-1 and Cover-2, and the financial resources they are held against.

Belongs here: the largest shortfalls, what is left of prefunded resources when these groups
default, what assessments count, and how many groups exhaust the resources. One unit of
money throughout, whole numbers. Sources: stress-default-backtest.md, "Stress tests";
17 CFR 39.11(a)(1), 39.11(d)(2), 39.33(a).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from reporting.model.errors import ModelError

ASSESSMENT_HAIRCUT_PERCENT = 30
ASSESSMENT_SHARE_PERCENT = 20


@dataclass(frozen=True)
class Cover:
    """Cover-1 and Cover-2 per scenario, int64[s].

    cover_1_group: group of the largest shortfall; cover_2_groups int64[s, 2]: the two
    largest in order. -1 where no group has a shortfall; equal ones in group order.
    """

    cover_1: np.ndarray
    cover_1_group: np.ndarray
    cover_2: np.ndarray
    cover_2_groups: np.ndarray


def cover(shortfalls: np.ndarray) -> Cover:
    """Cover-1 = largest shortfall, Cover-2 = the two largest; shortfalls int64[s, groups]."""
    shortfalls = np.asarray(shortfalls)
    order = np.argsort(-shortfalls, axis=1, kind="stable")[:, :2]
    largest = np.take_along_axis(shortfalls, order, axis=1)
    if shortfalls.shape[1] < 2:
        missing = 2 - shortfalls.shape[1]
        order = np.pad(order, ((0, 0), (0, missing)), constant_values=-1)
        largest = np.pad(largest, ((0, 0), (0, missing)))
    named = np.where(largest > 0, order, -1)
    return Cover(largest[:, 0], named[:, 0], largest.sum(axis=1), named)


@dataclass(frozen=True)
class FinancialResources:
    """What the clearing house can draw on, in one unit.

    common: prefunded whoever defaults (own capital, insurance); fund: contributions of each
    group, int64[groups]; assessments: what each group can be called for beyond, int64[groups].
    """

    common: int
    fund: np.ndarray
    assessments: np.ndarray

    def __post_init__(self):
        if self.common < 0:
            raise ModelError("common", "must not be negative")
        if len(self.fund) != len(self.assessments):
            raise ModelError("assessments", "needs one per group")
        for name in ("fund", "assessments"):
            if any(int(amount) < 0 for amount in getattr(self, name)):
                raise ModelError(name, "must not be negative")

    def prefunded_without(self, groups: Iterable[int]) -> int:
        """What is paid in and left when ``groups`` default: their own contributions were
        already taken off their shortfalls."""
        gone = set(groups)
        return int(self.common) + sum(int(x) for g, x in enumerate(self.fund) if g not in gone)

    def callable_without(self, groups: Iterable[int]) -> int:
        """What the others can be called for when ``groups`` default, before any haircut."""
        gone = set(groups)
        return sum(int(x) for g, x in enumerate(self.assessments) if g not in gone)


def assessments_counted(callable_: int, requirement: int) -> int:
    """What counts of assessments: what is left after 30 %, for at most 20 % of the requirement,
    each rounded down (39.11(d)(2))."""
    after_haircut = callable_ * (100 - ASSESSMENT_HAIRCUT_PERCENT) // 100
    return min(after_haircut, int(requirement) * ASSESSMENT_SHARE_PERCENT // 100)


@dataclass(frozen=True)
class CoverTest:
    """A requirement against what meets it. ``excess`` is negative where it is not met.

    callable: what the groups that do not default can be called for; assessments: what counts
    of it.
    """

    requirement: int
    groups: tuple[int, ...]
    prefunded: int
    callable: int
    assessments: int

    @property
    def excess(self) -> int:
        """What is left; below zero: what is missing."""
        return self.prefunded + self.assessments - self.requirement

    @property
    def covered(self) -> bool:
        """Whether prefunded resources and the assessments that count meet the requirement."""
        return self.excess >= 0


def cover_tests(
    shortfalls: np.ndarray, resources: FinancialResources, members: int
) -> list[CoverTest]:
    """Cover-1 (``members`` 1) or Cover-2 of each scenario. shortfalls: int64[scenarios, groups]."""
    found = cover(shortfalls)
    requirements = found.cover_1 if members == 1 else found.cover_2
    left: dict[tuple[int, ...], tuple[int, int]] = {}
    tests = []
    for requirement, named in zip(requirements, found.cover_2_groups.tolist(), strict=True):
        groups = tuple(g for g in named[:members] if g >= 0)
        if groups not in left:
            left[groups] = resources.prefunded_without(groups), resources.callable_without(groups)
        prefunded, callable_ = left[groups]
        counted = assessments_counted(callable_, requirement)
        tests.append(CoverTest(int(requirement), groups, prefunded, callable_, counted))
    return tests


def cover_test(shortfalls: np.ndarray, resources: FinancialResources, members: int) -> CoverTest:
    """Cover-1 or Cover-2 of one scenario. shortfalls: int64[groups]."""
    return cover_tests(np.asarray(shortfalls)[None, :], resources, members)[0]


def exhausting_groups(
    shortfalls: np.ndarray, resources: FinancialResources
) -> tuple[int, ...] | None:
    """The fewest groups whose defaults together exhaust prefunded resources, or None.

    A default takes the shortfall from the resources, and the group's contribution out of
    them: the groups with the largest sum of both, first of equals, are therefore the fewest.
    A group without a shortfall does not default.
    """
    amounts = [int(amount) for amount in shortfalls]
    fund = [int(amount) for amount in resources.fund]
    short = [g for g, amount in enumerate(amounts) if amount > 0]
    left = int(resources.common) + sum(fund)
    defaulting: list[int] = []
    for group in sorted(short, key=lambda g: (-amounts[g] - fund[g], g)):
        defaulting.append(group)
        left -= amounts[group] + fund[group]
        if left < 0:
            return tuple(defaulting)
    return None
