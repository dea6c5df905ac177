"""Reverse stress: the smallest set of simultaneous resolutions that exhausts resources.

Belongs here: the problem as arrays, and the exact search with its proof. ``joint_probability``
says how likely the set is. The search is branch and bound (Land and Doig, "An automatic method
of solving discrete programming problems", 1960) by number of resolutions: each number is
refuted before the next is tried. Source: stress-default-backtest.md.

Prefunded resources are exhausted when the shortfalls of the defaulting groups exceed the
prefunded resources without their contributions. With u the loss of a group beyond its margin
and f its contribution, this means: the sum of u over groups with u > f exceeds common resources
plus all contributions. The left side is called the score; it increases with every loss.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numba import njit

from reporting.model.errors import ModelError
from reporting.units import INT64_MAX

NODE_LIMIT = 200_000


@dataclass(frozen=True)
class Resolvable:
    """An event that may resolve.

    states: in words; losses: int64[states, units], loss of every unit, gains negative.
    """

    name: str
    states: tuple[str, ...]
    losses: np.ndarray


@dataclass(frozen=True)
class ReverseProblem:
    """Losses by unit and the resources that meet them, in one unit of money.

    A unit is a customer account, or all house accounts of a group; a group has at most one unit
    with is_house. group: int64[units]; margin: int64[units], required; own_fund: int64[groups],
    guaranty fund contributions; common: prefunded resources that do not depend on who defaults.
    """

    events: Sequence[Resolvable]
    group: np.ndarray
    is_house: np.ndarray
    margin: np.ndarray
    own_fund: np.ndarray
    common: int

    def __post_init__(self):
        units = len(self.group)
        houses = np.asarray(self.group)[np.asarray(self.is_house, dtype=bool)]
        if len(set(houses.tolist())) != len(houses):
            raise ModelError("is_house", "a group can have only one house unit")
        total = float(self.common) + float(np.abs(self.margin).sum(dtype=np.float64))
        for event in self.events:
            if event.losses.shape != (len(event.states), units):
                raise ModelError("losses", f"event {event.name}: needs one per state and unit")
            largest = np.abs(event.losses.astype(np.float64)).max(axis=0, initial=0)
            total += float(largest.sum())
        if total + float(np.sum(self.own_fund)) > INT64_MAX / 4:
            raise ModelError("losses", "are too large: a sum exceeds int64")

    @cached_property
    def target(self) -> int:
        """The amount that the score must exceed."""
        return int(self.common) + int(np.sum(self.own_fund))

    def score(self, losses: np.ndarray) -> int:
        """The score of losses int64[units]."""
        return self.measure(losses)[0]

    def measure(self, losses: np.ndarray) -> tuple[int, int, int]:
        """Score, upper bound of the score, and total loss beyond margin, of int64[units] losses.

        The upper bound is the score if no house gain covers a customer.
        """
        units, own_fund = self._units
        return _measure(losses, *units, own_fund, np.zeros((3, len(own_fund)), dtype=np.int64))

    @cached_property
    def _units(self) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray], np.ndarray]:
        units = (
            np.ascontiguousarray(self.group, dtype=np.int64),
            np.ascontiguousarray(self.is_house, dtype=np.bool_),
            np.ascontiguousarray(self.margin, dtype=np.int64),
        )
        return units, np.ascontiguousarray(self.own_fund, dtype=np.int64)


@njit(nogil=True, cache=True)
def _measure(losses, group, is_house, margin, own_fund, sums):
    """sums: zeros int64[3, groups], for house shortfalls, customer shortfalls and house gains."""
    for u in range(len(losses)):
        short = losses[u] - margin[u]
        if short > 0:
            sums[0 if is_house[u] else 1, group[u]] += short
        if is_house[u] and losses[u] < 0:
            sums[2, group[u]] -= losses[u]
    score, uncovered, beyond = 0, 0, 0
    for g in range(len(own_fund)):
        gross = sums[0, g] + sums[1, g]
        net = sums[0, g] + max(0, sums[1, g] - sums[2, g])
        beyond += gross
        if gross > own_fund[g]:
            uncovered += gross
        if net > own_fund[g]:
            score += net
    return score, uncovered, beyond


@dataclass(frozen=True)
class ReverseStress:
    """The answer.

    resolutions: (event, state) indices, or None if no set was found; excess: score less target;
    at_least: no set with fewer resolutions exhausts resources; proven: the set is proved to be
    the smallest or, if there is none, proved not to exist; nodes: number of sets examined.
    """

    resolutions: tuple[tuple[int, int], ...] | None
    excess: int
    at_least: int
    proven: bool
    nodes: int


class _NodeLimit(Exception):
    """The search reached its limit of sets."""


def reverse_stress(problem: ReverseProblem, node_limit: int = NODE_LIMIT) -> ReverseStress:
    """The smallest set of resolutions, one state per event, that exhausts prefunded resources.

    Exact: a number of resolutions is refuted by enumeration or by a bound. If the search stops
    after ``node_limit`` sets, ``proven`` is False, the set is the greedy one, and ``at_least``
    is what was proved until then.
    """
    search = _Search(problem, node_limit)
    if problem.score(search.nothing) > problem.target:
        return ReverseStress((), problem.score(search.nothing) - problem.target, 0, True, 0)
    if not search.can_reach(0, search.nothing, len(search.events)):
        return ReverseStress(None, 0, len(problem.events) + 1, True, 0)
    greedy = search.greedy()
    max_size = len(search.events) if greedy is None else len(greedy) - 1
    at_least = 1
    try:
        for size in range(1, max_size + 1):
            at_least = size
            resolutions = search.visit(0, search.nothing, size)
            if resolutions is not None:
                return search.answer(resolutions, size, True)
        at_least = len(problem.events) + 1 if greedy is None else len(greedy)
    except _NodeLimit:
        return search.answer(greedy, at_least, False)
    return search.answer(greedy, at_least, True)


class _Search:
    """The search: events in descending order of possible gain, with the bounds."""

    def __init__(self, problem: ReverseProblem, limit: int) -> None:
        self.problem, self.limit, self.nodes = problem, limit, 0
        self.nothing = np.zeros(len(problem.group), dtype=np.int64)
        usable = [
            (self._gain(event), -number, _harmful(event))
            for number, event in enumerate(problem.events)
        ]
        self.events = [
            (-number, states)
            for gain, number, states in sorted(usable, key=lambda entry: entry[:2], reverse=True)
            if len(states)
        ]
        self.gains = np.array([self._gain(problem.events[e]) for e, _ in self.events], np.int64)
        peaks = [np.maximum(problem.events[e].losses.max(axis=0), 0) for e, _ in self.events] or [
            self.nothing
        ]
        # tops[r]: sum of the r + 1 largest losses of each unit over different events.
        self.tops = np.cumsum(-np.sort(-np.stack(peaks), axis=0), axis=0)

    @staticmethod
    def _gain(event: Resolvable) -> int:
        """Maximum that the event can add to the total loss beyond margin."""
        return int(np.maximum(event.losses, 0).sum(axis=1).max(initial=0))

    def answer(self, resolutions, at_least: int, proven: bool) -> ReverseStress:
        """The answer with its excess. resolutions: a set of (event, state), or None."""
        if resolutions is None:
            return ReverseStress(None, 0, at_least, proven, self.nodes)
        losses = self.nothing
        for event, state in resolutions:
            losses = losses + self.problem.events[event].losses[state]
        excess = self.problem.score(losses) - self.problem.target
        return ReverseStress(tuple(sorted(resolutions)), excess, at_least, proven, self.nodes)

    def greedy(self) -> list[tuple[int, int]] | None:
        """A set that exhausts resources, built by adding the worst resolution; or None."""
        chosen: list[tuple[int, int]] = []
        losses, left = self.nothing, list(self.events)
        while left:
            best = max(
                (
                    (*self._badness(losses + self.problem.events[event].losses[state]), -i, -state)
                    for i, (event, states) in enumerate(left)
                    for state in states
                )
            )
            event, _ = left.pop(-best[-2])
            chosen.append((event, -best[-1]))
            losses = losses + self.problem.events[event].losses[-best[-1]]
            if best[0] > self.problem.target:
                return chosen
        return None

    def _badness(self, losses: np.ndarray) -> tuple[int, int, int]:
        score, _, beyond = self.problem.measure(losses)
        return score, beyond, int(np.maximum(losses, 0).sum())

    def visit(self, start: int, losses: np.ndarray, left: int) -> list[tuple[int, int]] | None:
        """The ``left`` resolutions, of events from ``start`` on, that exhaust resources; or None.

        losses: int64[units], of the resolutions chosen before.
        """
        if not self.can_reach(start, losses, left):
            return None
        beyond = self.problem.measure(losses)[2]
        for i in range(start, len(self.events) - left + 1):
            # Gains are in descending order, so later events cannot add more.
            if beyond + int(self.gains[i : i + left].sum()) <= self.problem.target:
                return None
            event, states = self.events[i]
            for state in states:
                self.nodes += 1
                if self.nodes > self.limit:
                    raise _NodeLimit
                worse = losses + self.problem.events[event].losses[state]
                if left == 1:
                    if self.problem.score(worse) > self.problem.target:
                        return [(event, state)]
                    continue
                rest = self.visit(i + 1, worse, left - 1)
                if rest is not None:
                    return [(event, state), *rest]
        return None

    def can_reach(self, start: int, losses: np.ndarray, left: int) -> bool:
        """Whether the bound allows it: each unit at its worst, with its own choice of events."""
        if not left or len(self.events) - start < left:
            return False
        return self.problem.measure(losses + self.tops[left - 1])[1] > self.problem.target


def _harmful(event: Resolvable) -> tuple[int, ...]:
    """States in which any unit loses; other states never raise a score."""
    return tuple(np.flatnonzero((event.losses > 0).any(axis=1)).tolist())
