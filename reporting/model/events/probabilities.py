"""State probabilities fitted to marks, and how far the marks are from being consistent.

Belongs here: the fit for each structure. The worst case does not use probabilities; it uses
raw marks. Source: margin-model.md section 2.
"""

import numpy as np

from reporting.model.events import terms as t
from reporting.model.events.checked_inputs import checked
from reporting.model.events.terms import EventTerms, payoffs

_TOLERANCE = 1e-12
_EXACT = 1e-13
_SAME_PLANE = 1e-9
_MAX_ROUNDS = 10_000
_MAX_NEWTON_ROUNDS = 100


def state_probabilities(
    terms: EventTerms,
    marks: np.ndarray,
    priced: np.ndarray | None = None,
    settled: np.ndarray | None = None,
) -> tuple[np.ndarray, float]:
    """Probabilities of the states, and the largest |p-hat - p| in units of price.

    marks: int64[n]; priced, settled: bool[n]. The fit uses priced legs only (all legs if
    None), because the mark of a leg that never traded carries no information. The mark of a
    settled leg (no leg if None) is its settlement value and excludes the states that
    contradict it. States that the priced legs cannot distinguish share their probability
    evenly.

    Returns (float64[m] summing to 1, gap), with p-hat = payoffs x probabilities. Marks do not
    price a void, so the void state gets 0. Where several solutions fit the marks (k of n), the
    one with the smallest sum of squares is taken. Raises ModelError for more than MAX_STATES
    states.
    """
    marks, _ = checked(terms, marks, np.zeros((0, len(terms.legs)), dtype=np.int64))
    matrix, _ = payoffs(terms, marks)
    possible = possible_states(terms, marks, settled)
    fitted = np.ones(len(terms.legs), dtype=bool) if priced is None else np.asarray(priced)
    columns = matrix[np.ix_(fitted, possible)].astype(np.float64) / terms.payout
    prices = marks[fitted].astype(np.float64) / terms.payout
    if terms.structure in (t.LADDER_BRACKETS, t.K_OF_N, t.AT_LEAST_K, t.MATRIX):
        fit = simplex_least_squares(columns, prices)
    else:
        group = _equal_columns(columns)
        first = np.unique(group, return_index=True)[1]
        fit = (_fit(terms, columns[:, first], prices) / np.bincount(group))[group]
    probabilities = np.zeros(matrix.shape[1])
    probabilities[possible] = fit
    gaps = np.abs(columns @ fit - prices) * terms.payout
    return probabilities, float(gaps.max(initial=0.0))


def possible_states(
    terms: EventTerms, marks: np.ndarray, settled: np.ndarray | None = None
) -> np.ndarray:
    """Indices of the non-void states in which settled legs pay their marks.

    All non-void states when there is no such state: a leg then settled at a value outside its
    terms.
    """
    matrix, _ = payoffs(terms, marks)
    matrix = matrix[:, : matrix.shape[1] - len(terms.void_states)]
    if settled is None or not settled.any():
        return np.arange(matrix.shape[1])
    agrees = (matrix[settled] == np.asarray(marks)[settled, None]).all(axis=0)
    return np.flatnonzero(agrees) if agrees.any() else np.arange(matrix.shape[1])


def _equal_columns(columns: np.ndarray) -> np.ndarray:
    """For each column, the number of its group of equal columns, in order of appearance."""
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
    # A ladder. A settled rung pays the same in every remaining column, so it adds no step.
    steps = prices[columns[:, 0] != columns[:, -1]]
    steps = np.concatenate(([1.0], non_increasing_fit(steps), [0.0]))
    return np.maximum(steps[:-1] - steps[1:], 0)


def _fit_exclusive(columns: np.ndarray, prices: np.ndarray) -> np.ndarray:
    """The price of the winning leg; the column in which no leg wins gets the remainder."""
    fit = prices @ columns
    no_winner = columns.sum(axis=0) == 0
    if no_winner.any() and fit.sum() <= 1:
        return fit + no_winner * (1 - fit.sum())
    if fit.sum() == 0:
        return np.full(len(fit), 1 / len(fit))
    return fit / fit.sum()


def non_increasing_fit(values: np.ndarray) -> np.ndarray:
    """The least-squares non-increasing fit, by pooling adjacent violators: float64[n]."""
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
    """The x >= 0 with sum 1 that minimises |matrix x - prices| and then |x|.

    matrix: float64[n, m], prices: float64[n]; returns float64[m], which is unique. Because x
    sums to 1, matrix x - prices = (matrix - prices) x. The first criterion therefore asks for
    the point nearest to zero in the convex hull of the columns of (matrix - prices). A column
    can have a positive weight only if it lies in the plane through that point perpendicular to
    it; the second criterion chooses among those weights.
    """
    points = matrix - prices[:, None]
    nearest, used = _nearest_point(points)
    away = points - nearest[:, None]
    distance = float(np.linalg.norm(nearest))
    scale = float(np.abs(points).max(initial=0.0))
    in_plane = np.ones(matrix.shape[1], dtype=bool)
    if distance > _TOLERANCE * scale:
        # The closer the point is to zero, the less precisely its direction is known.
        in_plane = nearest @ away <= scale * (_SAME_PLANE * distance + _EXACT * scale)
        in_plane[used] = True
    span = np.ptp(matrix, axis=1)
    rows = span > 0
    weights = np.zeros(matrix.shape[1])
    weights[in_plane] = _min_norm(away[np.ix_(rows, in_plane)] / span[rows, None])
    return weights


