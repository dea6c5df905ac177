"""Reverse stress against brute force, and joint probabilities against known values."""

from itertools import combinations, pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from reporting.model.errors import ModelError
from reporting.model.stress.joint_probability import (
    ResolvedState,
    correlated_probability,
    independent_probability,
)
from reporting.model.stress.reverse import Resolvable, ReverseProblem, reverse_stress
from reporting.model.stress.reverse_book import likelihood, reverse_problem

from ..stress_books import event, random_books, stress_book, stressed


def exhausted(problem, losses):
    """Plain: shortfalls of the groups against what is left without the defaulting ones."""
    short = []
    for group, fund in enumerate(problem.own_fund.tolist()):
        mine = [u for u in range(len(problem.group)) if problem.group[u] == group]
        customers = sum(
            max(0, losses[u] - int(problem.margin[u])) for u in mine if not problem.is_house[u]
        )
        house = sum(losses[u] for u in mine if problem.is_house[u])
        margin = sum(int(problem.margin[u]) for u in mine if problem.is_house[u])
        open_ = max(0, house - margin) + max(0, customers - max(0, -house))
        short.append(max(0, open_ - fund))
    left = problem.common + sum(
        fund for fund, amount in zip(problem.own_fund.tolist(), short, strict=True) if not amount
    )
    return sum(short) > left


def brute_force(problem):
    """The fewest resolutions by trying all, or None."""
    units = len(problem.group)
    for size in range(len(problem.events) + 1):
        for chosen in combinations(problem.events, size):
            for states in product(*(range(len(one.states)) for one in chosen)):
                losses = [
                    sum(int(one.losses[s][u]) for one, s in zip(chosen, states, strict=True))
                    for u in range(units)
                ]
                if exhausted(problem, losses):
                    return size
    return None


@st.composite
def problems(draw):
    groups = draw(st.integers(1, 3))
    customers = draw(st.integers(0, 4))
    group = [*range(groups), *(draw(st.integers(0, groups - 1)) for _ in range(customers))]
    units = len(group)
    amount = st.integers(-40, 40)
    events = []
    for number in range(draw(st.integers(0, 5))):
        states = draw(st.integers(1, 3))
        losses = [[draw(amount) for _ in range(units)] for _ in range(states)]
        labels = tuple(str(s) for s in range(states))
        events.append(Resolvable(f"E{number}", labels, np.array(losses, dtype=np.int64)))
    return ReverseProblem(
        events,
        np.array(group),
        np.arange(units) < groups,
        np.array([draw(st.integers(0, 30)) for _ in range(units)], dtype=np.int64),
        np.array([draw(st.integers(0, 30)) for _ in range(groups)], dtype=np.int64),
        draw(st.integers(0, 60)),
    )


@given(problems())
def test_reverse_stress_is_brute_force(problem):
    found, expected = reverse_stress(problem), brute_force(problem)
    assert found.proven
    if expected is None:
        assert found.resolutions is None
        assert found.at_least == len(problem.events) + 1
        return
    assert len(found.resolutions) == expected == found.at_least
    assert len({e for e, _ in found.resolutions}) == expected
    losses = sum((problem.events[e].losses[s] for e, s in found.resolutions), problem.margin * 0)
    assert exhausted(problem, losses.tolist())
    assert found.excess == problem.score(losses) - problem.target > 0


@given(problems(), st.integers(0, 6))
def test_a_search_that_stops_early_says_so_and_claims_nothing_false(problem, limit):
    found, expected = reverse_stress(problem, limit), brute_force(problem)
    assert found.nodes <= limit + 1
    if found.resolutions is not None and not found.proven:
        assert found.at_least <= expected <= len(found.resolutions)
    elif found.proven:
        assert expected == (None if found.resolutions is None else len(found.resolutions))
    else:
        assert expected is None or found.at_least <= expected


def test_some_search_does_stop_early():
    """Eleven events that hurt every group a little: the bounds say little."""
    random = np.random.default_rng(3)
    units = 12
    events = [
        Resolvable(f"E{n}", ("a", "b"), random.integers(-50, 50, (2, units))) for n in range(11)
    ]
    problem = ReverseProblem(
        events, np.arange(units), np.ones(units, dtype=bool), np.full(units, 60),
        np.full(units, 10), 300,
    )  # fmt: skip
    stopped, whole = reverse_stress(problem, 50), reverse_stress(problem)
    assert not stopped.proven
    assert whole.proven
    assert stopped.at_least <= len(whole.resolutions) <= len(stopped.resolutions)


