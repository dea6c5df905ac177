"""Hedges of a defaulter's book: the trades that lower its worst case most.

Belongs here: the search. In one contract the worst case is a convex function of the quantity
traded (the largest of finitely many straight lines), so the best quantity is found exactly;
over contracts and events the search is greedy: the best single trade, then the next. Money
is whole micros.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reporting.model.default.liquidation import Position, liquidation_cost
from reporting.model.errors import ModelError
from reporting.model.events.terms import EventTerms
from reporting.model.margin.worst_case import worst_case

_POINTS = 16


@dataclass(frozen=True)
class Hedgeable:
    """A book in one event, one element per contract.

    marks int64, centicents; qty int64, net YES (1e-2 contracts); depth int64, how much may be
    traded, 0 for none; spread int64 centicents, sigma and daily_volume float64 as in
    ``liquidation.Position``.
    """

    terms: EventTerms
    marks: np.ndarray
    qty: np.ndarray
    depth: np.ndarray
    spread: np.ndarray
    sigma: np.ndarray
    daily_volume: np.ndarray


@dataclass(frozen=True)
class Hedge:
    """A trade: number of the event and its contract, qty signed (above 0 buys YES); worst cases
    of the event before and after it, and what it costs, all micros."""

    event: int
    leg: int
    qty: int
    worst_case_before: int
    worst_case_after: int
    cost: int

    @property
    def benefit(self) -> int:
        return self.worst_case_before - self.worst_case_after - self.cost


def best_quantity(
    terms: EventTerms, marks: np.ndarray, qty: np.ndarray, depth: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Of trades in each contract alone, the one after which the worst case is least.

    Returns (quantity, worst case after it), int64[contracts] each; of equally good quantities
    the one nearest to none. Raises ModelError.
    """
    depth = np.asarray(depth, dtype=np.int64)
    if (depth < 0).any():
        raise ModelError("depth", "must not be negative")
    low, high = -depth, depth.copy()
    rows = np.arange(len(depth))
    while (high > low).any():
        _, best, points = _try(terms, marks, qty, low, high)
        # Up to as many quantities as points: all of them were tried.
        known = high - low <= _POINTS
        chosen = points[rows, best]
        low = np.where(known, chosen, points[rows, np.maximum(best - 1, 0)])
        high = np.where(known, chosen, points[rows, np.minimum(best + 1, _POINTS)])
    losses, best, points = _try(terms, marks, qty, low, high)
    return points[rows, best], losses[rows, best]


def greedy_hedges(events: Sequence[Hedgeable], most: int, eta: float) -> list[Hedge]:
    """The best single trade, then the best after it, up to ``most`` or until none is worth
    what it costs (``liquidation_cost`` of the quantity, rounded up).

    Of an event only the trade that lowers its worst case most counts; equals: the smaller
    cost, then the lower contract and event. Raises ModelError.
    """
    books = [event.qty.astype(np.int64) for event in events]
    depths = [event.depth.astype(np.int64) for event in events]
    best = [_best(n, event, books[n], depths[n], eta) for n, event in enumerate(events)]
    trades: list[Hedge] = []
    while len(trades) < most:
        chosen = max(
            (hedge for hedge in best if hedge is not None and hedge.benefit > 0),
            key=_by_benefit,
            default=None,
        )
        if chosen is None:
            break
        trades.append(chosen)
        n = chosen.event
        books[n][chosen.leg] += chosen.qty
        depths[n][chosen.leg] -= abs(chosen.qty)
        best[n] = _best(n, events[n], books[n], depths[n], eta)
    return trades


def _by_benefit(hedge: Hedge) -> tuple[int, int]:
    return hedge.benefit, -hedge.event


def _best(n: int, event: Hedgeable, qty: np.ndarray, depth: np.ndarray, eta: float) -> Hedge | None:
    traded, after = best_quantity(event.terms, event.marks, qty, depth)
    if not traded.any():
        return None
    before = int(worst_case(event.terms, event.marks, qty[None, :]).loss_micros[0])
    # To sell is to close out a long, to buy a short.
    closed = Position(
        -traded,
        event.marks,
        event.spread,
        event.sigma,
        event.daily_volume,
        np.zeros((len(qty), 1), dtype=np.int64),
        np.ones(1),
    )
    costs = np.ceil(np.round(liquidation_cost(closed, eta), 3)).astype(np.int64)
    order = np.lexsort((np.arange(len(qty)), costs, after))
    leg = next((int(leg) for leg in order if traded[leg]), 0)
    return Hedge(n, leg, int(traded[leg]), before, int(after[leg]), int(costs[leg]))


def _try(terms: EventTerms, marks, qty, low, high):
    """Worst cases with trades spread evenly from low to high in each contract alone.

    Returns (losses, the place of the best, the trades), one row per contract.
    """
    legs = len(qty)
    steps = np.arange(_POINTS + 1)
    points = low[:, None] + (high - low)[:, None] * steps // _POINTS
    table = np.repeat(np.asarray(qty, dtype=np.int64)[None, :], points.size, axis=0)
    row = np.arange(points.size)
    table[row, np.repeat(np.arange(legs), points.shape[1])] += points.ravel()
    losses = worst_case(terms, marks, table).loss_micros.reshape(points.shape)
    # The least loss, then the smallest trade: no sum of the two can overflow.
    least = losses.min(axis=1, keepdims=True)
    size = np.where(losses == least, np.abs(points), 1 + np.abs(points).max(initial=0))
    return losses, size.argmin(axis=1), points
