"""Prices of a combination: it moves with its legs, by hand from margin-model.md section 4.4."""

import numpy as np
import pytest

from reporting.model.portfolio.combination_prices import combination_prices
from reporting.model.scenarios.event_prices import TwoSets


def both(*prices):
    row = np.array(prices, dtype=np.float64)
    return TwoSets(row, row)


def test_a_combination_moves_with_the_product_of_its_legs():
    """Legs 0.5 and 0.5 move to 0.25 and 0.75 of it: the product is 0.125 or 0.375, its mean
    0.25."""
    prices = combination_prices(0.2, [0.5, 0.5], [both(0.25, 0.75), both(0.5, 0.5)])
    assert prices.at_rho == pytest.approx([0.1, 0.3])


def test_the_mark_is_kept_on_average_in_either_set():
    """Together the legs' product is 0.16 or 0.36 (mean 0.26), apart 0.24 each."""
    together = TwoSets(np.array([0.4, 0.6]), np.array([0.4, 0.6]))
    other = TwoSets(np.array([0.4, 0.6]), np.array([0.6, 0.4]))
    prices = combination_prices(0.25, [0.5, 0.5], [together, other])
    assert prices.at_rho == pytest.approx([0.25 * 0.16 / 0.26, 0.25 * 0.36 / 0.26])
    assert prices.at_zero == pytest.approx([0.25, 0.25])


def test_legs_that_decide_it_decide_it():
    """A leg that lost leaves 0, all that won 1; the mean of the product is 0.25, and so is the
    mark."""
    legs = [both(1, 1, 0, 0), both(1, 0, 1, 0)]
    assert combination_prices(0.25, [0.5, 0.5], legs).at_rho.tolist() == [1, 0, 0, 0]


def test_the_price_stays_between_the_bounds_of_its_legs():
    """Marked 1.4 times the product: at legs of 0.9 the price is capped at the smaller, 0.9."""
    legs = [both(0.9, *[0.6] * 99), both(0.95, *[0.6] * 99)]
    prices = combination_prices(0.5, [0.6, 0.6], legs)
    assert prices.at_rho[0] == 0.9


@pytest.mark.parametrize(
    ("mark", "legs"),
    [
        # 0.4 is above 1.5 times 0.25.
        (0.4, [both(0.5, 0.5), both(0.5, 0.5)]),
        # The legs decide everything and say 0.25 in 20,000 scenarios: a standard error of 0.003.
        (0.3, [both(*[1, 1, 0, 0] * 5_000), both(*[1, 0, 1, 0] * 5_000)]),
    ],
)
def test_legs_that_do_not_explain_the_mark(mark, legs):
    assert combination_prices(mark, [0.5, 0.5], legs) is None
