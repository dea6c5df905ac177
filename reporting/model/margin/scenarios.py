"""Prices of an event's contracts in every scenario: diffusion and jump to resolution.

Belongs here: the step from state probabilities and draws to P*. ``draws`` has the draws,
``shortfall`` the losses of a book. Source: margin-model.md section 4.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from reporting.model.errors import ModelError

_SUM_TOLERANCE = 1e-9


@dataclass(frozen=True)
class EventRisk:
    """The scenario inputs of one event.

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
        """p-hat: float64[n], the contract prices implied by the probabilities."""
        return self.payoffs @ self.probabilities


@dataclass(frozen=True)
class EventDraws:
    """The draws of one event: F and FJ of its group, U of its cluster, its own xi and eps.

    All float64[S], except eps: float64[m, S].
    """

    group_factor: np.ndarray
    group_jump_factor: np.ndarray
    cluster: np.ndarray
    eps: np.ndarray
    xi: np.ndarray


def scenario_prices(event: EventRisk, draws: EventDraws, liquidation_days: float) -> np.ndarray:
    """P*: float64[n, S], shares of the payout.

    The payoff of the resolved state in scenarios where the event jumps, else the shocked price.
    """
    prices = shocked_prices(event, draws, liquidation_days)
    jumps = np.flatnonzero(draws.cluster < event.jump_probability)
    if len(jumps):
        prices[:, jumps] = event.payoffs[:, resolved_states(event, draws)[jumps]]
    return prices


def shocked_prices(event: EventRisk, draws: EventDraws, liquidation_days: float) -> np.ndarray:
    """Diffusion prices Y pi': float64[n, S], shares of the payout.

    pi' is pi exp(u), renormalised, with u = sigma sqrt(days) (sqrt(rho) d F + sqrt(1-rho) eps)
    and d falling from 1 at the first state to -1 at the last. One set of probabilities prices
    all contracts, so there is no arbitrage between them.
    """
    states = len(event.probabilities)
    tilt = np.linspace(1.0, -1.0, states)
    scale = event.sigma * np.sqrt(liquidation_days)
    shock = np.sqrt(event.rho) * np.outer(tilt, draws.group_factor)
    shock += np.sqrt(1.0 - event.rho) * draws.eps
    shock *= scale
    # Subtracting the largest shock keeps exp from overflowing and leaves the ratio unchanged.
    shock -= shock[event.probabilities > 0].max(axis=0)
    np.minimum(shock, 0.0, out=shock)
    weights = event.probabilities[:, None] * np.exp(shock)
    # Sums run state by state, not by a library's matrix product: the same bits on every
    # machine and for any number of threads.
    total = np.zeros(weights.shape[1])
    for state in range(states):
        total += weights[state]
    prices = np.zeros((len(event.payoffs), weights.shape[1]))
    for contract, pays in enumerate(event.payoffs):
        for state in np.flatnonzero(pays):
            prices[contract] += pays[state] * weights[state]
    return prices / total


def resolved_states(event: EventRisk, draws: EventDraws) -> np.ndarray:
    """Index of the state in which the event resolves if it jumps: int64[S].

    The first state with a cumulative probability above 1 - V, V = Phi(sqrt(rho) FJ +
    sqrt(1-rho) xi), so that events of a group tend to resolve the same way.
    """
    joint = np.sqrt(event.rho) * draws.group_jump_factor + np.sqrt(1.0 - event.rho) * draws.xi
    cumulative = np.cumsum(event.probabilities)
    # Rounding may leave the sum below a draw; the last possible state is then meant.
    last = int(np.flatnonzero(event.probabilities)[-1])
    return np.minimum(np.searchsorted(cumulative, ndtr(-joint), side="right"), last)
