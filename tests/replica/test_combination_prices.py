"""Combinations move with their legs, by hand: section 4, step 4."""

import pytest

from reporting.replica.combination_prices import (
    LegPrices,
    combination_prices,
    moved_with_legs,
    selected,
)


def test_they_move_in_proportion():
    """Products 0.2 and 0.3, mean 0.25: p = 0.2 moves to 0.16 and 0.24."""
    assert moved_with_legs(0.2, [[0.4, 0.6], [0.5, 0.5]]) == pytest.approx([0.16, 0.24])


def test_they_stay_between_the_frechet_bounds():
    """Products 0.81, 0.01 with mean 0.41; p = 0.45: 0.889 and 0.011; bounds 0.8..0.9, 0..0.1.
    p = 0.6: 1.185 comes down to 0.9. p = 0.2: 0.395 comes up to 0.8."""
    legs = [[0.9, 0.1], [0.9, 0.1]]
    assert moved_with_legs(0.45, legs) == pytest.approx([0.45 * 0.81 / 0.41, 0.45 * 0.01 / 0.41])
    assert moved_with_legs(0.6, legs)[0] == pytest.approx(0.9)
    assert moved_with_legs(0.2, legs)[0] == pytest.approx(0.8)


def test_legs_that_are_decided_decide():
    assert moved_with_legs(0.3, [[1.0, 0.0, 1.0], [1.0, 0.5, 0.6]])[:2] == [1, 0]
    assert moved_with_legs(0.3, [[0.0, 0.0], [0.5, 0.5]]) == [0, 0]


def test_a_leg_selected_as_no_is_its_complement():
    leg = selected(LegPrices(0.3, [0.2, 1.0], [0.4, 0.0]), yes=False)
    assert (leg.mark, leg.at_rho, leg.at_zero) == pytest.approx((0.7, [0.8, 0.0], [0.6, 1.0]))


LEGS = [LegPrices(0.5, [0.4, 0.6], [0.5, 0.5]), LegPrices(0.5, [0.5, 0.5], [0.4, 0.6])]


@pytest.mark.parametrize(
    ("price", "explained"),
    [
        # The product of the marks is 0.25: 1.5 times it is 0.375.
        (0.25, True),
        (0.375, True),
        (0.3751, False),
        # Bounds 0..0.4 and 0.1..0.5 of the first set: 0.08 and 0.12 are within.
        (0.1, True),
        # 0.056 and 0.084, up to 0.1: the mean is 0.078 and misses 0.07 by 11 %.
        (0.07, False),
        (0.0, False),
    ],
)
def test_legs_explain_the_mark_or_not(price, explained):
    """With 2,000 scenarios: four standard errors of 0.078 are 0.002."""
    many = [LegPrices(leg.mark, leg.at_rho * 1_000, leg.at_zero * 1_000) for leg in LEGS]
    assert (combination_prices(price, many) is not None) == explained


def test_a_miss_that_chance_explains_is_none():
    """Two scenarios: the mean of 0.056 and 0.1 misses 0.07 within four standard errors, 0.062."""
    assert combination_prices(0.07, LEGS) is not None


def test_nothing_is_explained_by_legs_that_cannot_both_win():
    assert combination_prices(0.1, [LegPrices(0.5, [0.0] * 2, [0.0] * 2)] * 2) is None
