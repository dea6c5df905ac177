"""Hedges of a defaulter's book: the trades that reduce its worst case most.

Belongs here: the search. The worst case is a convex function of the quantity traded in one
contract (a maximum of straight lines), so the best quantity is found exactly. Over contracts
and events the search is greedy: the best single trade, then the next. Money is whole micros.
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

    marks: int64 centicents; qty: int64, net YES (1e-2 contracts); depth: int64, maximum
    quantity to trade; spread: int64 centicents; sigma, daily_volume: float64, as in
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
    """A hedge trade.

    event, leg: number of the event and of its contract; qty: signed, positive buys YES;
    worst_case_before, worst_case_after: of the event, micros; cost: of the trade, micros.
    """

    event: int
    leg: int
    qty: int
    worst_case_before: int
    worst_case_after: int
    cost: int

    @property
    def benefit(self) -> int:
        """Reduction of the worst case less the cost, micros."""
        return self.worst_case_before - self.worst_case_after - self.cost


def best_quantity(
    terms: EventTerms, marks: np.ndarray, qty: np.ndarray, depth: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """For each contract alone, the trade that minimises the worst case.

    Returns (quantity, worst case after it), int64[contracts] each; of equally good quantities
    the smallest. Raises ModelError.
    """
    depth = np.asarray(depth, dtype=np.int64)
    if (depth < 0).any():
        raise ModelError("depth", "must not be negative")
    low, high = -depth, depth.copy()
    rows = np.arange(len(depth))
    while (high > low).any():
        _, best, points = _try(terms, marks, qty, low, high)
        # With at most as many quantities as points, all of them were tried.
        is_final = high - low <= _POINTS
        chosen = points[rows, best]
        low = np.where(is_final, chosen, points[rows, np.maximum(best - 1, 0)])
        high = np.where(is_final, chosen, points[rows, np.minimum(best + 1, _POINTS)])
    losses, best, points = _try(terms, marks, qty, low, high)
    return points[rows, best], losses[rows, best]


def greedy_hedges(events: Sequence[Hedgeable], max_trades: int, eta: float) -> list[Hedge]:
    """The best single trade, then the best after it, up to ``max_trades``.

    Stops when no trade is worth its cost (``liquidation_cost``, rounded up). For each event only
    the trade with the largest reduction of the worst case is considered; ties go to the smaller
    cost, then the lower contract and event. Raises ModelError.
    """
    books = [event.qty.astype(np.int64) for event in events]
    depths = [event.depth.astype(np.int64) for event in events]
    best = [_best(n, event, books[n], depths[n], eta) for n, event in enumerate(events)]
    trades: list[Hedge] = []
    while len(trades) < max_trades:
        chosen = max(
            (hedge for hedge in best if hedge is not None and hedge.benefit > 0),
            key=lambda hedge: (hedge.benefit, -hedge.event),
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


def _best(n: int, event: Hedgeable, qty: np.ndarray, depth: np.ndarray, eta: float) -> Hedge | None:
    traded, after = best_quantity(event.terms, event.marks, qty, depth)
    if not traded.any():
        return None
    before = int(worst_case(event.terms, event.marks, qty[None, :]).loss_micros[0])
    # A sale costs the same as closing out a long, a purchase the same as closing out a short.
    close_out = Position(
        -traded,
        event.marks,
        event.spread,
        event.sigma,
        event.daily_volume,
        np.zeros((len(qty), 1), dtype=np.int64),
        np.ones(1),
    )
    costs = np.ceil(np.round(liquidation_cost(close_out, eta), 3)).astype(np.int64)
    order = np.lexsort((np.arange(len(qty)), costs, after))
    leg = next((int(leg) for leg in order if traded[leg]), 0)
    return Hedge(n, leg, int(traded[leg]), before, int(after[leg]), int(costs[leg]))


def _try(terms: EventTerms, marks, qty, low, high):
    """Worst cases for trades evenly spaced from low to high, in each contract alone.

    Returns (losses, index of the best trade, trades), one row per contract.
    """
    legs = len(qty)
    steps = np.arange(_POINTS + 1)
    points = low[:, None] + (high - low)[:, None] * steps // _POINTS
    table = np.repeat(np.asarray(qty, dtype=np.int64)[None, :], points.size, axis=0)
    row = np.arange(points.size)
    table[row, np.repeat(np.arange(legs), points.shape[1])] += points.ravel()
    losses = worst_case(terms, marks, table).loss_micros.reshape(points.shape)
    # The smallest trade among those with the minimum loss; no sum that could overflow.
    min_loss = losses.min(axis=1, keepdims=True)
    size = np.where(losses == min_loss, np.abs(points), 1 + np.abs(points).max(initial=0))
    return losses, size.argmin(axis=1), points
