"""What a move of chosen clusters costs the groups that are assumed to fail.

Belongs here: losses of the accounts of the target by cluster and severity, and the part beyond
margin and contribution. All accounts see prices that move against the net position of the target.
Money is int64 micros.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from scipy.special import ndtr

from reporting.model.stress.gaps import Moves, moves_of, worst_prices
from reporting.model.stress.latent import Variables, bridge_shift, tilt_of
from reporting.model.stress.stress_book import StressBook


@dataclass(frozen=True, order=True)
class Hurt:
    """What a scenario costs a target: the larger in this order, the worse.

    shortfall: beyond margin and own contributions; uncovered: beyond margin; nearness: loss of the
    margined books less their margin, which ranks scenarios that cost less than margin.
    """

    shortfall: int
    uncovered: int
    nearness: int
    loss: int


@dataclass(frozen=True, eq=False)
class Field:
    """What may move: clusters by name, with their categories and variables.

    cluster_of: int64[v], cluster of each variable, -1 for those left out; shares: float64[v], the
    share of the information that is revealed.
    """

    names: Sequence[str]
    categories: Sequence[str]
    cluster_of: np.ndarray
    variables: Variables
    shares: np.ndarray

    @cached_property
    def _moves(self) -> dict[float, Moves]:
        return {}

    def moves(self, z: float) -> Moves:
        """Moves of all variables of the clusters by z standard deviations."""
        if z not in self._moves:
            shift = partial(
                bridge_shift,
                self.variables.cumulative,
                self.variables.by_state(self.shares),
                z,
                at_quantile=True,
            )
            tilt = tilt_of(self.shares, z)
            chosen, tail = self.cluster_of >= 0, float(ndtr(-z))
            self._moves[z] = moves_of(self.variables, shift, tilt, chosen, tail)
        return self._moves[z]


def field_of(
    book: StressBook, variables: Variables, shares: np.ndarray, most_clusters: int
) -> Field:
    """The clusters with the largest total worst case; ties by name. An event without a cluster is
    one of its own."""
    size: dict[str, int] = {}
    largest: dict[str, tuple[int, str]] = {}
    name_of = []
    for event in book.market.events:
        name = event.cluster or event.terms.event_ticker
        name_of.append(name)
        size[name] = size.get(name, 0) + event.total_worst_case_micros
        largest[name] = max(
            largest.get(name, (-1, "")), (event.total_worst_case_micros, event.category)
        )
    names = sorted(size, key=lambda name: (-size[name], name))[:most_clusters]
    number = {name: place for place, name in enumerate(names)}
    of_event = np.array([number.get(name, -1) for name in name_of], dtype=np.int64)
    categories = [largest[name][1] for name in names]
    return Field(names, categories, of_event[variables.event], variables, shares)


class TargetLosses:
    """Losses of the accounts of some groups by cluster and severity."""

    def __init__(self, book: StressBook, field: Field, groups: Sequence[int]) -> None:
        self._book, self._field, self.groups = book, field, tuple(groups)
        accounts, held = book.accounts, book.positions
        chosen = np.flatnonzero(np.isin(accounts.group, self.groups))
        place = np.full(len(accounts.group), -1, dtype=np.int64)
        place[chosen] = np.arange(len(chosen))
        rows = np.flatnonzero(place[held.account] >= 0)
        self._rows = held.contract[rows], place[held.account[rows]], held.qty[rows]
        local = {group: number for number, group in enumerate(self.groups)}
        self._group = np.array([local[g] for g in accounts.group[chosen].tolist()], dtype=np.int64)
        self._house = accounts.is_house[chosen].astype(bool)
        self._margined = accounts.margined[chosen].astype(bool)
        self._margin = accounts.margin[chosen]
        self._fund = book.own_fund[list(self.groups)]
        self._net = book.group_positions[list(self.groups)].sum(axis=0)
        self._tables: dict[float, np.ndarray] = {}

    def table(self, z: float) -> np.ndarray:
        """Loss of each account when each cluster alone moves by z: int64[clusters, accounts]."""
        if z not in self._tables:
            field, market = self._field, self._book.market
            variables, moves = field.variables, field.moves(z)
            prices = worst_prices(variables, moves, self._net[variables.contract])
            contracts = len(market.marks)
            move, cluster = np.zeros(contracts, np.int64), np.full(contracts, -1)
            cluster[variables.contract] = field.cluster_of[variables.variable]
            move[variables.contract] = market.marks[variables.contract] - prices
            self._book.positions.refuse_overflow(int(np.abs(move).max(initial=0)))
            contract, account, qty = self._rows
            losses = np.zeros((len(field.names) + 1, len(self._group)), dtype=np.int64)
            # What belongs to no cluster falls into the last row, which is dropped.
            np.add.at(losses, (cluster[contract], account), qty * move[contract])
            self._tables[z] = losses[:-1]
        return self._tables[z]

    def hurt(self, clusters: Sequence[int], z: float) -> Hurt:
        """What the target loses when these clusters move by z, by the rule of shortfalls."""
        loss = self.table(z)[list(clusters)].sum(axis=0)
        groups = len(self.groups)
        house, worth, short, lost = np.zeros((4, groups), dtype=np.int64)
        own, customers = self._house, ~self._house
        np.add.at(house, self._group[own], loss[own])
        np.add.at(worth, self._group[own], self._margin[own])
        beyond = np.maximum(loss[customers] - self._margin[customers], 0)
        np.add.at(short, self._group[customers], beyond)
        np.add.at(lost, self._group[customers], np.maximum(loss[customers], 0))
        uncovered = np.maximum(house - worth, 0) + np.maximum(short - np.maximum(-house, 0), 0)
        near = np.where(self._margined, np.maximum(loss, 0) - self._margin, 0)
        return Hurt(
            shortfall=int(np.maximum(uncovered - self._fund, 0).sum()),
            uncovered=int(uncovered.sum()),
            nearness=int(near.sum()),
            loss=int((house + lost).sum()),
        )

    def by_cluster(self, clusters: Sequence[int], z: float) -> Mapping[int, int]:
        """Loss of the target in each cluster alone, gains of one account against another's loss."""
        return {c: int(self.table(z)[c].sum()) for c in clusters}
