"""Clearing vector: by hand in exact fractions, against brute force and against iteration."""

from fractions import Fraction as F
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.default.clearing import Network, clear
from reporting.model.default.exact_system import solve
from reporting.model.errors import ModelError


def network(liabilities, assets, outside=None, alpha=1, beta=1):
    rows = [[F(x) for x in row] for row in liabilities]
    outside = outside or [0] * len(assets)
    return Network(rows, [F(x) for x in assets], [F(x) for x in outside], F(alpha), F(beta))


def test_two_that_owe_each_other_alike_pay_in_full_without_any_cash():
    """Eisenberg and Noe's case of many clearing vectors: (t, t) for each t in 0..1. The
    greatest is (1, 1)."""
    found = clear(network([[0, 1], [1, 0]], [0, 0]))
    assert found.payments == (1, 1)
    assert (found.defaults, found.rounds, found.equity) == ((), 0, (0, 0))


def test_chain_falls_one_member_a_round():
    # A owes B 10 and has 4; B owes C 10, has 3; C owes D 10, has 5; D has nothing.
    # A pays 4; B has 3 + 4 = 7; C has 5 + 7 = 12 and stands: 12 - 10 = 2 left. D has 10.
    owed = [[0, 10, 0, 0], [0, 0, 10, 0], [0, 0, 0, 10], [0, 0, 0, 0]]
    found = clear(network(owed, [4, 3, 5, 0]))
    assert found.payments == (4, 7, 10, 0)
    assert found.equity == (0, 0, 2, 10)
    assert found.round_of == (1, 2, 0, 0)
    assert found.rounds == 2


def test_ring_of_thirds_by_hand():
    # A owes B 2 and C 1; B owes A 2 and C 1; C owes A 1 and B 1. Cash 0, 1/2, 0.
    # Round 1: A gets 2 + 1 = 3 of 3 owed and stands; B gets 2 + 1 + 1/2 = 7/2 >= 3; C gets 2 of 2.
    assert clear(network([[0, 2, 1], [2, 0, 1], [1, 1, 0]], [0, F(1, 2), 0])).defaults == ()
    # C owes 3 outside as well, 5 in all, and has 2: it pays a = 2/5 of each debt if the others pay.
    # A gets 2b + c, owes 3; B gets 1/2 + 2a + c, owes 3; C gets a + b, owes 5 (shares a, b, c).
    # All fail: 3a = 2b + c, 3b = 1/2 + 2a + c, 5c = a + b.
    # From the first two: 5b = 1/2 + 5a, so b = a + 1/10; c = (2a + 1/10)/5;
    # 3a = 2a + 1/5 + 2a/5 + 1/50: 3a/5 = 11/50, a = 11/30; b = 14/30; c = (25/30)/5 = 1/6.
    found = clear(network([[0, 2, 1], [2, 0, 1], [1, 1, 0]], [0, F(1, 2), 0], [0, 0, 3]))
    assert found.payments == (F(11, 10), F(14, 10), F(5, 6))
    assert found.to_external == (0, 0, F(1, 2))  # all the cash there is goes to them in the end
    # C fails first and pays 2/5 of each debt: A then has 2.4 and B 2.9, of 3 owed.
    assert found.round_of == (2, 2, 1)


def test_three_banks_of_elsinger_lehar_and_summer():
    """Elsinger, Lehar and Summer, "Risk Assessment for Banking Systems" (Management Science 52,
    2006), their example: the second bank fails by itself, the third is dragged down."""
    # p2 = 1 + p3/4; p3 = 1 + 2 + p2/4: 15/16 p2 = 7/4
    found = clear(network([[0, 0, 2], [3, 0, 1], [3, 1, 0]], [1, 1, 1]))
    assert found.payments == (2, F(28, 15), F(52, 15))
    assert found.round_of == (0, 1, 2)


# The input of the example of default_clearing in the R package systemicrisk; answers by hand.
R_EXAMPLE = (
    [[0, F(1, 2), F(1, 2)], [F(1, 2), 0, F(1, 2)], [F(1, 2), F(1, 2), 0]],
    [F(1, 2), F(5, 8), F(3, 4)],
    [F(3, 2), F(1, 2), F(1, 2)],
)


