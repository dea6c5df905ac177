"""From marks to state probabilities, and how far marks are from being consistent.

Belongs here: the fit per structure. Probabilities never enter the worst case, which is
computed from raw marks. Source: margin-model.md section 2.
"""

import numpy as np

from reporting.model import terms as t
from reporting.model.terms import EventTerms, payoffs
from reporting.model.worst_case import checked

_TOLERANCE = 1e-12
_MOST_ROUNDS = 10_000


def state_probabilities(
    terms: EventTerms,
    marks: np.ndarray,
    priced: np.ndarray | None = None,
    settled: np.ndarray | None = None,
) -> tuple[np.ndarray, float]:
    """Probabilities of the states and the largest |p-hat - p| in units of price.

    marks: int64[n]; priced, settled: bool[n]. Only priced legs (all, if None) are fitted
    and measured: the mark of a leg that never traded says nothing. A settled leg (none,
    if None) has its settlement value as mark and rules out the states that contradict
    it. States that the priced legs cannot tell apart share their probability evenly.

    Returns (float64[m] summing to 1, gap), p-hat = payoffs x probabilities. Marks cannot
    price a void, so a void state gets 0. Where marks leave the probabilities open (k of n)
    one least-squares solution is taken, the same for any order of markets. Raises
    ModelError for more than MAX_STATES states.
    """
    marks, _ = checked(terms, marks, np.zeros((0, len(terms.legs)), dtype=np.int64))
    matrix, _ = payoffs(terms, marks)
    possible = possible_states(terms, marks, settled)
    fitted = np.ones(len(terms.legs), dtype=bool) if priced is None else np.asarray(priced)
    columns = matrix[np.ix_(fitted, possible)].astype(np.float64) / terms.payout
    prices = marks[fitted].astype(np.float64) / terms.payout
    group = _alike(columns)
    first = np.unique(group, return_index=True)[1]
    found = _fit(terms, columns[:, first], prices) / np.bincount(group)
    probabilities = np.zeros(matrix.shape[1])
    probabilities[possible] = found[group]
    gaps = np.abs(columns @ found[group] - prices) * terms.payout
    return probabilities, float(gaps.max(initial=0.0))


def possible_states(
    terms: EventTerms, marks: np.ndarray, settled: np.ndarray | None = None
) -> np.ndarray:
    """Indices of the states, without the void, in which settled legs pay their marks.

    All of them when none does: a leg settled at a value that its terms do not know.
    """
    matrix, _ = payoffs(terms, marks)
    matrix = matrix[:, : matrix.shape[1] - (terms.void is not None)]
    if settled is None or not settled.any():
        return np.arange(matrix.shape[1])
    agrees = (matrix[settled] == np.asarray(marks)[settled, None]).all(axis=0)
    return np.flatnonzero(agrees) if agrees.any() else np.arange(matrix.shape[1])


def _alike(columns: np.ndarray) -> np.ndarray:
    """Number of the group of equal columns that each belongs to, in order of appearance."""
    numbers: dict[bytes, int] = {}
    return np.array(
        [numbers.setdefault(column.tobytes(), len(numbers)) for column in columns.T.copy()],
        dtype=np.int64,
    )


def _fit(terms: EventTerms, columns: np.ndarray, prices: np.ndarray) -> np.ndarray:
    """Probability of each distinct column: float64[rows, m] payoffs as shares of the payout."""
    if terms.structure in (t.BINARY, t.COMBINATION, t.EXCLUSIVE, t.EXCLUSIVE_EXHAUSTIVE):
        return _fit_exclusive(columns, prices)
    if terms.structure == t.BINARIES:
        return np.where(columns > 0, prices[:, None], 1 - prices[:, None]).prod(axis=0)
    if terms.structure == t.LADDER:
        # A settled rung pays the same in every column that is left: it is no step.
        steps = prices[columns[:, 0] != columns[:, -1]]
        steps = np.concatenate(([1.0], non_increasing_fit(steps), [0.0]))
        return np.maximum(steps[:-1] - steps[1:], 0)
    return simplex_least_squares(columns, prices)


def _fit_exclusive(columns: np.ndarray, prices: np.ndarray) -> np.ndarray:
    """At most one leg wins: its price; what is left goes to the column in which none does."""
    found = prices @ columns
    none = columns.sum(axis=0) == 0
    if none.any() and found.sum() <= 1:
        return found + none * (1 - found.sum())
    if found.sum() == 0:
        return np.full(len(found), 1 / len(found))
    return found / found.sum()


def non_increasing_fit(values: np.ndarray) -> np.ndarray:
    """The non-increasing sequence nearest in squares: pool adjacent violators."""
    pools: list[list[float]] = []
    for value in values:
        pools.append([float(value), 1])
        while len(pools) > 1 and pools[-2][0] < pools[-1][0]:
            mean, count = pools.pop()
            before, before_count = pools[-1]
            pools[-1] = [
                (before * before_count + mean * count) / (before_count + count),
                before_count + count,
            ]
    return np.repeat([pool[0] for pool in pools], [int(pool[1]) for pool in pools])


def simplex_least_squares(matrix: np.ndarray, prices: np.ndarray) -> np.ndarray:
    """The probabilities x >= 0, sum 1, with the least |matrix x - prices| in squares.

    With the sum at 1, matrix x - prices = (matrix - prices) x: the point of the convex
    hull of the columns of (matrix - prices) that is nearest to zero, by Wolfe's algorithm
    ("Finding the nearest point in a polytope", 1976). Each round solves for the nearest
    point of the plane through the columns in use and drops those that would get a
    negative weight. scipy's nnls is no substitute: 1.17 stops short of the optimum,
    without a word, when states outnumber contracts and marks are symmetric.
    """
    points = matrix - prices[:, None]
    squares = (points**2).sum(axis=0)
    tolerance = _TOLERANCE * max(1.0, float(squares.max()))
    used = [int(np.argmin(squares))]
    weights = np.ones(1)
    for _ in range(_MOST_ROUNDS):
        nearest = points[:, used] @ weights
        reach = nearest @ points
        candidate = int(np.argmin(reach))
        if nearest @ nearest - reach[candidate] <= tolerance or candidate in used:
            break
        used.append(candidate)
        weights = np.append(weights, 0.0)
        used, weights = _nearest_in_hull(points, used, weights)
    found = np.zeros(matrix.shape[1])
    found[used] = weights
    return found / found.sum()


def _nearest_in_hull(
    points: np.ndarray, used: list[int], weights: np.ndarray
) -> tuple[list[int], np.ndarray]:
    """Wolfe's minor cycle: move to the plane's nearest point, dropping columns on the way."""
    while True:
        size = len(used)
        system = np.ones((size + 1, size + 1))
        system[0, 0] = 0
        system[1:, 1:] = points[:, used].T @ points[:, used]
        target = np.zeros(size + 1)
        target[0] = 1
        on_plane = np.linalg.lstsq(system, target, rcond=None)[0][1:]
        outside = on_plane <= _TOLERANCE
        if not outside.any():
            return used, on_plane
        falls = weights[outside] - on_plane[outside]
        step = min(1.0, float(np.min(weights[outside] / np.maximum(falls, _TOLERANCE))))
        weights = weights + step * (on_plane - weights)
        keep = weights > _TOLERANCE
        used = [column for column, kept in zip(used, keep, strict=True) if kept]
        weights = weights[keep] / weights[keep].sum()
