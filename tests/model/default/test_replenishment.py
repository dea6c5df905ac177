"""Replenishment: by hand and its limits."""

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.default.replenishment import replenish
from reporting.model.errors import ModelError


def test_replenishment_by_hand():
    # A lacks 60; B lacks 100, twice 50 may be paid in a period and 20 was; C lacks nothing;
    # E lost all of 30; D is the defaulter. The cap of C is of no account.
    found = replenish(
        {"A": 100, "B": 50, "C": 10, "E": 30},
        {"A": 40, "C": 12, "D": 5},
        F(2),
        {"B": 60, "E": 45},
    )
    assert found.due == {"A": 60, "B": 40, "C": 0, "E": 15}
    assert found.open_ == {"A": 0, "B": 10, "C": 0, "E": 15}


amounts = st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 1000))


@given(amounts, amounts, st.fractions(0, 3, max_denominator=99), amounts)
def test_due_and_open_fill_the_fund_within_the_cap(required, left, cap, paid):
    found = replenish(required, left, cap, paid)
    for member, needed in required.items():
        have, due = left.get(member, 0), found.due[member]
        assert due + found.open_[member] + min(have, needed) == needed
        assert due >= 0
        assert due == 0 or due + paid.get(member, 0) <= cap * needed
        # not a unit less than the cap allows
        full = due + 1 + paid.get(member, 0) > cap * needed
        assert found.open_[member] == 0 or full


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (({"A": -1}, {}, F(1), {}), "required.A"),
        (({}, {"A": -1}, F(1), {}), "left.A"),
        (({}, {}, F(1), {"A": -1}), "paid_in_period.A"),
        (({}, {}, F(-1), {}), "cap_multiple"),
    ],
)
def test_a_faulty_amount_is_named(arguments, field):
    with pytest.raises(ModelError) as caught:
        replenish(*arguments)
    assert caught.value.field == field
