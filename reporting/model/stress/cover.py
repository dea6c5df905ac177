"""Cover-1 and Cover-2, and the financial resources that must meet them.

Belongs here: the largest shortfalls, the prefunded resources left when these groups default,
the assessments that count, and the number of defaults that exhaust the resources. All amounts
are integers in one unit. Sources: stress-default-backtest.md, "Stress tests"; 17 CFR
39.11(a)(1), 39.11(d)(2), 39.33(a) and (b).
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

    cover_2_groups: int64[s, 2], the groups with the two largest shortfalls, in order; -1 where no
    group has a shortfall; ties in group order.
    """

    cover_1: np.ndarray
    cover_2: np.ndarray
    cover_2_groups: np.ndarray


def cover(shortfalls: np.ndarray) -> Cover:
    """Cover-1: the largest shortfall; Cover-2: the two largest. shortfalls: int64[s, groups]."""
    shortfalls = np.asarray(shortfalls)
    order = np.argsort(-shortfalls, axis=1, kind="stable")[:, :2]
    largest = np.take_along_axis(shortfalls, order, axis=1)
    if shortfalls.shape[1] < 2:
        missing = 2 - shortfalls.shape[1]
        order = np.pad(order, ((0, 0), (0, missing)), constant_values=-1)
        largest = np.pad(largest, ((0, 0), (0, missing)))
    named = np.where(largest > 0, order, -1)
    return Cover(largest[:, 0], largest.sum(axis=1), named)


@dataclass(frozen=True)
class FinancialResources:
    """The resources of the clearing house, in one unit.

    common: prefunded resources that do not depend on who defaults (own capital, insurance);
    fund: int64[groups], guaranty fund contributions; assessments: int64[groups], assessment
    powers beyond the contributions.
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
        """Prefunded resources left when ``groups`` default.

        The defaulters' own contributions are excluded: they already reduce the shortfalls.
        """
        return int(self.common) + _total_without(self.fund, groups)

    def callable_without(self, groups: Iterable[int]) -> int:
        """Assessments callable from the other groups when ``groups`` default, unhaircut."""
        return _total_without(self.assessments, groups)


def _total_without(amounts: np.ndarray, groups: Iterable[int]) -> int:
    defaulters = set(groups)
    return sum(int(amount) for group, amount in enumerate(amounts) if group not in defaulters)


def assessments_counted(callable_: int, requirement: int) -> int:
    """Assessments that count: 70 % of those callable, capped at 20 % of the requirement.

    Each is rounded down. Source: 17 CFR 39.11(d)(2).
    """
    after_haircut = callable_ * (100 - ASSESSMENT_HAIRCUT_PERCENT) // 100
    return min(after_haircut, int(requirement) * ASSESSMENT_SHARE_PERCENT // 100)


@dataclass(frozen=True)
class CoverTest:
    """A requirement and the resources that meet it.

    prefunded: without the groups that default; callable: assessments callable from the others;
    assessments: the part of it that 17 CFR 39.11(d)(2) lets count. Under 39.33(b) none counts, so
    ``covered`` answers for 39.33 as well.
    """

    requirement: int
    groups: tuple[int, ...]
    prefunded: int
    callable: int
    assessments: int

    @property
    def excess(self) -> int:
        """Prefunded resources less requirement; negative: the shortfall of resources."""
        return self.prefunded - self.requirement

    @property
    def covered(self) -> bool:
        """Whether prefunded resources alone meet the requirement."""
        return self.excess >= 0

    @property
    def excess_with_assessments(self) -> int:
        """The same with the assessments that count."""
        return self.excess + self.assessments

    @property
    def covered_with_assessments(self) -> bool:
        """Whether prefunded resources and the assessments that count meet the requirement."""
        return self.excess_with_assessments >= 0


def cover_tests(
    shortfalls: np.ndarray, resources: FinancialResources, members: int
) -> list[CoverTest]:
    """Cover-1 (``members`` 1) or Cover-2 of each scenario. shortfalls: int64[scenarios, groups]."""
    largest = cover(shortfalls)
    requirements = largest.cover_1 if members == 1 else largest.cover_2
    available: dict[tuple[int, ...], tuple[int, int]] = {}
    tests = []
    for requirement, named in zip(requirements, largest.cover_2_groups.tolist(), strict=True):
        groups = tuple(g for g in named[:members] if g >= 0)
        if groups not in available:
            prefunded = resources.prefunded_without(groups)
            available[groups] = prefunded, resources.callable_without(groups)
        prefunded, callable_ = available[groups]
        counted = assessments_counted(callable_, requirement)
        tests.append(CoverTest(int(requirement), groups, prefunded, callable_, counted))
    return tests


def cover_test(shortfalls: np.ndarray, resources: FinancialResources, members: int) -> CoverTest:
    """Cover-1 or Cover-2 of one scenario. shortfalls: int64[groups]."""
    return cover_tests(np.asarray(shortfalls)[None, :], resources, members)[0]


def exhausting_groups(
    shortfalls: np.ndarray, resources: FinancialResources
) -> tuple[int, ...] | None:
    """The smallest set of groups that exhaust prefunded resources by defaulting, or None.

    A default uses resources for the shortfall and removes the group's own contribution.
    Taking groups in descending order of the sum of both therefore gives the smallest set; ties
    go in group order. A group without a shortfall does not default.
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