def test_reverse_stress_by_hand():
    """One house, margin 10, fund 5, common 20. It loses 20, 12 and 9: u = 10 alone is above
    its fund but 10 is not above 25; 20 + 12 - 10 = 22 is not; all three are 31."""
    events = [
        Resolvable(name, ("yes", "no"), np.array([[-loss], [loss]]))
        for name, loss in (("A", 20), ("B", 12), ("C", 9))
    ]
    problem = ReverseProblem(
        events, np.array([0]), np.array([True]), np.array([10]), np.array([5]), 20
    )
    found = reverse_stress(problem)
    assert found.resolutions == ((0, 1), (1, 1), (2, 1))
    assert (found.excess, found.at_least, found.proven) == (6, 3, True)


def test_a_group_that_its_own_contribution_saves_leaves_it_to_the_others():
    """A loses 5 against its contribution of 10, B has none: the 10 bear up to 10 of B's loss."""

    def of(loss):
        both = Resolvable("E", ("yes",), np.array([[5, loss]]))
        return reverse_stress(
            ReverseProblem(
                [both], np.array([0, 1]), np.array([True, True]), np.array([0, 0]),
                np.array([10, 0]), 0,
            )
        )  # fmt: skip

    assert of(9).resolutions is None
    assert of(10).resolutions is None
    assert of(11).resolutions == ((0, 0),)


@given(random_books(), st.integers(0, 400_000))
def test_the_problem_of_a_book_is_the_book(book, common):
    """Units left out change nothing: brute force over the accounts themselves."""
    of = reverse_problem(book, 3, common)
    if sum(len(one.states) for one in of.problem.events) > 14:
        return
    found = reverse_stress(of.problem)
    assert (found.resolutions is None) == (brute_force(of.problem) is None)


def test_likelihood_of_an_answer_in_words():
    """Rain 0.3 and wind 0.2 both come: 0.06 independently; shorts lose 0.7 and 0.8 a contract."""
    rain, wind = (
        stressed(event(name, "binary", 1), [mark], size=10)
        for name, mark in (("RAIN", 3000), ("WIND", 2000))
    )
    book = stress_book([rain, wind], [[-100, -100]], house=[True])
    of = reverse_problem(book, 20, 1_000_000)
    found = reverse_stress(of.problem)  # 700,000 + 800,000
    known = likelihood(of, found, {"default": 0.0})
    assert sorted(known.resolutions) == [("RAIN", "yes"), ("WIND", "yes")]
    assert known.independent == pytest.approx(0.06)
    assert known.correlated == pytest.approx(0.06, abs=1e-12)
    alike = likelihood(of, found, {"default": 0.2, "Weather": 1.0})
    assert alike.correlated == pytest.approx(0.2, abs=1e-9)  # wind only comes with rain
    nothing = reverse_stress(reverse_problem(book, 20, 10**9).problem)
    with pytest.raises(ModelError, match="resolutions"):
        likelihood(of, nothing, {"default": 0.0})


# Two events of one group below their medians: 1/4 + asin(rho) / (2 pi) (Sheppard, 1899).
@pytest.mark.parametrize("rho", [0.0, 0.25, 0.5, 0.9, 0.999, 1.0])
def test_two_medians_by_sheppard(rho):
    both = [ResolvedState("g", rho, 0.0, 0.5)] * 2
    expected = 0.25 + np.arcsin(rho) / (2 * np.pi)
    assert correlated_probability(both) == pytest.approx(expected, abs=1e-9)
    assert independent_probability(both) == 0.25


def test_three_events_by_the_multivariate_normal():
    ends = (0.3, 0.05, 0.6)
    rho = np.array([0.4, 0.4, 0.7])
    matrix = np.sqrt(np.outer(rho, rho))
    np.fill_diagonal(matrix, 1.0)
    expected = multivariate_normal(np.zeros(3), matrix, abseps=1e-9, releps=1e-9, maxpts=10**6).cdf(
        norm.ppf(ends)
    )
    three = [ResolvedState("g", r, 0.0, end) for r, end in zip(rho, ends, strict=True)]
    assert correlated_probability(three) == pytest.approx(expected, abs=1e-6)


@given(st.floats(0, 1), st.lists(st.floats(0, 1), min_size=1, max_size=3))
def test_probabilities_of_all_states_sum_to_one(rho, cuts):
    cuts = [0.0, *sorted(cuts), 1.0]
    states = [ResolvedState("g", rho, a, b) for a, b in pairwise(cuts)]
    fixed = ResolvedState("g", rho, 0.2, 0.7)
    total = sum(correlated_probability([one, fixed]) for one in states)
    assert total == pytest.approx(0.5, abs=1e-8)


def test_groups_are_independent():
    two = [ResolvedState("g", 0.9, 0.0, 0.1), ResolvedState("h", 0.9, 0.9, 1.0)]
    assert correlated_probability(two) == pytest.approx(0.01, abs=1e-12)
    assert correlated_probability([]) == 1.0
    with pytest.raises(ModelError, match="rho"):
        ResolvedState("g", 1.1, 0.0, 0.1)
