"""Waterfalls of real venues as data: two tranches of own capital, segment slices, period caps.

The order is that of a venue of event contracts: own capital, the slice of the fund for the segment
of the default, the whole fund, own capital again, assessments to 200 % of the contribution for one
default and 550 % over the period.
"""

from fractions import Fraction

import pytest

from reporting.model.default.waterfall import (
    ASSESSMENT,
    CAPACITY,
    CONTRIBUTIONS,
    Layer,
    run_waterfall,
)
from reporting.model.errors import ModelError

FUND = {"B": 60, "C": 40}
SLICE = {"B": 15, "C": 10}


def layers(share=Fraction(1), called=None):
    slice_of = {"contributions": SLICE, "pool": "fund", "is_slice": True}
    return [
        Layer("own-1", CAPACITY, capacity=20),
        Layer("sports", CONTRIBUTIONS, loss_share=share, **slice_of),
        Layer("politics", CONTRIBUTIONS, loss_share=1 - share, **slice_of),
        Layer("fund", CONTRIBUTIONS, contributions=FUND, pool="fund"),
        Layer("own-2", CAPACITY, capacity=20),
        Layer(
            "calls", ASSESSMENT, contributions=FUND, cap_multiple=Fraction(2),
            period_cap_multiple=Fraction(11, 2), called_in_period=called or {},
        ),
    ]  # fmt: skip


def used(loss, **more):
    found = run_waterfall(loss, layers(**more))
    assert sum(layer.used for layer in found.layers) + found.unallocated == loss
    return {layer.layer_id: layer.used for layer in found.layers}, found


def test_the_slice_comes_before_the_fund_and_is_part_of_it():
    """30: 20 of own capital, 10 of the slice of 25. 100: 20, 25, and 55 of the 75 that are left."""
    assert used(30)[0] == {
        "own-1": 20,
        "sports": 10,
        "politics": 0,
        "fund": 0,
        "own-2": 0,
        "calls": 0,
    }
    amounts, found = used(100)
    assert (amounts["sports"], amounts["fund"]) == (25, 55)
    assert found.layers[3].size == 75
    # No member pays more than its contribution: B 15 + 33, C 10 + 22.
    assert found.layers[3].by_member == {"B": 33, "C": 22}


def test_a_slice_meets_the_losses_of_its_own_segment():
    """Of 40, 40 % or 16 arise in sports: own capital 20, sports 16, politics 4 of its 24."""
    amounts, _ = used(40, share=Fraction(2, 5))
    assert (amounts["own-1"], amounts["sports"], amounts["politics"]) == (20, 16, 4)
    # Both slices are whole, whichever came first; the fund is what they leave.
    amounts, found = used(100, share=Fraction(1, 2))
    assert (amounts["sports"], amounts["politics"], amounts["fund"]) == (25, 25, 30)
    assert found.layers[3].size == 50


def test_the_period_caps_what_one_default_allows():
    """B was called for 300 of 330: 30 are left of its 120. C has 80 for this default."""
    _, found = used(1_000, called={"B": 300})
    assert found.layers[5].size == 30 + 80
    assert found.unallocated == 1_000 - 20 - 100 - 20 - 110


def test_a_share_of_the_loss_is_a_share():
    with pytest.raises(ModelError, match="loss_share"):
        run_waterfall(1, layers(share=Fraction(3, 2)))
