"""Liquidity by hour when the largest payers fail, and the regulatory floor."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from reporting.model.errors import ModelError
from reporting.model.stress.liquidity_need import (
    DuePayments,
    by_group,
    largest_payers_scenario,
    liquidity_need,
    outflow_bound,
    regulatory_floor,
    unpaid_by_own_cash,
)

# Three groups, three hours. Cumulative: 50 50 50, 10 40 70, 0 60 60, the last bounded by 45.
DUE = np.array([[50, 0, 0], [10, 30, 30], [0, 60, 0]])
BOUND = np.array([100, 100, 45])


def payments(resources, due=DUE, bound=BOUND):
    return DuePayments("USD", due, bound, np.array(resources))


def test_the_largest_payer_is_the_one_that_leaves_least_in_some_hour():
    found = liquidity_need(payments([60, 60, 60]), 1)
    assert found.groups == (1,)
    assert found.outflow.tolist() == [10, 40, 70]
    assert found.left.tolist() == [50, 20, -10]
    assert (found.first_short_hour, found.covered) == (2, False)
    # With little at hand in the first hour it is the one that pays at once.
    early = liquidity_need(payments([40, 90, 90]), 1)
    assert (early.groups, early.first_short_hour) == ((0,), 0)


def test_two_largest_payers_are_those_of_the_worst_hour_together():
    found = liquidity_need(payments([100, 100, 130]), 2)
    # 0 and 1: 60 90 120, left 40 10 10. 0 and 2: 50 95 95, left 50 5 35. 1 and 2: 10 85 115.
    assert found.groups == (0, 2)
    assert found.left.tolist() == [50, 5, 35]
    assert found.covered


def test_of_equals_the_one_that_pays_more_in_the_end_fails():
    """Both leave 5 in the first hour; the second pays 20 more in the next one."""
    due = np.array([[5, 0], [5, 20]])
    found = liquidity_need(payments([10, 100], due, np.array([99, 99])), 1)
    assert found.groups == (1,)


def test_nobody_who_owes_nothing_fails():
    nothing = payments([5, 5, 5], due=DUE * 0)
    assert liquidity_need(nothing, 2).groups == ()
    assert liquidity_need(nothing, 2).left.tolist() == [5, 5, 5]
    one = payments([5, 5, 5], due=np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]]))
    assert liquidity_need(one, 2).groups == (1,)


@given(
    hnp.arrays(np.int64, (4, 3), elements=st.integers(0, 50)),
    hnp.arrays(np.int64, 4, elements=st.integers(0, 120)),
    hnp.arrays(np.int64, 3, elements=st.integers(0, 200)),
    st.integers(0, 100),
)
def test_no_other_pair_leaves_less_and_resources_help(due, bound, resources, more):
    found = liquidity_need(payments(resources, due, bound), 2)
    for pair in combinations(range(4), 2):
        paid = [
            sum(min(int(due[g, : hour + 1].sum()), int(bound[g])) for g in pair)
            for hour in range(3)
        ]
        left = min(int(r) - p for r, p in zip(resources, paid, strict=True))
        assert found.left.min() <= left
    assert liquidity_need(payments(resources + more, due, bound), 2).left.min() >= found.left.min()


def test_payments_of_groups_and_their_bound():
    """Accounts 0 and 1 of group 0, account 2 of group 1."""
    due, group = np.array([[0, 5], [4, 1], [3, 0]]), np.array([0, 0, 1])
    assert by_group(due, group, 2).tolist() == [[4, 6], [3, 0]]
    losses = np.array([5, -9, 3])
    assert outflow_bound(losses, np.array([7, 100, 4]), group, 2).tolist() == [7, 4]
    # Who neither loses nor gains has nothing to pay.
    assert outflow_bound(losses * [1, 0, 1], np.array([7, 100, 4]), group, 2).tolist() == [7, 4]


def test_own_cash_pays_what_is_due_first():
    """10 due in each of three hours: 15 pay the first and half of the second."""
    due = np.array([[10, 10, 10], [0, 3, 0]])
    assert unpaid_by_own_cash(due, np.array([15, 0])).tolist() == [[0, 5, 10], [0, 3, 0]]


@given(
    hnp.arrays(np.int64, (3, 4), elements=st.integers(0, 50)),
    hnp.arrays(np.int64, 3, elements=st.integers(0, 120)),
)
def test_own_cash_pays_all_that_it_can_and_no_more(due, cash):
    unpaid = unpaid_by_own_cash(due, cash)
    assert (unpaid >= 0).all() and (unpaid <= due).all()
    paid = due.sum(axis=1) - unpaid.sum(axis=1)
    assert paid.tolist() == np.minimum(cash, due.sum(axis=1)).tolist()


def test_the_scenario_of_the_largest_payers():
    """Alone 9 is the most; of two 5 + 5 is more than 9 + 0. Gains set nothing off."""
    lost = np.array([[9, -20, 0], [5, 5, 0], [5, 5, 0]])
    assert largest_payers_scenario(lost, 1) == 0
    assert largest_payers_scenario(lost, 2) == 1
    assert largest_payers_scenario(np.array([[0, -1]]), 1) is None


def test_regulatory_floor_by_hand():
    """Two members, three days: 10 0 20 averages 10, 0 0 1 a third: 31 / 6 = 5.17, up to 6."""
    assert regulatory_floor([(10, 2), (0, 2), (21, 2)]) == 6
    assert regulatory_floor([(10, 2), (0, 2), (20, 2)]) == 5
    assert regulatory_floor([]) == 0
    assert regulatory_floor([(0, 0)]) == 0
    assert regulatory_floor([(2**62, 1), (2**62, 1)]) == 2**62


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"due": -DUE}, "due"),
        ({"due": DUE[:2]}, "due"),
        ({"bound": -BOUND}, "bound"),
        ({"bound": BOUND * 2**60}, "bound"),
    ],
)
def test_payments_that_cannot_be_are_refused(bad, field):
    with pytest.raises(ModelError) as caught:
        payments([1, 2, 3], **bad)
    assert caught.value.field == field
    with pytest.raises(ModelError, match="failing"):
        liquidity_need(payments([1, 2, 3]), 3)
    with pytest.raises(ModelError, match="paid"):
        regulatory_floor([(-1, 1)])


def test_gross_is_before_the_payers_own_cash():
    """30 and 20 fall due, 25 of it is paid by own cash; the bound of 45 holds for both."""
    due, gross = np.array([[5, 20]]), np.array([[30, 20]])
    payments = DuePayments("USD", due, np.array([45]), np.array([40, 40]), gross)
    need = liquidity_need(payments, 1)
    assert need.outflow.tolist() == [5, 25]
    assert need.gross_outflow.tolist() == [30, 45]
    # Without it gross is what is due.
    alone = liquidity_need(DuePayments("USD", due, np.array([45]), np.array([40, 40])), 1)
    assert alone.gross_outflow.tolist() == [5, 25]


def test_gross_is_that_of_the_largest_payers_even_if_own_cash_pays_all():
    """Group 1 owes 70 and has the cash; group 0 owes 10, of which 4 are not covered."""
    due, gross = np.array([[4], [0]]), np.array([[10], [70]])
    payments = DuePayments("USD", due, np.array([100, 100]), np.array([50]), gross)
    need = liquidity_need(payments, 1)
    assert (need.groups, need.outflow.tolist(), need.gross_outflow.tolist()) == ((0,), [4], [70])
