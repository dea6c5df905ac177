"""Closing out a position now, compared with holding it to resolution.

Belongs here: the cost of a liquidation and the comparison. Sources:
stress-default-backtest.md; for the exponent of size, Almgren et al., "Direct Estimation of
Equity Market Impact" (Risk, 2005). Costs are estimates in float64 micros; payouts are exact.
"""

from dataclasses import dataclass

import numpy as np

from reporting.model.errors import ModelError
from reporting.units import CENTICENTS_PER_DOLLAR


@dataclass(frozen=True)
class Position:
    """Contracts of one event, one element per contract.

    qty: int64, net YES (1e-2 contracts); mark, spread: int64 centicents; sigma: float64, standard
    deviation of the price over the liquidation period, dollars (sigma_p of margin-model.md,
    section 5; ``margin.add_ons.price_deviation``); daily_volume: float64 (1e-2 contracts). payoffs:
    int64[contracts, states] centicents; probabilities: float64[states].
    """

    qty: np.ndarray
    mark: np.ndarray
    spread: np.ndarray
    sigma: np.ndarray
    daily_volume: np.ndarray
    payoffs: np.ndarray
    probabilities: np.ndarray


@dataclass(frozen=True)
class CloseOrHold:
    """The comparison, micros.

    cost: of closing out, per contract; value: at the marks. expected_payout, worst_payout: of
    holding to resolution.
    """

    cost: np.ndarray
    value: int
    expected_payout: float
    worst_payout: int

    @property
    def cost_of_holding(self) -> float:
        """Value less expected payout, comparable with the total close-out cost."""
        return self.value - self.expected_payout

    @property
    def risk_of_holding(self) -> int:
        """Value less worst payout."""
        return self.value - self.worst_payout


def liquidation_cost(position: Position, eta: float) -> np.ndarray:
    """Cost of closing out each contract: float64 micros.

    spread |q| / 2 + eta sigma |q|^1.5 / sqrt(daily volume), clipped to 0..b |q|, with b the
    price of a long and one dollar less the price of a short. Without volume the cost is b |q|.
    """
    size = np.abs(position.qty).astype(np.float64)
    at_risk = np.where(position.qty > 0, position.mark, CENTICENTS_PER_DOLLAR - position.mark)
    max_cost = at_risk * size
    is_traded = position.daily_volume > 0
    days = np.divide(size, position.daily_volume, out=np.zeros_like(size), where=is_traded)
    impact = eta * position.sigma * CENTICENTS_PER_DOLLAR * size * np.sqrt(days)
    cost = position.spread / 2.0 * size + impact
    return np.clip(np.where(is_traded, cost, max_cost), 0.0, max_cost)


def close_or_hold(position: Position, eta: float) -> CloseOrHold:
    """Close-out and holding compared. Raises ModelError for invalid marks or probabilities."""
    if ((position.mark < 0) | (position.mark > CENTICENTS_PER_DOLLAR)).any():
        raise ModelError("mark", f"must lie between 0 and {CENTICENTS_PER_DOLLAR}")
    states = position.probabilities
    if (states < 0).any() or abs(float(states.sum()) - 1.0) > 1e-9:
        raise ModelError("probabilities", "must be non-negative and add up to 1")
    cost = liquidation_cost(position, eta)
    value = int(position.qty @ position.mark)
    payouts = position.qty @ position.payoffs
    return CloseOrHold(cost, value, float(states @ payouts), int(payouts.min()))
