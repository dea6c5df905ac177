"""Closing out and holding: by hand, and the limits of the cost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.default.liquidation import Position, close_or_hold, liquidation_cost
from reporting.model.errors import ModelError


def position(qty, mark, spread, sigma, volume, payoffs=None, probabilities=None):
    count = len(qty)
    return Position(
        np.array(qty), np.array(mark), np.array(spread), np.array(sigma), np.array(volume, float),
        np.zeros((count, 1), dtype=np.int64) if payoffs is None else np.array(payoffs),
        np.array([1.0] if probabilities is None else probabilities),
    )  # fmt: skip


def test_cost_by_hand():
    # 100 contracts (10,000 hundredths) at a spread of 2 cents: 1 dollar. sigma 5 cents,
    # volume of a day 400 contracts, eta 0.5: 0.5 x 0.05 x 100 x sqrt(100/400) = 1.25 dollars.
    found = liquidation_cost(position([10_000], [4000], [200], [0.05], [40_000]), 0.5)
    assert found.tolist() == [2_250_000.0]
    # A price of 1 cent cannot cost more than 1 dollar for 100; a short of it up to 99.
    small = position([10_000, -10_000], [100, 100], [200, 200], [0.05, 0.05], [40_000, 40_000])
    assert liquidation_cost(small, 0.5).tolist() == [1_000_000.0, 2_250_000.0]
    # nothing was ever traded: all that can be lost
    still = position([10_000, -10_000], [4000, 4000], [200, 200], [0.05, 0.05], [0, 0])
    assert liquidation_cost(still, 0.5).tolist() == [40_000_000.0, 60_000_000.0]


def test_closing_beside_holding_by_hand():
    # 100 long at 40 cents, 100 short at 25 cents; exactly one of both or neither wins.
    found = close_or_hold(
        position([10_000, -10_000], [4000, 2500], [200, 100], [0.0, 0.0], [1, 1],
                 [[10_000, 0, 0], [0, 10_000, 0]], [0.4, 0.25, 0.35]),
        0.5,
    )  # fmt: skip
    # closing: 1 dollar and 50 cents of half spreads; value 40 - 25 = 15
    assert found.cost.tolist() == [1_000_000.0, 500_000.0]
    assert found.value == 15_000_000
    # holding: 100, -100 or 0 dollars: 15 on average, at worst 115 below the value
    assert found.expected_payout == pytest.approx(15_000_000.0)
    assert found.worst_payout == -100_000_000
    assert found.cost_of_holding == pytest.approx(0.0, abs=1e-6)
    assert found.risk_of_holding == 115_000_000


sizes = st.integers(-(10**9), 10**9)


@given(sizes, st.integers(0, 10_000), st.integers(-500, 10_000), st.floats(0, 5),
       st.floats(0, 1e9), st.floats(0, 5))  # fmt: skip
def test_cost_is_between_nothing_and_all(qty, mark, spread, sigma, volume, eta):
    found = float(liquidation_cost(position([qty], [mark], [spread], [sigma], [volume]), eta)[0])
    most = qty * mark if qty > 0 else -qty * (10_000 - mark)
    assert 0 <= found <= most
    twice = position([2 * qty], [mark], [spread], [sigma], [volume])
    assert float(liquidation_cost(twice, eta)[0]) >= found


def test_a_faulty_position_is_named():
    with pytest.raises(ModelError, match="mark"):
        close_or_hold(position([1], [10_001], [0], [0.0], [1]), 1.0)
    with pytest.raises(ModelError, match="probabilities"):
        close_or_hold(position([1], [1], [0], [0.0], [1], [[0, 1]], [0.5, 0.4]), 1.0)
