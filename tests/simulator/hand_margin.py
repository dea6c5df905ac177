"""Margin of one account in a book so small that it can be worked out by hand.

Scenarios are made certain: one stress factor for all of them, all of the shock common to the
group (rho = 1), and no jump unless a test wants one. Expected shortfall is then the loss of
that one scenario.
"""

from datetime import date

import numpy as np

from reporting.simulator.margin.history import CycleState
from reporting.simulator.margin.requirement import AMOUNTS, MarginModel
from reporting.simulator.margin.schedules import Schedule, schedules_from
from reporting.simulator.margin.volatility import VolatilityPools
from reporting.simulator.positions import Positions

DAY = 86_400
BASE = schedules_from(date(2026, 1, 1))[-1].parameters | {
    "legal_class": {"default": "option"},
    "scenarios": 20,
    "stress_share_bps": 10_000,
    "stress_factors_bps": [0],
    "rho_bps": {"default": 10_000},
    "jump_rate_bps_per_day": {"default": 0},
    "half_spread_centicents": 0,
    "impact_bps": 0,
    "clusters": {},
}
FREE = {"kappa_bps": {"default": 0}, "core_floor_bps": 0}
"""Without jump to resolution and floor the core is the expected shortfall."""


def requirement(listing, marks, holdings, changes=None, linked=None, netting=True, **state):
    """Margin at time 0 of account 0; holdings are (market, paid in full, hundredths)."""
    positions = Positions(2)
    for market, in_full, qty in holdings:
        positions.add(positions.make_key([market], [0], [in_full]), np.array([qty]))
    count = len(marks)
    known = {
        "settled": np.full(count, -1),
        "open_interest": np.full(count, 10**9),
        "daily_volume": np.full(count, 10.0**9),
        "pools": VolatilityPools(),
    }
    schedule = Schedule("MS-1", date(2026, 1, 1), "", "", BASE | (changes or {}))
    at_cycle = CycleState(cycle_seconds=0, marks=np.array(marks), **known | state)
    found = MarginModel(listing, schedule, linked or {}, at_cycle).requirement(positions, netting)
    assert found.held.tolist() == [True, False]
    assert not any(getattr(found, name)[1] for name in AMOUNTS)
    return found
