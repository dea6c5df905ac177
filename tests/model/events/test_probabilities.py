"""Marks to state probabilities."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.events.probabilities import (
    simplex_least_squares,
    state_probabilities,
)
from reporting.model.events.terms import EventTerms, payoffs

from .. import plain
from ..books import books


def event(structure, n, **more):
    return EventTerms("E", structure, "", tuple(f"L{i}" for i in range(n)), **more)


@pytest.mark.parametrize(
    ("structure", "more", "marks", "expected", "gap"),
    [
        ("binary", {}, [3000], [0.7, 0.3], 0),
        # exhaustive: normalised whatever the sum; 0.45 of 0.9
        ("exclusive_exhaustive", {}, [4500, 4500], [0.5, 0.5], 500),
        ("exclusive_exhaustive", {}, [6000, 6000], [0.5, 0.5], 1000),
        ("exclusive_exhaustive", {}, [0, 0], [0.5, 0.5], 5000),
        # not exhaustive: the rest to none, normalised only above 1
        ("exclusive", {}, [4500, 4500], [0.45, 0.45, 0.1], 0),
        ("exclusive", {}, [8000, 8000], [0.5, 0.5, 0], 3000),
        ("ladder", {}, [9000, 5000, 1000], [0.1, 0.4, 0.4, 0.1], 0),
        # the second and third violate: both become 0.4
        ("ladder", {}, [9000, 3000, 5000], [0.1, 0.5, 0, 0.4], 1000),
        ("binaries", {}, [5000, 2000], [0.1, 0.4, 0.1, 0.4], 0),
        # exactly one of two at 0.8 and 0.6: nearest point with sum 1 is 0.6, 0.4
        ("k_of_n", {"k": 1}, [8000, 6000], [0.6, 0.4], 2000),
        ("matrix", {"payoffs": ((0, 10000, 5000),)}, [0], [1, 0, 0], 0),
    ],
)
def test_by_hand(structure, more, marks, expected, gap):
    found, found_gap = state_probabilities(event(structure, len(marks), **more), np.array(marks))
    assert found == pytest.approx(expected, abs=1e-12)
    assert found_gap == pytest.approx(gap, abs=1e-8)


def test_void_is_given_no_probability():
    found, _ = state_probabilities(event("binary", 1, voids=("half",)), np.array([3000]))
    assert found == pytest.approx([0.7, 0.3, 0])


@pytest.mark.parametrize(
    ("structure", "more", "marks", "priced", "settled", "expected", "gap"),
    [
        # the second leg never traded: with "none" it takes what the others leave
        ("exclusive", {}, [6000, 0, 3000], [1, 0, 1], [], [0.6, 0.05, 0.3, 0.05], 0),
        ("exclusive_exhaustive", {}, [6000, 0, 3000], [1, 0, 1], [], [0.6, 0.1, 0.3], 0),
        # both above 1: nothing is left for it, 0.8 of 1.2
        ("exclusive_exhaustive", {}, [8000, 0, 4000], [1, 0, 1], [], [2 / 3, 0, 1 / 3], 4000 / 3),
        # the middle rung never traded: its two neighbours share 0.9 - 0.1
        ("ladder", {}, [9000, 0, 1000], [1, 0, 1], [], [0.1, 0.4, 0.4, 0.1], 0),
        ("k_of_n", {"k": 1}, [5000, 0, 0], [1, 0, 0], [], [0.5, 0.25, 0.25], 0),
        ("binaries", {}, [3000, 0], [1, 0], [], [0.15, 0.15, 0.35, 0.35], 0),
        # a leg out of the race: the others share all
        ("exclusive_exhaustive", {}, [6000, 0, 3000], [1, 1, 1], [0, 1, 0], [2 / 3, 0, 1 / 3],
         2000 / 3),
        # a winner: the last prices of the others count no more
        ("exclusive", {}, [10_000, 200], [1, 1], [1, 0], [1, 0, 0], 200),
        # the lowest rung is reached, the highest is not: 0.4 is for the one between
        ("ladder", {}, [10_000, 4000, 0], [1, 1, 1], [1, 0, 1], [0, 0.6, 0.4, 0], 0),
        ("k_of_n", {"k": 1}, [0, 2500, 7500], [1, 1, 1], [1, 0, 0], [0, 0.25, 0.75], 0),
        # void at half: no state of an exclusive event pays that, so no state is ruled out
        ("exclusive", {}, [5000, 3000], [1, 1], [1, 0], [0.5, 0.3, 0.2], 0),
    ],
)  # fmt: skip
def test_legs_without_a_price_and_settled_legs(
    structure, more, marks, priced, settled, expected, gap
):
    known = [np.array(flags, bool) if flags else None for flags in (priced, settled)]
    terms = event(structure, len(marks), **more)
    found, found_gap = state_probabilities(terms, np.array(marks), *known)
    assert found == pytest.approx(expected, abs=1e-9)
    assert found_gap == pytest.approx(gap, abs=1e-5)


@given(books(), st.data())
def test_an_unpriced_leg_may_have_any_mark(case, data):
    terms, marks, _ = case
    flags = st.lists(st.booleans(), min_size=len(marks), max_size=len(marks))
    priced = np.array(data.draw(flags))
    other = np.where(priced, marks, data.draw(st.integers(0, 10_000)))
    found, gap = state_probabilities(terms, marks, priced)
    again, again_gap = state_probabilities(terms, other, priced)
    assert found.tolist() == again.tolist()
    assert gap == again_gap
    assert found.sum() == pytest.approx(1, abs=1e-9)
    assert (found >= 0).all()


@given(books())
def test_probabilities_are_probabilities(case):
    terms, marks, _ = case
    found, gap = state_probabilities(terms, marks)
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(1, abs=1e-9)
    matrix, _ = payoffs(terms, marks)
    assert gap == pytest.approx(np.abs(matrix @ found - marks).max(), abs=1e-6)


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=8))
def test_ladder_fit_is_the_min_max_formula(marks):
    fit = plain.ladder_fit([Fraction(mark, 10_000) for mark in marks])
    found, _ = state_probabilities(event("ladder", len(marks)), np.array(marks))
    above = 1 - np.cumsum(found)[:-1]
    assert above == pytest.approx([float(value) for value in fit], abs=1e-12)


@given(books(structures=("ladder_brackets", "k_of_n"), voids=((),)), st.data())
def test_least_squares_beats_every_other_point(case, data):
    """Optimality by its own condition: moving weight to any one state cannot help."""
    terms, marks, _ = case
    matrix, _ = payoffs(terms, marks)
    matrix, prices = matrix / 10_000, marks / 10_000
    found = simplex_least_squares(matrix, prices)
    gradient = matrix.T @ (matrix @ found - prices)
    assert gradient.min() >= gradient @ found - 1e-11


def test_least_squares_on_many_systems():
    """Free payoffs make columns enter and leave again, which 0/1 payoffs seldom do."""
    random = np.random.default_rng(20260101)
    for _ in range(300):
        contracts, states = random.integers(2, 6), random.integers(3, 30)
        matrix, prices = random.random((contracts, states)) * 2, random.random(contracts)
        found = simplex_least_squares(matrix, prices)
        gradient = matrix.T @ (matrix @ found - prices)
        assert (found >= 0).all()
        assert found.sum() == pytest.approx(1, abs=1e-12)
        assert gradient.min() >= gradient @ found - 1e-10


@pytest.mark.parametrize("marks", [[0] * 6, [9000] * 6, [10_000] * 6])
def test_symmetric_marks_share_evenly(marks):
    """Three of six win: whatever the common mark, each is fitted at one half."""
    terms = event("k_of_n", 6, k=3)
    found, _ = state_probabilities(terms, np.array(marks))
    assert payoffs(terms, marks)[0] @ found == pytest.approx([5000] * 6, abs=1e-7)


def test_consistent_marks_are_reproduced():
    rows = ((0, 10_000, 10_000, 10_000), (0, 10_000, 0, 0), (0, 0, 0, 10_000))
    terms = event("ladder_brackets", 3, payoffs=rows)
    found, gap = state_probabilities(terms, np.array([8000, 3000, 1000]))
    assert found == pytest.approx([0.2, 0.3, 0.4, 0.1], abs=1e-9)
    assert gap < 1e-5
