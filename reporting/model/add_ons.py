"""Add-ons to the core for liquidity and concentration, per position.

Belongs here: what closing a position out costs beside the move of the market. Source:
margin-model.md section 5; the square root of size over volume is the usual law of market
impact (Almgren et al., "Direct Estimation of Equity Market Impact", 2005).
"""

from dataclasses import dataclass

import numpy as np

from reporting.model.schedule import Schedule
from reporting.units import BPS, CENTICENTS_PER_DOLLAR


@dataclass(frozen=True)
class Liquidity:
    """What the cost of closing out one position hangs on, one element per position.

    qty: int64, net YES (1e-2 contracts); mark: int64 centicents; volatility: float64,
    sigma x sqrt(liquidation days) of log-odds; daily_volume: float64 (1e-2 contracts a
    day); open_interest: int64, all long contracts of the market (1e-2).
    """

    qty: np.ndarray
    mark: np.ndarray
    volatility: np.ndarray
    daily_volume: np.ndarray
    open_interest: np.ndarray


def position_add_ons(positions: Liquidity, schedule: Schedule) -> np.ndarray:
    """Add-on of each position: float64, micros.

    |q| min(b, half spread + impact p (1-p) volatility sqrt(|q| / daily volume)) times
    1 + max(0, share - limit) / limit for a share of the open interest above the limit; b is
    all that the position can lose, which is its cost where nothing was ever traded.
    """
    size = np.abs(positions.qty).astype(np.float64)
    is_traded = positions.daily_volume > 0
    days_of_volume = np.divide(
        size, positions.daily_volume, out=np.ones_like(size), where=is_traded
    )
    is_open = positions.open_interest > 0
    share = np.divide(size, positions.open_interest, out=np.ones_like(size), where=is_open)
    price = positions.mark / CENTICENTS_PER_DOLLAR
    most = np.where(positions.qty > 0, price, 1.0 - price)
    move = price * (1.0 - price) * positions.volatility
    impact = schedule.impact_bps / BPS * move * np.sqrt(days_of_volume)
    half_spread = schedule.half_spread_centicents / CENTICENTS_PER_DOLLAR
    cost = np.where(is_traded, np.minimum(most, half_spread + impact), most)
    limit = schedule.concentration_share_bps / BPS
    concentration = 1.0 + np.maximum(0.0, share - limit) / limit
    return size * cost * concentration * CENTICENTS_PER_DOLLAR
