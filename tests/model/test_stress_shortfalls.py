"""Shortfalls of groups, Cover-1/2, and the resources they are held against."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.stress.cover import cover
from reporting.model.stress.shortfalls import group_shortfalls

# Group 0: customers lose 50 beyond margin 30 and gain 100; house gains 15.
# Group 1: house loses 40 and gains 10 beside it, margin 5 and 5; customer is covered.
LOSSES = np.array([80, -100, -15, 40, -10, 20])
MARGIN = np.array([30, 500, 7, 5, 5, 20])
GROUP = np.array([0, 0, 0, 1, 1, 1])
HOUSE = np.array([False, False, True, True, True, False])


@pytest.mark.parametrize(
    ("own_fund", "shortfall"),
    [((0, 0), [35, 20]), ((10, 30), [25, 0])],
)
def test_group_shortfalls_by_hand(own_fund, shortfall):
    found = group_shortfalls(LOSSES, MARGIN, GROUP, HOUSE, np.array(own_fund))
    # customers 80 - 30 = 50, the other's gain does not help; the house's 15 does
    # house 40 - 10 - (5 + 5) = 20
    assert found.shortfall.tolist() == shortfall
    assert found.margin_required.tolist() == [537, 30]
    assert found.stressed_loss.tolist() == [80 - 15, 30 + 20]


def test_customer_gains_never_cover_the_house():
    found = group_shortfalls(
        np.array([100, -1000]), np.array([10, 0]), np.array([0, 0]), np.array([True, False]),
        np.array([0]),
    )  # fmt: skip
    assert found.shortfall.tolist() == [90]


def test_unused_house_margin_does_not_cover_customers():
    found = group_shortfalls(
        np.array([0, 100]), np.array([1000, 10]), np.array([0, 0]), np.array([True, False]),
        np.array([0]),
    )  # fmt: skip
    assert found.shortfall.tolist() == [90]


@given(st.lists(st.tuples(st.integers(-99, 99), st.integers(0, 50), st.integers(0, 2),
                          st.booleans()), max_size=12))  # fmt: skip
def test_group_shortfalls_one_by_one(rows):
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    losses, required, group = (np.array(column, dtype=np.int64) for column in columns[:3])
    house = np.array(columns[3], dtype=bool)
    found = group_shortfalls(losses, required, group, house, np.array([5, 0, 50]))
    for number, fund in enumerate((5, 0, 50)):
        mine = [row for row in rows if row[2] == number]
        customers = sum(max(0, loss - margin) for loss, margin, _, h in mine if not h)
        house_loss = sum(loss for loss, _, _, h in mine if h)
        house_margin = sum(margin for _, margin, _, h in mine if h)
        open_ = max(0, house_loss - house_margin) + max(0, customers - max(0, -house_loss))
        assert found.shortfall[number] == max(0, open_ - fund)


def test_cover_by_hand():
    found = cover(np.array([[5, 9, 9], [0, 0, 3], [0, 0, 0]]))
    assert found.cover_1.tolist() == [9, 3, 0]
    assert found.cover_1_group.tolist() == [1, 2, -1]
    assert found.cover_2.tolist() == [18, 3, 0]
    assert found.cover_2_groups.tolist() == [[1, 2], [2, -1], [-1, -1]]


def test_cover_of_a_single_group():
    found = cover(np.array([[4]]))
    assert (found.cover_1.tolist(), found.cover_2.tolist()) == ([4], [4])
    assert found.cover_2_groups.tolist() == [[0, -1]]