def test_three_banks_of_systemicrisk_without_costs():
    # Owed 5/2, 3/2, 3/2. The first fails: it has 3/2 of 5/2 and pays 3/10 to each. The second
    # has 57/40 of 60/40: round 2. p1 = 1 + p2/3, p2 = 9/8 + p1/5: 14/15 p2 = 53/40.
    # The third has 3/4 + 33/112 + 53/112 = 170/112 of 168/112.
    found = clear(network(*R_EXAMPLE))
    assert found.payments == (F(165, 112), F(159, 112), F(3, 2))
    assert found.equity == (0, 0, F(2, 112))
    assert found.round_of == (1, 2, 0)


def test_three_banks_of_systemicrisk_with_costs():
    # alpha 1/2, beta 7/10. The first pays 1/4 + 7/10 = 0.95, 0.19 to each: the second has 1.315,
    # the third 1.44: both fail. With s = p2 + p3: 23/30 s = 11/16 + 7/25 p1, p1 = 1/4 + 7/30 s, so
    # s = 4545/4208, p1 = 4225/8416; and p3 - p2 = 1/16 - 7/30 (p3 - p2) = 15/296.
    found = clear(network(*R_EXAMPLE, F(1, 2), F(7, 10)))
    half, apart = F(4545, 8416), F(15, 592)
    assert found.payments == (F(4225, 8416), half - apart, half + apart)
    assert found.round_of == (1, 2, 2)


def test_bankruptcy_costs_by_hand():
    # The worked example of docs/calculators.md. A owes 9 and has 2 + 3: it fails and pays
    # 0.5 x 2 + 0.8 x 3 = 17/5, two thirds to B. B has 4 + 34/15 of 7, fails, and pays
    # 2 + 0.8 x 34/15 = 286/75, a seventh of it to C: 286/525.
    # C has 6 + 17/15 + 286/525 = 4031/525 and owes 3.
    found = clear(
        network([[0, 6, 3], [0, 0, 1], [3, 0, 0]], [2, 4, 6], [0, 6, 0], F(1, 2), F(4, 5))
    )
    assert found.payments == (F(17, 5), F(286, 75), 3)
    assert found.to_external == (0, F(572, 175), 0)
    assert found.equity == (0, 0, F(4031, 525) - 3)
    # what A and B had less what they paid
    assert found.lost == (5 - F(17, 5), F(94, 15) - F(286, 75), 0)
    assert found.round_of == (1, 2, 0)


def test_a_member_that_just_stands_loses_nothing_and_a_unit_less_loses_half():
    """Rogers and Veraart: with costs, payments jump at the edge of default."""
    owed = [[0, 10], [0, 0]]
    assert clear(network(owed, [10, 0], alpha=F(1, 2))).payments == (10, 0)
    assert clear(network(owed, [F(999, 100), 0], alpha=F(1, 2))).payments == (F(999, 200), 0)


def test_creditors_outside_rank_beside_the_members():
    # 6 for debts of 4 to B and 8 outside: a third and two thirds
    found = clear(network([[0, 4], [0, 0]], [6, 0], [8, 0]))
    assert found.payments == (6, 0)
    assert (found.to_external, found.equity) == ((4, 0), (0, 2))


def test_nobody():
    assert clear(network([], [])).rounds == 0


# Brute force and iteration: plain, and without the code under test.


def has_and_owes(net, payments):
    count = len(net.external_assets)
    owed = [sum(net.liabilities[i]) + net.external_liabilities[i] for i in range(count)]
    has = []
    for i in range(count):
        inside = sum(payments[j] * net.liabilities[j][i] / owed[j] for j in range(count) if owed[j])
        has.append((net.external_assets[i], inside))
    return has, owed


def next_payments(net, payments):
    has, owed = has_and_owes(net, payments)
    return [
        debt if own + inside >= debt else net.alpha * own + net.beta * inside
        for (own, inside), debt in zip(has, owed, strict=True)
    ]


def plain_solve(rows, right):
    """Gauss and Jordan on fractions; None where singular."""
    table = [[F(x) for x in [*row, last]] for row, last in zip(rows, right, strict=True)]
    for i in range(len(table)):
        pivot = next((r for r in range(i, len(table)) if table[r][i]), None)
        if pivot is None:
            return None
        table[i], table[pivot] = table[pivot], table[i]
        table[i] = [x / table[i][i] for x in table[i]]
        for r in range(len(table)):
            if r != i:
                table[r] = [x - table[r][i] * y for x, y in zip(table[r], table[i], strict=True)]
    return [row[-1] for row in table]


