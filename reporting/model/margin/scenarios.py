"""Prices of one event's contracts in every scenario: diffusion, and jump to resolution.

Belongs here: from state probabilities and draws to P*. Where draws come from is in
``draws``, what a book loses in ``shortfall``. Source: margin-model.md section 4.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from reporting.model.errors import ModelError

_SUM_TOLERANCE = 1e-9


@dataclass(frozen=True)
class EventRisk:
    """What the scenarios need to know of one event.

    payoffs: float64[n, m] of each contract in each state, as a share of the payout;
    probabilities: float64[m]; sigma: daily volatility of log-odds; rho: correlation with
    the group; jump_probability: h within the liquidation period, float or float64[S].
    """

    event_ticker: str
    payoffs: np.ndarray
    probabilities: np.ndarray
    sigma: float
    rho: float
    jump_probability: float | np.ndarray

    def __post_init__(self):
        where = f"event {self.event_ticker}"
        states = self.payoffs.shape[1]
        if self.probabilities.shape != (states,):
            raise ModelError("probabilities", f"{where}: needs {states}, one per state")
        if not ((self.probabilities >= 0).all() and (self.probabilities <= 1).all()):
            raise ModelError("probabilities", f"{where}: must lie between 0 and 1")
        if abs(float(self.probabilities.sum()) - 1) > _SUM_TOLERANCE:
            total = float(self.probabilities.sum())
            raise ModelError("probabilities", f"{where}: must sum to 1, not {total:.12g}")
        if not (np.isfinite(self.sigma) and self.sigma >= 0):
            raise ModelError("sigma", f"{where}: must be a number of 0 or more")
        if not 0 <= self.rho <= 1:
            raise ModelError("rho", f"{where}: must lie between 0 and 1")
        jump = np.asarray(self.jump_probability)
        if not ((jump >= 0).all() and (jump <= 1).all()):
            raise ModelError("jump_probability", f"{where}: must lie between 0 and 1")

    @property
    def marks(self) -> np.ndarray:
        """p-hat: float64[n], the price of each contract that the probabilities give."""
        return self.payoffs @ self.probabilities


@dataclass(frozen=True)
class EventDraws:
    """The draws of one event, each float64[S]: F and FJ of its group, U of its cluster, its
    own xi; eps is float64[m, S]."""

    group_factor: np.ndarray
    group_jump_factor: np.ndarray
    cluster: np.ndarray
    eps: np.ndarray
    xi: np.ndarray


def scenario_prices(event: EventRisk, draws: EventDraws, liquidation_days: float) -> np.ndarray:
    """P*: float64[n, S], shares of the payout: payoff of the resolved state where the event
    jumps, the shocked price elsewhere."""
    prices = shocked_prices(event, draws, liquidation_days)
    jumps = np.flatnonzero(draws.cluster < event.jump_probability)
    if len(jumps):
        prices[:, jumps] = event.payoffs[:, resolved_states(event, draws)[jumps]]
    return prices


def shocked_prices(event: EventRisk, draws: EventDraws, liquidation_days: float) -> np.ndarray:
    """Y pi', pi' = pi exp(u) renormalised, u = sigma sqrt(days) (sqrt(rho) d F + sqrt(1-rho)
    eps), d from 1 at the first state to -1 at the last: float64[n, S].

    One set of probabilities prices all contracts, so there is no arbitrage between them.
    """
    states = len(event.probabilities)
    tilt = np.linspace(1.0, -1.0, states)
    scale = event.sigma * np.sqrt(liquidation_days)
    shock = np.sqrt(event.rho) * np.outer(tilt, draws.group_factor)
    shock += np.sqrt(1.0 - event.rho) * draws.eps
    shock *= scale
    # The largest shock is taken off: exp never overflows, and the ratio stays what it is.
    shock -= shock[event.probabilities > 0].max(axis=0)
    np.minimum(shock, 0.0, out=shock)
    weights = event.probabilities[:, None] * np.exp(shock)
    # Sums over states run state by state, not by a library's product: the same bits on
    # every machine and for any number of threads.
    total = np.zeros(weights.shape[1])
    for state in range(states):
        total += weights[state]
    prices = np.zeros((len(event.payoffs), weights.shape[1]))
    for contract, pays in enumerate(event.payoffs):
        for state in np.flatnonzero(pays):
            prices[contract] += pays[state] * weights[state]
    return prices / total


def resolved_states(event: EventRisk, draws: EventDraws) -> np.ndarray:
    """Index of the state an event resolves in, should it jump: int64[S].

    The first whose cumulative probability exceeds 1 - V, with V = Phi(sqrt(rho) FJ +
    sqrt(1-rho) xi): events of a group tend to resolve the same way.
    """
    joint = np.sqrt(event.rho) * draws.group_jump_factor + np.sqrt(1.0 - event.rho) * draws.xi
    cumulative = np.cumsum(event.probabilities)
    # Rounding may leave the sum below a draw: the last state that can happen is meant.
    last = int(np.flatnonzero(event.probabilities)[-1])
    found = np.searchsorted(cumulative, ndtr(-joint), side="right")
    return np.minimum(found, last)
