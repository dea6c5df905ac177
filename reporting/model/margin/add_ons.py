"""Liquidity and concentration add-ons to core margin, per position.

Belongs here: the cost of closing out a position on top of market moves. Source: margin-model.md
section 5. Market impact follows the usual square-root law in size over volume (Almgren et al.,
"Direct Estimation of Equity Market Impact", 2005).
"""

import numpy as np
from scipy.special import ndtri

from reporting.model.margin.schedule import Schedule
from reporting.units import BPS, CENTICENTS_PER_DOLLAR

LOWEST_PRICE, HIGHEST_PRICE = 0.02, 0.98
"""Prices are clipped to this range before their daily move is taken."""


def position_add_ons(
    qty, owner_qty, mark, information, daily_volume, open_interest, schedule: Schedule
) -> np.ndarray:
    """Add-on of each position: float64, micros.

    One element per position. qty: int64, net YES (1e-2 contracts); owner_qty: int64, the sizes of
    all positions of its beneficial owner in the contract, added up; mark: int64 centicents;
    information: float64, f of the liquidation period; daily_volume: float64 (1e-2 contracts a day);
    open_interest: int64, all long contracts of the market (1e-2 contracts).

    |q| min(b, half spread + impact sigma_p sqrt(Q / daily volume)), multiplied by 1 + max(0, share
    - limit) / limit, with Q the owner's size and share its share of open interest. b is the maximum
    loss per contract; it is also the cost if the market never traded. An owner is charged for the
    total, so splitting it over accounts earns nothing.
    """
    owner_size = np.asarray(owner_qty, np.float64)
    spread, impact = schedule.half_spread_centicents, schedule.impact_bps
    cost = _cost(qty, owner_size, mark, information, daily_volume, spread, impact)
    is_open = open_interest > 0
    share = np.divide(owner_size, open_interest, out=np.ones_like(owner_size), where=is_open)
    limit = schedule.concentration_share_bps / BPS
    concentration = 1.0 + np.maximum(0.0, share - limit) / limit
    return np.abs(qty).astype(np.float64) * cost * concentration * CENTICENTS_PER_DOLLAR


def closing_costs(qty, mark, information, daily_volume, half_spread, impact_bps) -> np.ndarray:
    """Cost of closing out positions, without concentration: float64, micros.

    Arrays as in ``position_add_ons``, one element per position; half_spread: centicents, a
    number or one per position; impact_bps: a number.
    """
    size = np.abs(qty).astype(np.float64)
    cost = _cost(qty, size, mark, information, daily_volume, half_spread, impact_bps)
    return size * cost * CENTICENTS_PER_DOLLAR


def price_deviation(mark, information) -> np.ndarray:
    """sigma_p = phi(Phi^-1(p)) sqrt(f): standard deviation of a price over the period, dollars."""
    price = np.clip(np.asarray(mark) / CENTICENTS_PER_DOLLAR, LOWEST_PRICE, HIGHEST_PRICE)
    density = np.exp(-(ndtri(price) ** 2) / 2) / np.sqrt(2 * np.pi)
    return density * np.sqrt(information)


def _cost(qty, size, mark, information, daily_volume, half_spread, impact_bps) -> np.ndarray:
    """Dollars per contract; the maximum loss if the market never traded."""
    is_traded = daily_volume > 0
    days_of_volume = np.divide(size, daily_volume, out=np.ones_like(size), where=is_traded)
    price = mark / CENTICENTS_PER_DOLLAR
    worst = np.where(qty > 0, price, 1.0 - price)
    impact = impact_bps / BPS * price_deviation(mark, information) * np.sqrt(days_of_volume)
    half_spread = half_spread / CENTICENTS_PER_DOLLAR
    return np.where(is_traded, np.minimum(worst, half_spread + impact), worst)
