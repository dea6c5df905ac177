"""Liquidity and concentration add-ons (docs/model.md, section 5)."""

import math

import numpy as np
from scipy.special import ndtri

from reporting.simulator.margin.history import CycleState
from reporting.simulator.margin.margin_events import MarginEvents
from reporting.simulator.margin.shortfall import up_from_thousandths
from reporting.simulator.market.listing import PAYOUT
from reporting.simulator.positions import Positions
from reporting.simulator.schedules import Schedule

_LEAST, _MOST = 0.02, 0.98


class OwnersBook:
    """What each beneficial owner holds margined in each market, over all of its accounts.

    ``owner_of``: the owner of each account, any names.
    """

    def __init__(self, owner_of: list[str], positions: Positions) -> None:
        _, self._number = np.unique(owner_of, return_inverse=True)
        margined = ~positions.paid_in_full
        keys = self._keys(positions.market[margined], positions.account[margined])
        self._held, row = np.unique(keys, return_inverse=True)
        self._total = np.zeros(len(self._held), np.int64)
        np.add.at(self._total, row, np.abs(positions.qty[margined]))

    def total(self, market: np.ndarray, account: np.ndarray) -> np.ndarray:
        """Hundredths that the owner of each account holds in the market, long plus short."""
        keys = self._keys(market, account)
        place = np.minimum(np.searchsorted(self._held, keys), max(len(self._held) - 1, 0))
        if not len(self._held):
            return np.zeros(len(keys), np.int64)
        return np.where(self._held[place] == keys, self._total[place], 0)

    def _keys(self, market: np.ndarray, account: np.ndarray) -> np.ndarray:
        return market * len(self._number) + self._number[account]


def add_ons(
    positions: Positions,
    owners: OwnersBook,
    events: MarginEvents,
    state: CycleState,
    schedule: Schedule,
) -> np.ndarray:
    """Add-ons of the margined book of every account, micros.

    Price impact and concentration are those of all that the owner holds in a market; each
    account bears the part of its own position.
    """
    margined = ~positions.paid_in_full
    market, account = positions.market[margined], positions.account[margined]
    qty = positions.qty[margined]
    together = np.maximum(owners.total(market, account), np.abs(qty))
    mark = np.maximum(state.marks[market], 0)
    at_stake = np.where(qty > 0, mark, PAYOUT - mark)
    deviation = _deviations(market, events, len(state.marks))[market]
    impact = schedule["impact_bps"] / 10_000 * np.sqrt(together / state.daily_volume[market])
    cost = schedule["half_spread_centicents"] + impact * deviation
    allowed = schedule["concentration_share_bps"] / 10_000
    excess = np.maximum(0.0, together / state.open_interest[market] - allowed) / allowed
    amount = np.abs(qty) * np.minimum(at_stake, cost) * (1 + excess)
    return up_from_thousandths(np.bincount(account, amount, minlength=positions.accounts))


def _deviations(market: np.ndarray, events: MarginEvents, count: int) -> np.ndarray:
    """Standard deviation of each market's price over the liquidation period, centicents."""
    deviation = np.zeros(count)
    for own in events.held(market):
        price = np.clip(own.marks / PAYOUT, _LEAST, _MOST)
        density = np.exp(-(ndtri(price) ** 2) / 2) / math.sqrt(2 * math.pi)
        deviation[own.markets] = PAYOUT * density * math.sqrt(own.revealed())
    return deviation