def _nearest_point(points: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """The point of the columns' convex hull nearest to zero, and the columns that span it.

    Wolfe's algorithm ("Finding the nearest point in a polytope", 1976). Each round solves for
    the nearest point of the plane through the active columns and drops columns that would get
    a negative weight. scipy's nnls cannot replace it: version 1.17 stops before the optimum,
    without a warning, when states outnumber contracts and marks are symmetric.
    """
    squares = (points**2).sum(axis=0)
    tolerance = _EXACT * max(1.0, float(squares.max()))
    used = [int(np.argmin(squares))]
    weights = np.ones(1)
    for _ in range(_MAX_ROUNDS):
        nearest = points[:, used] @ weights
        reach = nearest @ points
        candidate = int(np.argmin(reach))
        if nearest @ nearest - reach[candidate] <= tolerance or candidate in used:
            break
        used.append(candidate)
        weights = np.append(weights, 0.0)
        used, weights = _nearest_in_hull(points, used, weights)
    return nearest, used


def _nearest_in_hull(
    points: np.ndarray, used: list[int], weights: np.ndarray
) -> tuple[list[int], np.ndarray]:
    """Wolfe's minor cycle: move to the nearest point of the plane and drop columns on the way."""
    while True:
        base = points[:, used[0]]
        along = points[:, used[1:]] - base[:, None]
        steps = np.linalg.lstsq(along, -base, rcond=None)[0]
        on_plane = np.concatenate(([1 - steps.sum()], steps))
        outside = on_plane <= _TOLERANCE
        if not outside.any():
            return used, on_plane
        falls = weights[outside] - on_plane[outside]
        step = min(1.0, float(np.min(weights[outside] / np.maximum(falls, _TOLERANCE))))
        weights = weights + step * (on_plane - weights)
        keep = weights > _TOLERANCE
        used = [column for column, kept in zip(used, keep, strict=True) if kept]
        weights = weights[keep] / weights[keep].sum()


def _min_norm(points: np.ndarray) -> np.ndarray:
    """The x >= 0 with sum 1, points x = 0 and minimal |x|; zero lies in the columns' hull.

    The solution has the form x = max(0, c + points' v) with c = |x|^2 > 0. It is therefore
    proportional to y = max(0, 1 + basis' v) with basis y = 0, where ``basis`` is an orthonormal
    basis of the rows of points. The v minimises |y|^2, a convex piecewise quadratic function.
    Newton's method with an exact line search, starting from y = 1, usually takes one to five
    rounds.
    """
    _, sizes, basis = np.linalg.svd(points, full_matrices=False)
    basis = basis[sizes > _SAME_PLANE * sizes.max(initial=0.0)]
    values = np.ones(points.shape[1])
    for _ in range(_MAX_NEWTON_ROUNDS):
        y = np.maximum(values, 0)
        if np.abs(basis @ y).max(initial=0.0) <= _EXACT * y.sum():
            break
        active = values > 0
        step = np.linalg.lstsq(basis[:, active].T, -y[active], rcond=_TOLERANCE)[0]
        slope = step @ basis
        slope[np.abs(slope) <= _EXACT * np.abs(slope).max()] = 0
        values = values + _best_step(values, slope) * slope
    return y / y.sum()


def _best_step(values: np.ndarray, slope: np.ndarray) -> float:
    """The t >= 0 that minimises |max(0, values + t slope)|^2.

    The derivative increases in t and is piecewise linear, with a kink wherever an element
    changes sign. Find the piece on which it is zero, and the zero.
    """
    moving = slope != 0
    values, slope = values[moving], slope[moving]
    ends = -values / slope
    order = np.argsort(ends, kind="stable")
    order = order[ends[order] > 0]
    ends = ends[order]
    active = (values > 0) | ((values == 0) & (slope > 0))
    turns = np.sign(slope[order])
    constant, linear = slope * values, slope**2
    at_ends = constant[active].sum() + _sums_before(turns * constant[order])
    at_ends += ends * (linear[active].sum() + _sums_before(turns * linear[order]))
    piece = int(np.argmax(at_ends >= 0)) if (at_ends >= 0).any() else len(ends)
    low = ends[piece - 1] if piece else 0.0
    high = ends[piece] if piece < len(ends) else np.inf
    # Summed again, so that no cancellation error of the running sums remains.
    active = values + min(low + 1, (low + high) / 2) * slope > 0
    if not active.any():
        return float(low)
    return float(np.clip(-constant[active].sum() / linear[active].sum(), low, high))


def _sums_before(values: np.ndarray) -> np.ndarray:
    """For each element, the sum of the elements before it."""
    return np.cumsum(values) - values
