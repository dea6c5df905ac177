"""The plausible joint move that hurts the groups that fail most.

Belongs here: a seeded search over the groups that fail, the clusters that move and, with them, how
far. It starts from the empty set and from sets drawn by seed, and always takes the best of all sets
that differ by one cluster. It finds a scenario, not proven to be the worst. Source:
stress-default-backtest.md, "Search beyond the list".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations

import numpy as np

from reporting.model.stress.search.severity import STEPS_A_UNIT, Severities
from reporting.model.stress.search.target_losses import Field, Hurt, TargetLosses
from reporting.model.stress.stress_book import StressBook


@dataclass(frozen=True)
class Limits:
    """How far the search looks.

    largest_groups: groups that may fail, alone and in pairs; moved_clusters: clusters that may move
    together; starts: random starts for each target.
    """

    largest_groups: int
    moved_clusters: int
    starts: int
    seed: int


@dataclass(frozen=True, eq=False)
class Found:
    """The worst scenario found for a number of failing groups.

    clusters: numbers in the field; z: how far each moves, standard deviations; losses: of the
    target; tried: sets tried for all targets of this number of groups.
    """

    groups: tuple[int, ...]
    clusters: tuple[int, ...]
    z: float
    hurt: Hurt
    losses: TargetLosses
    tried: int


def worst_plausible(
    book: StressBook, field: Field, severities: Severities, limits: Limits
) -> dict[int, Found]:
    """The worst scenario found by number of failing groups, 1 and 2; none where no group loses."""
    best: dict[int, Found] = {}
    tried = {1: 0, 2: 0}
    for groups in _targets(book, limits.largest_groups):
        losses = TargetLosses(book, field, groups)
        search = _Search(field, severities, losses, limits, _name(book, groups))
        clusters, hurt = search.run()
        number = len(groups)
        tried[number] += search.tried
        before = best.get(number)
        if clusters and hurt.loss > 0 and (before is None or hurt > before.hurt):
            best[number] = Found(groups, clusters, search.z(clusters), hurt, losses, 0)
    return {
        number: Found(**{**vars(found), "tried": tried[number]}) for number, found in best.items()
    }


def _targets(book: StressBook, largest: int) -> Iterator[tuple[int, ...]]:
    """The largest groups by worst case of their margined books, alone and in pairs."""
    accounts = book.accounts
    size = np.zeros(len(book.groups), dtype=np.int64)
    np.add.at(size, accounts.group, np.where(accounts.margined, accounts.worst_case, 0))
    chosen = np.argsort(-size, kind="stable")[:largest]
    chosen = sorted(chosen[size[chosen] > 0].tolist())
    for number in (1, 2):
        yield from combinations(chosen, number)


def _name(book: StressBook, groups: Sequence[int]) -> str:
    return "+".join(book.groups[g] for g in groups)


class _Search:
    """Search for one target. ``tried``: sets whose losses were worked out."""

    def __init__(
        self,
        field: Field,
        severities: Severities,
        losses: TargetLosses,
        limits: Limits,
        target: str,
    ) -> None:
        self._field, self._severities, self._losses = field, severities, losses
        self._limits, self._target = limits, target
        self._hurt: dict[tuple[int, ...], Hurt] = {}

    @property
    def tried(self) -> int:
        return len(self._hurt)

    def z(self, clusters: Sequence[int]) -> float:
        """How far the clusters move, standard deviations."""
        categories = [self._field.categories[c] for c in clusters]
        return self._severities.steps_of(categories) / STEPS_A_UNIT

    def run(self) -> tuple[tuple[int, ...], Hurt]:
        results = [self._climb(start) for start in self._starts()]
        # Of equals the one with fewer clusters, then the first by number.
        return max(results, key=lambda found: (found[1], -len(found[0]), [-c for c in found[0]]))

    def _starts(self) -> Iterator[tuple[int, ...]]:
        yield ()
        most = min(self._limits.moved_clusters, len(self._field.names))
        for start in range(self._limits.starts if most else 0):
            order = sorted(range(len(self._field.names)), key=lambda c: self._draw(start, c))
            yield tuple(sorted(order[: 1 + start % most]))

    def _draw(self, start: int, cluster: int) -> bytes:
        words = f"{self._limits.seed}|{self._target}|{start}|{self._field.names[cluster]}"
        return sha256(words.encode()).digest()

    def _climb(self, clusters: tuple[int, ...]) -> tuple[tuple[int, ...], Hurt]:
        hurt = self._of(clusters)
        while True:
            better = max(
                ((self._of(near), near) for near in self._neighbours(clusters)),
                key=lambda found: (found[0], [-c for c in found[1]]),
                default=None,
            )
            if better is None or better[0] <= hurt:
                return clusters, hurt
            hurt, clusters = better

    def _neighbours(self, clusters: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """Sets with one cluster more, one fewer, or one exchanged."""
        inside = set(clusters)
        outside = [c for c in range(len(self._field.names)) if c not in inside]
        for gone in clusters:
            yield tuple(c for c in clusters if c != gone)
        if len(clusters) < self._limits.moved_clusters:
            for new in outside:
                yield tuple(sorted((*clusters, new)))
        for gone in clusters:
            for new in outside:
                yield tuple(sorted((*(c for c in clusters if c != gone), new)))

    def _of(self, clusters: tuple[int, ...]) -> Hurt:
        if clusters not in self._hurt:
            self._hurt[clusters] = self._losses.hurt(clusters, self.z(clusters))
        return self._hurt[clusters]


def categories_of(field: Field, clusters: Sequence[int]) -> list[str]:
    """Categories of some clusters."""
    return [field.categories[c] for c in clusters]


def probabilities(field: Field, severities: Severities, found: Found) -> Mapping[str, float]:
    """Joint probability of the moves of a scenario, independent and at the model's correlation."""
    categories = categories_of(field, found.clusters)
    return {
        "independent_probability": severities.independent(categories, found.z),
        "correlated_probability": severities.correlated(categories, found.z),
    }
