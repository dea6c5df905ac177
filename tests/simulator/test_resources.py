"""Sizing of the fund, the order in which a default uses it, and the venue's own stress, by hand."""

import numpy as np
import pytest

from reporting.simulator.clearing_house.resources import (
    CAPITAL_BPS,
    MIN_CAPITAL,
    MULTIPLE_BPS,
    CommonResources,
)
from reporting.simulator.clearing_house.roster import make_roster
from reporting.simulator.clearing_house.venue_stress import VenueStress

DOLLAR = 10_000


@pytest.fixture
def roster():
    """Eight members: M01 and M02 are one group, M04 and M05 another."""
    return make_roster(24, 3, [])


@pytest.fixture
def sized(roster):
    fund = CommonResources(roster)
    beyond = np.array([0, 0, 90_000, 0, 0, 60_000, 10_000, 0]) * DOLLAR
    ones = np.ones(8, np.int64)
    fund.size(VenueStress(beyond, beyond, 1_000 * ones), 500 * ones)
    return fund


def test_what_is_left_is_a_multiple_of_what_the_two_largest_lack(sized):
    own = sized.deposited[[2, 5]]
    lacking = 90_000 * DOLLAR + 60_000 * DOLLAR - int(own.sum())
    left = int(sized.deposited.sum() - own.sum()) + sum(sized.capital)
    assert left / lacking == pytest.approx(MULTIPLE_BPS / 10_000, rel=0.01)


def test_deposits_are_by_risk_and_own_capital_is_a_share_of_the_fund(sized):
    # Half by stress (90 of 160, 60 of 160, 10 of 160), half equally: 1/16 each.
    fund = sized.required / sized.required.sum()
    expected = 0.5 * np.array([0, 0, 90, 0, 0, 60, 10, 0]) / 160 + 0.5 / 8
    assert fund == pytest.approx(expected, abs=1e-4)
    tranche = int(sized.required.sum()) * CAPITAL_BPS // 10_000
    assert sized.capital == [tranche, tranche] and tranche > MIN_CAPITAL


def test_a_loss_goes_through_the_layers_in_order(sized):
    before, junior = sized.deposited.copy(), sized.capital[0]
    survivors = int(before.sum() - before[2])
    loss = int(before[2]) + junior + int(before[0]) + 1_000
    used = sized.absorb(loss, 2, [0])
    assert used == {
        "DEFAULTER-FUND": int(before[2]),
        "OWN-CAPITAL-1": junior,
        "SURVIVORS-FUND": int(before[0]) + 1_000,
        "OWN-CAPITAL-2": 0,
        "UNALLOCATED": 0,
    }
    after = sized.deposited
    # The member that did not bid pays first, all it has; the others the rest.
    assert after[0] == 0 and after[2] == 0
    assert int(after.sum()) == survivors - int(before[0]) - 1_000


def test_a_loss_beyond_everything_is_not_allocated(sized):
    total = int(sized.deposited.sum()) + sum(sized.capital)
    used = sized.absorb(total + 7, 2, [])
    assert used["UNALLOCATED"] == 7 and sum(used.values()) == total + 7
    assert not sized.deposited.any()
