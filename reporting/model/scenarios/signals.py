"""Unordered events: the posterior of noisy signals about which state it will be.

Each signal (a candidate, a contract that can win) is seen with noise; the probabilities become
those of a Bayesian who has seen all. This is an exact martingale, it keeps the contracts
consistent, and with all information it ends in the outcome. Source: margin-model.md section 4.3.
"""

import numpy as np
from scipy.special import ndtri

from reporting.model.scenarios.draws import EventDraws
from reporting.model.scenarios.event_risk import STATES, EventRisk, Resolution

_DECIDED = 1e-12


def common_direction(event: EventRisk, draws: EventDraws) -> np.ndarray:
    """Signals eta with the group's factor along the loadings b: float64[k, S].

    eta + b (sqrt(rho) F - (1 - sqrt(1 - rho)) <b, eta>): still independent of unit variance across
    b.
    """
    along = np.zeros(len(draws.group_factor))
    for loading, eta in zip(event.loadings.tolist(), draws.eta, strict=True):
        along += loading * eta
    rho = event.rho
    shift = np.sqrt(rho) * draws.group_factor - (1.0 - np.sqrt(1.0 - rho)) * along
    return draws.eta + event.loadings[:, None] * shift


def signal_strength(event: EventRisk) -> float:
    """c: the strength at which the average signal moves as far as a binary at its price.

    c = sum P(a) c_a / sum P(a), c_a = phi(Phi^-1(P(a)))^2 / sum over b of Cov(a, b)^2, over signals
    with 0 < P < 1. 0 if there is none: then the outcome is known.
    """
    if event.news == STATES:
        chance = event.base
        squares = (chance * (1.0 - chance)) ** 2 + chance**2 * ((chance**2).sum() - chance**2)
    else:
        wins = (event.payoffs > 0).astype(np.float64)
        chance = (wins * event.base).sum(axis=1)
        both = np.einsum("aj,bj,j->ab", wins, wins, event.base)
        squares = ((both - np.outer(chance, chance)) ** 2).sum(axis=1)
    # A sum of probabilities may miss 0 or 1 by rounding; what is decided sends no signal.
    is_open = (chance > _DECIDED) & (chance < 1 - _DECIDED)
    if not is_open.any():
        return 0.0
    chance, squares = chance[is_open], squares[is_open]
    density = np.exp(-(ndtri(chance) ** 2)) / (2 * np.pi)
    return float((chance * density / squares).sum() / chance.sum())


def drawn_states(probabilities: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """The state at each uniform draw: int64[S], by cumulative probability in state order."""
    last = int(np.flatnonzero(probabilities)[-1])
    at = np.searchsorted(np.cumsum(probabilities), theta, side="right")
    return np.minimum(at, last)


def unordered_prices(
    event: EventRisk,
    eta: np.ndarray,
    theta: np.ndarray,
    information: np.ndarray,
    resolution: Resolution,
) -> np.ndarray:
    """P* of an unordered event: float64[n, S]. eta: float64[k, S]; theta: float64[S]."""
    outcome = drawn_states(event.base, theta)
    resolved = information >= 1.0
    rest = np.where(resolved, 1.0, 1.0 - information)
    zeta = signal_strength(event) * information / rest
    evidence = np.sqrt(zeta) * eta
    for signal, seen in enumerate(evidence):
        is_true = outcome == signal if event.news == STATES else event.payoffs[signal, outcome] > 0
        seen += zeta * is_true
    prices = _posterior_prices(event, evidence)
    for scenarios, states in (
        (resolved, outcome),
        (resolution.early, drawn_states(event.probabilities, theta)),
        (resolution.happened, drawn_states(event.happened, theta) if event.is_by_date else outcome),
    ):
        at = np.flatnonzero(scenarios)
        prices[:, at] = event.payoffs[:, states[at]]
    return prices


def _posterior_prices(event: EventRisk, evidence: np.ndarray) -> np.ndarray:
    """Y pi', pi' proportional to pi exp(sum of the evidence for each state): float64[n, S].

    Sums run state by state, not by a library's matrix product: the same bits on every machine and
    for any number of threads.
    """
    possible = np.flatnonzero(event.base)
    weights = np.zeros((event.payoffs.shape[1], evidence.shape[1]))
    for state in possible:
        speaking = [state] if event.news == STATES else np.flatnonzero(event.payoffs[:, state])
        for signal in speaking:
            weights[state] += evidence[signal]
    # Subtracting the largest keeps exp from overflowing and leaves the ratio unchanged.
    weights -= weights[possible].max(axis=0)
    total = np.zeros(evidence.shape[1])
    for state in possible:
        np.exp(weights[state], out=weights[state])
        weights[state] *= event.base[state]
        total += weights[state]
    prices = np.zeros((len(event.payoffs), evidence.shape[1]))
    for price, pays in zip(prices, event.payoffs, strict=True):
        for state in possible[pays[possible] != 0]:
            price += pays[state] * weights[state]
    return prices / total
