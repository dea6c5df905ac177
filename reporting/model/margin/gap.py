"""The gap of a book in one event: the worst that the liquidation period can bring.

Belongs here: the mean loss under probabilities that Wang's transform distorts towards the worst
states ("A class of distortion operators for pricing financial and insurance risks", 2000). It is
coherent and needs no direction, so a butterfly or a field of rivals hides nothing. Source:
margin-model.md section 5.
"""

import numpy as np
from numba import njit
from scipy.special import ndtr, ndtri


def distortion(information: float, quantile: float) -> float:
    """Shift of Wang's transform: Phi^-1(quantile) sqrt(f / (1 - f)).

    Infinite where everything becomes known.
    """
    if information >= 1.0:
        return np.inf
    return float(ndtri(quantile)) * float(np.sqrt(information / (1.0 - information)))


def move_gap(losses: np.ndarray, probabilities: np.ndarray, shift: float) -> np.ndarray:
    """max(0, mean loss under the distorted probabilities) of each book: float64[books].

    losses: float64[books, m] by state, from raw marks; probabilities: float64[m]; shift: lambda.
    States run from the worst loss down; g(u) = Phi(Phi^-1(u) + lambda), u their cumulative
    probability.
    """
    possible = np.flatnonzero(probabilities)
    losses = np.ascontiguousarray(losses[:, possible])
    if not np.isfinite(shift):
        return np.maximum(losses.max(axis=1), 0.0)
    if len(possible) == 1:
        return np.maximum(losses[:, 0], 0.0)
    order = np.argsort(-losses, axis=1, kind="stable")
    below = np.minimum(np.cumsum(probabilities[possible][order], axis=1), 1.0)
    below[:, -1] = 1.0
    distorted = ndtr(ndtri(below) + shift)
    weight = np.diff(distorted, axis=1, prepend=0.0)
    return np.maximum(_mean(np.take_along_axis(losses, order, axis=1), weight), 0.0)


@njit(nogil=True, cache=True)
def _mean(losses, weight):
    """The weighted sum of each row, state by state: the same bits for any number of rows."""
    total = np.zeros(len(losses))
    for row in range(len(losses)):
        for state in range(losses.shape[1]):
            total[row] += losses[row, state] * weight[row, state]
    return total
