"""Where marks leave the probabilities open: of all that are nearest, the least sum of squares."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from reporting.model.events.probabilities import simplex_least_squares, state_probabilities
from reporting.model.events.terms import EventTerms, payoffs

from .. import plain
from ..books import books

OPEN = ("ladder_brackets", "k_of_n", "matrix")


def k_of_n(n, k):
    return EventTerms("E", "k_of_n", "", tuple(f"L{i}" for i in range(n)), k=k)


@pytest.mark.parametrize(
    ("rows", "prices", "expected"),
    [
        # no contract speaks of the states
        ([[1, 1, 1, 1]], [1], [1 / 4] * 4),
        ([[0, 0, 1, 1]], [0.5], [1 / 4] * 4),
        ([[0, 0, 1, 1]], [0.8], [0.1, 0.1, 0.4, 0.4]),
        # beyond what can be paid: the nearest is 1
        ([[0, 1, 1]], [1.5], [0, 1 / 2, 1 / 2]),
        # evenly, plus 0.4 for each unit that a state pays above the mean of 1/2
        ([[0, 0.5, 1]], [0.7], [2 / 15, 5 / 15, 8 / 15]),
        # the same with 0.8 would put the first below zero: b/2 + c = 0.9, b + c = 1
        ([[0, 0.5, 1]], [0.9], [0, 0.2, 0.8]),
        # two at 0.9 and 0.5, never both nor neither: (0.7, 0.3) is nearest; two states each
        ([[1, 1, 0, 0], [0, 0, 1, 1]], [0.9, 0.5], [0.35, 0.35, 0.15, 0.15]),
        # a corner
        ([[0, 1, 0, 1], [0, 0, 1, 1]], [1, 1], [0, 0, 0, 1]),
        # an edge, and the states of four independent quarters
        ([[0, 1, 0, 1], [0, 0, 1, 1]], [0, 0.25], [0.75, 0, 0.25, 0]),
        ([[0, 1, 0, 1], [0, 0, 1, 1]], [0.5, 0.5], [1 / 4] * 4),
    ],
)
def test_by_hand(rows, prices, expected):
    found = simplex_least_squares(np.array(rows, float), np.array(prices, float))
    assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([5000] * 4, [1 / 6] * 6),
        ([9000] * 4, [1 / 6] * 6),
        # the first wins for certain: 01, 02, 03
        ([10_000, 2500, 2500, 5000], [1 / 4, 1 / 4, 1 / 2, 0, 0, 0]),
        # 0.7 over the three states in which the first wins, 0.3 over the three others
        ([7000, 4333, 4333, 4334], [0.7 / 3] * 3 + [0.1] * 3),
    ],
)
def test_two_of_four(marks, expected):
    found, _ = state_probabilities(k_of_n(4, 2), np.array(marks))
    assert found == pytest.approx(expected, abs=1e-4)


def test_void_and_settled_states_stay_out():
    terms = EventTerms("E", "k_of_n", "", ("A", "B", "C", "D"), k=2, voids=("half",))
    settled = np.array([False, False, False, True])
    found, _ = state_probabilities(terms, np.array([5000, 5000, 5000, 10_000]), None, settled)
    assert found == pytest.approx([0, 0, 1 / 3, 0, 1 / 3, 1 / 3, 0], abs=1e-12)


def least_norm_by_supports(rows, prices):
    """Exact: the least |x|^2 over all sets of states on which a solution without limits is >= 0."""
    states = len(rows[0])
    best = None
    for size in range(1, states + 1):
        for support in combinations(range(states), size):
            part = [[row[state] for state in support] for row in [*rows, [1] * states]]
            x = least_norm_solution(part, [*prices, Fraction(1)])
            if x is None or min(x) < 0:
                continue
            norm = sum(value * value for value in x)
            if best is None or norm < best[0]:
                best = norm, dict(zip(support, x, strict=True))
    return [best[1].get(state, Fraction(0)) for state in range(states)]


def least_norm_solution(part, target):
    """x = part' v with part part' v = target, in fractions; None if there is none."""
    n = len(part)
    table = [
        [sum(a * b for a, b in zip(part[i], part[j], strict=True)) for j in range(n)] + [target[i]]
        for i in range(n)
    ]
    pivots = []
    for column in range(n):
        row = next((r for r in range(len(pivots), n) if table[r][column]), None)
        if row is None:
            continue
        place = len(pivots)
        table[place], table[row] = table[row], table[place]
        table[place] = [value / table[place][column] for value in table[place]]
        for other in range(n):
            if other != place:
                factor = table[other][column]
                table[other] = [
                    a - factor * b for a, b in zip(table[other], table[place], strict=True)
                ]
        pivots.append(column)
    if any(table[row][n] for row in range(len(pivots), n)):
        return None
    v = [Fraction(0)] * n
    for place, column in enumerate(pivots):
        v[column] = table[place][n]
    return [sum(v[i] * part[i][state] for i in range(n)) for state in range(len(part[0]))]


@given(st.data())
def test_agrees_with_the_enumeration_of_supports(data):
    contracts, states = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 5))
    weights = data.draw(st.lists(st.integers(0, 4), min_size=states, max_size=states).filter(any))
    pays = st.lists(st.integers(0, 2), min_size=states, max_size=states)
    rows = [[Fraction(pay, 2) for pay in data.draw(pays)] for _ in range(contracts)]
    total = sum(weights)
    prices = [
        sum(Fraction(w, total) * pay for w, pay in zip(weights, row, strict=True)) for row in rows
    ]
    expected = [float(value) for value in least_norm_by_supports(rows, prices)]
    found = simplex_least_squares(np.array(rows, float), np.array(prices, float))
    assert found == pytest.approx(expected, abs=1e-10)


@given(books(structures=OPEN, voids=((),)), st.randoms(use_true_random=False))
def test_conditions_of_both_rules_and_any_order(case, random):
    """x = max(0, a + Y' v) on the states in the plane of the nearest prices, for some a and v."""
    terms, marks, _ = case
    matrix, prices = payoffs(terms, marks)[0] / 10_000, marks / 10_000
    found = simplex_least_squares(matrix, prices)
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(1, abs=1e-12)
    beyond = matrix.T @ (matrix @ found - prices)
    beyond -= beyond @ found
    assert beyond.min() >= -1e-11
    assert found[beyond > 1e-8].max(initial=0) == 0
    near = beyond <= 1e-8
    given_by = np.vstack([matrix[:, near], np.ones(near.sum())]).T
    held = found[near] > 1e-10
    # The least t such that x is met within t where held, and a + Y' v <= t elsewhere.
    slack = -np.ones((near.sum() + held.sum(), 1))
    result = linprog(
        np.append(np.zeros(given_by.shape[1]), 1),
        A_ub=np.hstack([np.vstack([given_by, -given_by[held]]), slack]),
        b_ub=np.concatenate((found[near] * held, -found[near][held])),
        bounds=[(None, None)] * given_by.shape[1] + [(0, None)],
    )
    assert result.status == 0
    assert result.x[-1] <= 1e-7
    legs, states = [random.sample(range(size), size) for size in matrix.shape]
    other = simplex_least_squares(matrix[np.ix_(legs, states)], prices[legs])
    assert other == pytest.approx(found[states], abs=1e-10)


@given(st.integers(2, 5), st.data())
def test_markets_in_any_order_give_each_state_the_same(n, data):
    k = data.draw(st.integers(1, n))
    marks = data.draw(st.lists(st.integers(0, 10_000), min_size=n, max_size=n))
    order = data.draw(st.permutations(range(n)))
    found, _ = state_probabilities(k_of_n(n, k), np.array(marks))
    again, _ = state_probabilities(k_of_n(n, k), np.array([marks[leg] for leg in order]))
    winners = plain.states("k_of_n", n, k)
    by_winners = {tuple(state): value for state, value in zip(winners, found, strict=True)}
    for state, value in zip(winners, again, strict=True):
        original = [0] * n
        for place, leg in enumerate(order):
            original[leg] = state[place]
        assert value == pytest.approx(by_winners[tuple(original)], abs=1e-10)


@pytest.mark.parametrize("weight", ["even", "uneven", "few"])
def test_twenty_contracts_and_4096_states(weight):
    random = np.random.default_rng(20260101)
    matrix = (random.random((20, 4096)) < 0.5).astype(float)
    concentration = {"even": 1000.0, "uneven": 1.0, "few": 0.001}[weight]
    prices = matrix @ random.dirichlet(np.full(4096, concentration))
    found = simplex_least_squares(matrix, prices)
    assert (found >= 0).all()
    assert matrix @ found == pytest.approx(prices, abs=1e-11)
    given_by = np.vstack([matrix, np.ones(4096)]).T
    held = found > 0
    assert held.sum() >= 21
    multipliers = np.linalg.lstsq(given_by[held], found[held], rcond=None)[0]
    assert given_by[held] @ multipliers == pytest.approx(found[held], abs=1e-11)
    assert (given_by[~held] @ multipliers).max(initial=0) <= 1e-11
