"""Fund sizing by hand: what Cover-2 needs, and who should deposit how much of it."""

from fractions import Fraction

import pytest

from reporting.model.default.fund_sizing import (
    Driver,
    bps_of,
    fund_needed,
    required_deposits,
    risk_shares,
)
from reporting.model.errors import ModelError

MEMBERS = ("M1", "M2", "M3")


def drivers(stress, stress_bps=7_000):
    return [
        Driver("stress", dict(zip(MEMBERS, stress, strict=True)), stress_bps),
        Driver("open interest", {"M1": 50, "M2": 50}, 2_000),
        Driver("volume", {"M3": 10}, 1_000),
    ]


def test_the_fund_meets_the_two_largest_of_the_worst_scenario():
    """80 + 15 in the first, 40 + 40 in the second; 30 of own capital come out first."""
    assert fund_needed([[80, 15, 5], [40, 40, 40]], 30) == 65
    assert fund_needed([[1, 1]], 30) == fund_needed([], 30) == 0


def test_shares_are_weighted_means():
    """M1: 0.7 x 3/4 + 0.2 x 1/2 = 0.625; M2: 0.7 x 1/4 + 0.1 = 0.275; M3: the volume, 0.1."""
    shares = risk_shares(drivers([30, 10, 0]), MEMBERS)
    assert shares == {"M1": Fraction(5, 8), "M2": Fraction(11, 40), "M3": Fraction(1, 10)}
    # 65 x 0.625 = 40.6 and 65 x 0.275 = 17.9, rounded up; 6.5 is below the minimum.
    assert required_deposits(65, 10, shares) == {"M1": 41, "M2": 18, "M3": 10}
    assert bps_of(shares["M2"]) == 2_750


def test_a_driver_that_is_zero_for_all_leaves_its_weight_to_the_others():
    """Without uncovered stress: two thirds by open interest, one third by volume."""
    shares = risk_shares(drivers([0, 0, 0]), MEMBERS)
    assert shares == {"M1": Fraction(1, 3), "M2": Fraction(1, 3), "M3": Fraction(1, 3)}
    assert set(risk_shares([Driver("x", {}, 1)], MEMBERS).values()) == {Fraction(0)}


def test_weights_that_say_nothing_are_refused():
    with pytest.raises(ModelError, match="weight_bps"):
        risk_shares([Driver("x", {}, 0)], MEMBERS)
