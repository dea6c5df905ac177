"""Margin of a few accounts in a book so small that it can be worked out by hand.

Twenty scenarios, one lump of news, no correlation: what comes is counted exactly, because
draws are stratified. Unless a test says otherwise nothing resolves early, and the last of a
test's events is so far away that no news come in any scenario.
"""

from datetime import date

import numpy as np

from reporting.simulator.margin.add_ons import OwnersBook
from reporting.simulator.margin.history import CycleState
from reporting.simulator.margin.requirement import AMOUNTS, MarginModel
from reporting.simulator.margin.volatility import VolatilityPools
from reporting.simulator.market.listing import Listing
from reporting.simulator.positions import Positions
from reporting.simulator.schedules import Schedule, schedules_from

DAY = 86_400
FAR = 10_000 * DAY
"""A liquidation period of a day reveals a ten-thousandth: no news in 20 scenarios."""
YES_NO = np.array([[0, 10_000]])
BASE = schedules_from(date(2026, 1, 1))[-1].parameters | {
    "legal_class": {"default": "option"},
    "scenarios": 20,
    "rho_bps": {"default": 0},
    "jump_rate_bps_per_day": {"default": 0},
    "lumps": {"default": 1},
    "half_spread_centicents": 0,
    "impact_bps": 0,
    "clusters": {},
    "factor_signs": {},
}
FREE = {"kappa_bps": {"default": 0}, "gap_quantile_bps": 5_000, "core_floor_bps": 0}
"""Without jump to resolution and floor the core is the expected shortfall."""


def schedule(changes=None) -> Schedule:
    """The schedule of these tests, with changed parameters."""
    return Schedule("MS-1", date(2026, 1, 1), "", "", BASE | (changes or {}))


def cycle_state(marks, **state) -> CycleState:
    """Markets that nobody trades much, at time 0."""
    count = len(marks)
    known = {
        "settled": np.full(count, -1),
        "open_interest": np.full(count, 10**9),
        "daily_volume": np.full(count, 10.0**9),
        "pools": VolatilityPools(),
    }
    return CycleState(cycle_seconds=0, marks=np.array(marks), **known | state)


def requirement(
    listing, marks, holdings, changes=None, linked=None, netting=True, others=(), **state
):
    """Margin at time 0 of account 0; holdings are (market, paid in full, hundredths).

    ``others``: holdings of account 1, which has the same owner.
    """
    positions = Positions(3)
    for account, rows in enumerate((holdings, others)):
        for market, in_full, qty in rows:
            positions.add(positions.make_key([market], [account], [in_full]), np.array([qty]))
    at_cycle = cycle_state(marks, **state)
    owners = OwnersBook(["A", "A", "B"], positions)
    model = MarginModel(listing, schedule(changes), linked or {}, at_cycle, owners)
    found = model.requirement(positions, netting)
    assert found.held.tolist() == [True, bool(others), False]
    assert not any(getattr(found, name)[2] for name in AMOUNTS)
    return found


def binaries(*days: float, **facts) -> Listing:
    """Binary events A, B, ... of series SA, SB, ... that resolve in so many days."""
    listing = Listing()
    for name, tau in zip("ABCDEF", days, strict=False):
        listing.add(name, f"S{name}", "binary", [name], YES_NO, int(tau * DAY), **facts)
    return listing