def clearing_vectors(net):
    """Every clearing vector that belongs to one set of defaulters."""
    count = len(net.external_assets)
    _, owed = has_and_owes(net, [F(0)] * count)
    for size in range(count + 1):
        for failed in combinations(range(count), size):
            rows, right = [], []
            for i in failed:
                rows.append([
                    (i == j) - net.beta * net.liabilities[j][i] / owed[j] if owed[j] else F(i == j)
                    for j in failed
                ])  # fmt: skip
                full = sum(net.liabilities[j][i] for j in range(count) if j not in failed)
                right.append(net.alpha * net.external_assets[i] + net.beta * full)
            solution = plain_solve(rows, right)
            if solution is None:
                continue
            payments = list(owed)
            for i, value in zip(failed, solution, strict=True):
                payments[i] = value
            if next_payments(net, payments) == payments:
                yield payments


amounts = st.integers(0, 12).map(F)
rates = st.sampled_from([F(1), F(1, 2), F(4, 5), F(0)])


@st.composite
def networks(draw, largest=4):
    count = draw(st.integers(1, largest))
    owed = [[draw(amounts) if i != j else F(0) for j in range(count)] for i in range(count)]
    row = st.lists(amounts, min_size=count, max_size=count)
    return Network(owed, draw(row), draw(row), draw(rates), draw(rates))


@given(networks())
def test_it_is_the_greatest_of_all_clearing_vectors(net):
    found = clear(net)
    payments = list(found.payments)
    assert next_payments(net, payments) == payments
    vectors = list(clearing_vectors(net))
    assert payments in vectors
    for other in vectors:
        assert all(x >= y for x, y in zip(payments, other, strict=True))


@given(networks())
def test_every_unit_is_paid_kept_or_lost_once(net):
    found = clear(net)
    assert sum(found.equity) + sum(found.to_external) + sum(found.lost) == sum(net.external_assets)
    assert sum(found.payments) - sum(found.to_external) == sum(found.received)
    assert min((*found.equity, *found.lost, *found.payments)) >= 0
    assert found.rounds <= len(found.payments)
    if net.alpha == net.beta == 1:
        assert sum(found.lost) == 0


@given(networks(largest=3))
def test_iteration_from_full_payment_comes_down_to_it(net):
    # Each owes at least half of its debts outside, so that the distance halves with each step.
    outside = [max(x, sum(row)) for x, row in zip(net.external_liabilities, net.liabilities,
                                                   strict=True)]  # fmt: skip
    net = Network(net.liabilities, net.external_assets, outside, net.alpha, net.beta)
    found = clear(net)
    _, payments = has_and_owes(net, [F(0)] * len(outside))
    for _ in range(45):
        after = next_payments(net, payments)
        assert all(x >= y for x, y in zip(payments, after, strict=True))
        payments = after
    for reached, exact in zip(payments, found.payments, strict=True):
        assert 0 <= reached - exact < F(1, 10**9)


@given(networks(), networks())
def test_more_cash_and_lower_costs_never_pay_less(net, other):
    assets = [x + y for x, y in zip(net.external_assets, other.external_assets * 4, strict=False)]
    richer = Network(net.liabilities, assets, net.external_liabilities, net.alpha, net.beta)
    cheaper = Network(net.liabilities, net.external_assets, net.external_liabilities)
    few = clear(net).payments
    for more in (clear(richer).payments, clear(cheaper).payments):
        assert all(x >= y for x, y in zip(more, few, strict=True))


@given(st.data())
def test_systems_are_solved_exactly(data):
    count = data.draw(st.integers(1, 4))
    entries = st.fractions(-9, 9, max_denominator=7)
    row = st.lists(entries, min_size=count, max_size=count)
    rows, right = [data.draw(row) for _ in range(count)], data.draw(row)
    expected = plain_solve(rows, right)
    if expected is None:
        with pytest.raises(ZeroDivisionError):
            solve(rows, right)
    else:
        assert solve(rows, right) == expected


@pytest.mark.parametrize(
    ("net", "field"),
    [
        (network([[0]], [1, 2]), "liabilities"),
        (network([[0, 1], [0]], [1, 2]), "liabilities[1]"),
        (network([[1]], [1]), "liabilities[0][0]"),
        (network([[0, -1], [0, 0]], [1, 2]), "liabilities[0][1]"),
        (network([[0]], [-1]), "external_assets[0]"),
        (network([[0]], [1], [-1]), "external_liabilities[0]"),
        (network([[0]], [1], [1, 2]), "external_liabilities"),
        (network([[0]], [1], alpha=F(3, 2)), "alpha"),
        (network([[0]], [1], beta=-1), "beta"),
    ],
)
def test_a_faulty_network_is_named(net, field):
    with pytest.raises(ModelError) as caught:
        clear(net)
    assert caught.value.field == field
