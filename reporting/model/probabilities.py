"""From marks to state probabilities, and how far marks are from being consistent.

Belongs here: the fit per structure. Probabilities never enter the worst case, which is
computed from raw marks. Source: margin-model.md section 2.
"""

from itertools import product

import numpy as np
from scipy.optimize import nnls

from reporting.model import terms as t
from reporting.model.terms import EventTerms, has_listed_states, payoffs
from reporting.model.worst_case import checked


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

    With the sum at 1, matrix x - prices = (matrix - prices) x. Scaling x by s >= 0 turns
    min |(matrix - prices) x|^2 + (sum x - 1)^2 into r^2/(1 + r^2) along each ray, which
    grows with r = |(matrix - prices) x| at sum 1: plain non-negative least squares gives
    the ray, and its sum the scale, exactly (Haskell and Hanson, 1981).
    """
    states = matrix.shape[1]
    stacked = np.vstack((matrix - prices[:, None], np.ones(states)))
    target = np.append(np.zeros(len(prices)), 1.0)
    found, _ = nnls(stacked, target)
    return found / found.sum()
