"""Volatility and the adverse quantile, by hand."""

import pytest
from support.calculator_oracle import volatility

from reporting.replica.volatility import bridge, sigma


def test_the_bridge_by_hand():
    """p = 1/2: phi(0) = 0.398942, p (1 - p) = 0.25, so 1.595769 / sqrt(days).

    tau 30.5, mpor 1: 30 days, 0.291346. tau 0.6, mpor 1: 0.1 is below 1/2: 2.256758.
    """
    assert bridge(0.5, 30.5, 1) == pytest.approx(0.291346, abs=1e-6)
    assert bridge(0.5, 0.6, 1) == pytest.approx(2.256758, abs=1e-6)
    with pytest.raises(ValueError, match="strictly between"):
        bridge(1.0, 30, 1)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((0.4, 0.3, 0.2, 0.1), 0.4),
        ((0.4, 0.8, 0.2, 0.1), 0.5),
        ((0.4, 0.3, 0.6, 0.1), 0.6),
        ((0.4, 0.3, 0.2, 0.7), 0.7),
    ],
)
def test_sigma_is_the_largest_of_its_floors(parts, expected):
    """0.75 x 0.4 + 0.25 x 0.8 = 0.5."""
    assert sigma(*parts) == pytest.approx(expected)


@pytest.mark.parametrize(("days", "share"), [(1, 0.334), (5, 0.702)])
def test_legal_class_dominates(days, share):
    """Section 9: 50 cents, 30 days out: 33.4 % of the maximum at one day, 70.2 % at five."""
    assert volatility.adverse_loss_share(0.5, 30, days) == pytest.approx(share, abs=0.0005)


def test_the_adverse_price_by_hand():
    """p = 1/2: Phi(-2.326348 x sqrt(1 / 29)) = Phi(-0.431992) = 0.332873."""
    assert volatility.adverse_price(0.5, 30, 1) == pytest.approx(0.332873, abs=1e-5)
    assert volatility.adverse_price(0.3, 30, 0) == pytest.approx(0.3)
    with pytest.raises(ValueError, match="not before"):
        volatility.adverse_price(0.5, 5, 5)
