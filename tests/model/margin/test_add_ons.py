"""Add-ons: by hand from margin-model.md section 5."""

import numpy as np
import pytest

from reporting.model.margin.add_ons import position_add_ons, price_deviation

from ..schedules import schedule

SCHEDULE = schedule(half_spread_centicents=100, impact_bps=5_000, concentration_share_bps=1_000)


def add_on(qty, owner_qty, mark=5_000, information=0.25, volume=10_000.0, interest=10**9):
    columns = [np.array([value]) for value in (qty, owner_qty, mark, information, volume, interest)]
    return float(position_add_ons(*columns, SCHEDULE)[0])


def test_the_daily_move_by_hand():
    """phi(0) sqrt(0.25) = 0.19947; a price beyond 0.98 moves like one at 0.98."""
    assert price_deviation(5_000, 0.25) == pytest.approx(0.398942 / 2, abs=1e-6)
    assert price_deviation(9_990, 1.0) == price_deviation(9_800, 1.0)


def test_a_position_by_hand():
    """100 contracts, a day's volume: 0.01 + 0.5 x 0.199471 = 0.109736 dollars each."""
    assert add_on(10_000, 10_000) == pytest.approx(0.1097355 * 10_000 * 10_000, rel=1e-6)


def test_splitting_over_accounts_of_an_owner_earns_nothing():
    """Four days of volume, square root 2: charged alike on one account and over four."""
    assert add_on(40_000, 40_000) == pytest.approx(4 * add_on(10_000, 40_000))
    assert add_on(10_000, 40_000) > add_on(10_000, 10_000)


def test_concentration_by_hand():
    """30 % of open interest, limit 10 %: 1 + 0.2 / 0.1 = 3 times."""
    alone = add_on(10_000, 10_000)
    assert add_on(10_000, 10_000, interest=33_333.333333333336) == pytest.approx(3 * alone)


def test_no_cost_above_the_largest_loss():
    """A market that never traded costs the price of a long, and a dollar less it of a short."""
    assert add_on(100, 100, mark=3_000, volume=0.0) == pytest.approx(0.3 * 100 * 10_000)
    assert add_on(-100, 100, mark=3_000, volume=0.0) == pytest.approx(0.7 * 100 * 10_000)
    assert add_on(10**9, 10**9, mark=3_000) <= 0.3 * 10**9 * 10_000 * 21
