"""Shortfalls of groups, Cover-1/2, and the resources they are held against."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.errors import ModelError
from reporting.model.stress.cover import (
    FinancialResources,
    cover,
    cover_test,
    exhausting_groups,
)
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
    assert found.cover_2.tolist() == [18, 3, 0]
    assert found.cover_2_groups.tolist() == [[1, 2], [2, -1], [-1, -1]]


def test_cover_of_a_single_group():
    found = cover(np.array([[4]]))
    assert (found.cover_1.tolist(), found.cover_2.tolist()) == ([4], [4])
    assert found.cover_2_groups.tolist() == [[0, -1]]


def resources(common=100, fund=(40, 30, 0), assessments=(80, 60, 0)):
    return FinancialResources(common, np.array(fund), np.array(assessments))


def test_margin_that_collateral_lost_does_not_count():
    """Customer 80 against 30 of which 10 are lost: 60; the house's gain of 15 stays whole
    although its own margin of 7 is lost."""
    found = group_shortfalls(
        LOSSES, MARGIN, GROUP, HOUSE, np.array([0, 0]), np.array([10, 0, 7, 0, 0, 5])
    )
    # group 1: the house as before 20, the customer 20 against 15
    assert found.shortfall.tolist() == [45, 25]
    assert found.margin_required.tolist() == [537, 30]
    assert found.margin_lost.tolist() == [17, 5]


def test_whole_numbers_of_any_size():
    huge = 10**30
    found = group_shortfalls(
        np.array([3 * huge], dtype=object), np.array([huge], dtype=object), np.array([0]),
        np.array([False]), np.array([1], dtype=object),
    )  # fmt: skip
    assert found.shortfall.tolist() == [2 * huge - 1]


def test_cover_test_by_hand():
    """Group 0 short of 150, group 1 of 20. Without 0: 100 + 30 are paid in, 60 can be called,
    42 after the haircut, but at most 20 % of 150: 30. 130 - 150 = -20, and 10 with the 30."""
    one = cover_test(np.array([150, 20, 0]), resources(), 1)
    assert (one.requirement, one.groups, one.prefunded, one.assessments) == (150, (0,), 130, 30)
    assert (one.excess, one.covered) == (-20, False)
    assert (one.excess_with_assessments, one.covered_with_assessments) == (10, True)
    # Without both nothing can be called: 170 against 100.
    two = cover_test(np.array([150, 20, 0]), resources(), 2)
    assert (two.requirement, two.groups, two.excess) == (170, (0, 1), -70)
    assert not two.covered
    # Few assessments: the haircut binds, 70 % of 3 rounded down.
    few = cover_test(np.array([150, 0, 0]), resources(assessments=(0, 3, 0)), 1)
    assert few.assessments == 2
    # 30 of 100 off; 20 % of 150 is 30, of 1,000 it is 200.
    some = cover_test(np.array([1_000, 0, 0]), resources(assessments=(0, 100, 0)), 1)
    assert some.assessments == 70


def test_nobody_short_is_covered():
    found = cover_test(np.array([0, 0, 0]), resources(common=0), 2)
    assert (found.requirement, found.groups, found.covered) == (0, (), True)


@pytest.mark.parametrize(
    ("shortfalls", "groups"),
    [
        # 170 in all. 130 + 40 is not above it; one more is.
        ((130, 0, 0), None),
        ((131, 0, 0), (0,)),
        # Group 2 is short of more, but with its contribution group 1 takes more away.
        ((0, 80, 90), (1, 2)),
        # A group without a shortfall keeps its contribution in.
        ((0, 0, 170), None),
        ((0, 0, 171), (2,)),
    ],
)
def test_groups_that_exhaust_resources(shortfalls, groups):
    assert exhausting_groups(np.array(shortfalls), resources()) == groups


amounts = st.lists(st.integers(0, 60), min_size=4, max_size=4)


@given(amounts, amounts, st.integers(0, 100))
def test_no_fewer_groups_exhaust_resources(shortfalls, fund, common):
    held = resources(common, fund, [0] * 4)
    found = exhausting_groups(np.array(shortfalls), held)
    short = [g for g in range(4) if shortfalls[g]]
    sizes = [
        size
        for size in range(1, len(short) + 1)
        for chosen in combinations(short, size)
        if sum(shortfalls[g] for g in chosen) > held.prefunded_without(chosen)
    ]
    assert (None if found is None else len(found)) == (min(sizes) if sizes else None)


@given(amounts, amounts, amounts, st.integers(0, 100), st.integers(0, 50), st.sampled_from((1, 2)))
def test_more_resources_never_worsen_cover(shortfalls, fund, calls, common, more, members):
    before = cover_test(np.array(shortfalls), resources(common, fund, calls), members)
    for better in (
        resources(common + more, fund, calls),
        resources(common, fund, [call + more for call in calls]),
    ):
        after = cover_test(np.array(shortfalls), better, members)
        assert after.excess >= before.excess


def test_resources_below_zero_are_refused():
    for bad in ({"common": -1}, {"fund": (1, -1, 1)}, {"assessments": (1,)}):
        with pytest.raises(ModelError):
            resources(**bad)


@given(amounts, amounts, st.integers(0, 100), st.integers(0, 3), st.integers(0, 80))
def test_a_larger_contribution_never_lets_fewer_groups_exhaust_resources(
    beyond, fund, common, group, more
):
    """Of losses beyond margin each group's own contribution is taken first."""

    def count(fund):
        short = np.maximum(np.array(beyond) - np.array(fund), 0)
        found = exhausting_groups(short, resources(common, fund, [0] * 4))
        return 5 if found is None else len(found)

    larger = [amount + more * (g == group) for g, amount in enumerate(fund)]
    assert count(larger) >= count(fund)
