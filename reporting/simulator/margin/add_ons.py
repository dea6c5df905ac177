"""Liquidity and concentration add-ons (docs/model.md, section 5)."""

import numpy as np

from reporting.simulator.margin.history import CycleState
from reporting.simulator.margin.schedules import Schedule
from reporting.simulator.margin.shortfall import up_from_thousandths
from reporting.simulator.market.listing import PAYOUT
from reporting.simulator.positions import Positions


def add_ons(
    positions: Positions, deviation: np.ndarray, state: CycleState, schedule: Schedule
) -> np.ndarray:
    """Add-ons of the margined book of every account, micros.

    ``deviation``: per market, standard deviation of the price in centicents.
    """
    margined = ~positions.paid_in_full
    market, account = positions.market[margined], positions.account[margined]
    qty = positions.qty[margined]
    mark, size = np.maximum(state.marks[market], 0), np.abs(qty)
    at_stake = np.where(qty > 0, mark, PAYOUT - mark)
    impact = schedule["impact_bps"] / 10_000 * np.sqrt(size / state.daily_volume[market])
    cost = schedule["half_spread_centicents"] + impact * deviation[market]
    allowed = schedule["concentration_share_bps"] / 10_000
    excess = np.maximum(0.0, size / state.open_interest[market] - allowed) / allowed
    amount = size * np.minimum(at_stake, cost) * (1 + excess)
    return up_from_thousandths(np.bincount(account, amount, minlength=positions.accounts))
