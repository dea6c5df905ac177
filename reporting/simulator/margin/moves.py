"""How the probabilities of an event's states move when news come (docs/model.md, section 6).

``chance`` is that of each state; results are states x scenarios. ``revealed``: share of the
remaining information that the news of each scenario carry, between 0 and 1.
"""

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtr, ndtri


def resolved(chance: np.ndarray, level: np.ndarray) -> np.ndarray:
    """All probability on the state in which the cumulative one passes ``level``."""
    likely = np.flatnonzero(chance)
    cumulative = np.cumsum(chance[likely])
    place = np.searchsorted(cumulative, level, side="right")
    state = likely[np.minimum(place, len(likely) - 1)]
    return (np.arange(len(chance))[:, None] == state).astype(float)


def shifted(chance: np.ndarray, normal: np.ndarray, revealed: np.ndarray) -> np.ndarray:
    """Ordered states: a latent normal, of which part becomes known, decides between them."""
    likely = np.flatnonzero(chance)
    between = ndtri(np.minimum(np.cumsum(chance[likely])[:-1], 1.0))[:, None]
    cumulative = ndtr((between - np.sqrt(revealed) * normal) / np.sqrt(1 - revealed))
    edges = np.vstack([np.zeros_like(normal), cumulative, np.ones_like(normal)])
    moved = np.zeros((len(chance), len(normal)))
    moved[likely] = np.diff(edges, axis=0)
    return moved


def tilted(
    chance: np.ndarray,
    signals: np.ndarray,
    noise: np.ndarray,
    theta: np.ndarray,
    revealed: np.ndarray,
) -> np.ndarray:
    """Unordered states: what noisy signals of the true one (at ``theta``) say about each.

    ``signals``: signals x states, 0 or 1; ``noise``: signals x scenarios, standard normal.
    """
    likely = np.flatnonzero(chance)
    prior, signals = chance[likely], signals[:, likely]
    strength = _precision(prior, signals) * revealed / (1 - revealed)
    truth = signals @ resolved(prior, theta)
    log_weight = signals.T @ (np.sqrt(strength) * noise + strength * truth)
    weight = prior[:, None] * np.exp(log_weight - log_weight.max(axis=0))
    moved = np.zeros((len(chance), len(theta)))
    moved[likely] = weight / weight.sum(axis=0)
    return moved


def _precision(chance: np.ndarray, signals: np.ndarray) -> float:
    """The c of the page: the mean signal moves as far as a binary at its price would."""
    of_signal = signals @ chance
    covariance = (signals * chance) @ signals.T - np.outer(of_signal, of_signal)
    open_ones = np.flatnonzero((of_signal > 0) & (of_signal < 1))
    if not len(open_ones):
        return 0.0
    share = of_signal[open_ones]
    density = np.exp(-(ndtri(share) ** 2) / 2) / np.sqrt(2 * np.pi)
    each = density**2 / (covariance[open_ones] ** 2).sum(axis=1)
    return float(share @ each / share.sum())


def with_factor(
    noise: np.ndarray,
    names: list[str],
    loadings: Mapping[str, int],
    rho: float,
    factor: np.ndarray,
) -> np.ndarray:
    """Noise of the signals of which part follows the group's factor.

    ``loadings``: by signal, basis points; they are scaled to length 1.
    """
    direction = np.array([loadings.get(name, 0) for name in names], float)
    direction /= np.sqrt(direction @ direction)
    along = direction @ noise
    return noise + np.outer(direction, np.sqrt(rho) * factor - (1 - np.sqrt(1 - rho)) * along)
