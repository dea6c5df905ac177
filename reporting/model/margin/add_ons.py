"""Liquidity and concentration add-ons to core margin, per position.

Belongs here: the cost of closing out a position on top of market moves. Source: margin-model.md
section 5. Market impact follows the usual square-root law in size over volume (Almgren et al.,
"Direct Estimation of Equity Market Impact", 2005).
"""

import numpy as np

from reporting.model.margin.schedule import Schedule
from reporting.units import BPS, CENTICENTS_PER_DOLLAR


def position_add_ons(
    qty, mark, volatility, daily_volume, open_interest, schedule: Schedule
) -> np.ndarray:
    """Add-on of each position: float64, micros.

    One element per position. qty: int64, net YES (1e-2 contracts); mark: int64 centicents;
    volatility: float64, sigma x sqrt(liquidation days) of log-odds; daily_volume: float64 (1e-2
    contracts a day); open_interest: int64, all long contracts of the market (1e-2 contracts).

    |q| min(b, half spread + impact p (1-p) volatility sqrt(|q| / daily volume)), multiplied by
    1 + max(0, share - limit) / limit, with share the position's share of open interest. b is
    the maximum loss per contract; it is also the cost if the market never traded.
    """
    size = np.abs(qty).astype(np.float64)
    spread, impact = schedule.half_spread_centicents, schedule.impact_bps
    cost = _cost(qty, mark, volatility, daily_volume, spread, impact)
    is_open = open_interest > 0
    share = np.divide(size, open_interest, out=np.ones_like(size), where=is_open)
    limit = schedule.concentration_share_bps / BPS
    concentration = 1.0 + np.maximum(0.0, share - limit) / limit
    return size * cost * concentration * CENTICENTS_PER_DOLLAR


def closing_costs(qty, mark, volatility, daily_volume, half_spread, impact_bps) -> np.ndarray:
    """Cost of closing out positions, without concentration: float64, micros.

    Arrays as in ``position_add_ons``, one element per position; half_spread: centicents, a
    number or one per position; impact_bps: a number.
    """
    cost = _cost(qty, mark, volatility, daily_volume, half_spread, impact_bps)
    return np.abs(qty).astype(np.float64) * cost * CENTICENTS_PER_DOLLAR


def _cost(qty, mark, volatility, daily_volume, half_spread, impact_bps) -> np.ndarray:
    """Dollars per contract; the maximum loss if the market never traded."""
    size = np.abs(qty).astype(np.float64)
    is_traded = daily_volume > 0
    days_of_volume = np.divide(size, daily_volume, out=np.ones_like(size), where=is_traded)
    price = mark / CENTICENTS_PER_DOLLAR
    worst = np.where(qty > 0, price, 1.0 - price)
    move = price * (1.0 - price) * volatility
    impact = impact_bps / BPS * move * np.sqrt(days_of_volume)
    half_spread = half_spread / CENTICENTS_PER_DOLLAR
    return np.where(is_traded, np.minimum(worst, half_spread + impact), worst)
