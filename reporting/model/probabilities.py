"""From marks to state probabilities, and how far marks are from being consistent.

Belongs here: the fit per structure. Probabilities never enter the worst case, which is
computed from raw marks. Source: margin-model.md section 2.
"""

from itertools import product

import numpy as np

from reporting.model import terms as t
from reporting.model.terms import EventTerms, has_listed_states, payoffs
from reporting.model.worst_case import checked

_TOLERANCE = 1e-12
_MOST_ROUNDS = 10_000


def state_probabilities(terms: EventTerms, marks: np.ndarray) -> tuple[np.ndarray, float]:
    """Probabilities of the states and the largest |p-hat - p| in units of price.

    marks: int64[n]. Returns (float64[m] summing to 1, gap), p-hat = payoffs x
    probabilities. Marks cannot price a void, so a void state gets 0. Where marks leave
    the probabilities open (k of n) one least-squares solution is taken, the same for any
    order of markets. Raises ModelError for more than MAX_STATES states.
    """
    marks, _ = checked(terms, marks, np.zeros((0, len(terms.legs)), dtype=np.int64))
    matrix, _ = payoffs(terms, marks)
    prices = marks.astype(np.float64) / terms.payout
    open_states = matrix.shape[1] - (terms.void is not None)
    found = _fit(terms, matrix[:, :open_states].astype(np.float64) / terms.payout, prices)
    probabilities = np.zeros(matrix.shape[1])
    probabilities[:open_states] = found
    fitted = matrix.astype(np.float64) @ probabilities
    return probabilities, float(np.max(np.abs(fitted - marks.astype(np.float64))))


def contract_probabilities(terms: EventTerms, marks: np.ndarray) -> np.ndarray:
    """Each contract's own chance to pay, float64[n]: for events without listed states."""
    marks, _ = checked(terms, marks, np.zeros((0, len(terms.legs)), dtype=np.int64))
    if has_listed_states(terms):
        probabilities, _ = state_probabilities(terms, marks)
        matrix, _ = payoffs(terms, marks)
        return matrix.astype(np.float64) @ probabilities / terms.payout
    return marks.astype(np.float64) / terms.payout


def _fit(terms: EventTerms, matrix: np.ndarray, prices: np.ndarray) -> np.ndarray:
    if terms.structure in (t.BINARY, t.COMBINATION):
        return np.array([prices[0], 1 - prices[0]])
    if terms.structure == t.EXCLUSIVE_EXHAUSTIVE:
        total = prices.sum()
        if total == 0:
            return np.full(len(prices), 1 / len(prices))
        return prices / total
    if terms.structure == t.EXCLUSIVE:
        total = prices.sum()
        if total > 1:
            return np.append(prices / total, 0.0)
        return np.append(prices, 1 - total)
    if terms.structure == t.LADDER:
        steps = np.concatenate(([1.0], non_increasing_fit(prices), [0.0]))
        return np.maximum(steps[:-1] - steps[1:], 0)
    if terms.structure == t.BINARIES:
        chances = [(price, 1 - price) for price in prices]
        return np.array([np.prod(sides) for sides in product(*chances)])
    return simplex_least_squares(matrix, prices)


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
