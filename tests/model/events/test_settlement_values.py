"""Settlement values against the outcomes of an event, worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.events.settlement_values import (
    is_possible,
    payable,
    payable_combination,
)
from reporting.model.events.terms import CombinationLeg, EventTerms, payoffs

PAYOUT = 10_000


def _terms(structure, n, **more):
    legs = tuple(f"L{leg}" for leg in range(n))
    return EventTerms("E", structure, "by hand", legs, **more)


def _possible(terms, *values, marks=None, settled=None):
    n = len(terms.legs)
    settled = np.ones(n, bool) if settled is None else np.array(settled)
    marks = np.full(n, 3_000) if marks is None else np.array(marks)
    return is_possible(payable(terms, marks, settled).miss(np.array(values)))


EXCLUSIVE = _terms("exclusive", 3)
EXHAUSTIVE = _terms("exclusive_exhaustive", 3)
LADDER = _terms("ladder", 3)
BRACKETS = _terms(
    "ladder_brackets", 2, payoffs=((10_000, 0, 0), (0, 10_000, 0)), state_labels=("a", "b", "c")
)


@pytest.mark.parametrize(
    ("terms", "values", "possible"),
    [
        (EXCLUSIVE, (10_000, 0, 0), True),
        (EXCLUSIVE, (0, 0, 0), True),
        (EXCLUSIVE, (10_000, 10_000, 0), False),
        (EXCLUSIVE, (10_000, 5_000, 0), False),
        # A dead heat of two, and of three rounded down to the cent.
        (EXCLUSIVE, (5_000, 5_000, 0), True),
        (EXCLUSIVE, (3_300, 3_300, 3_300), True),
        # Only to the centicent where one must win: the cent that is lost needs a rule.
        (EXHAUSTIVE, (3_333, 3_333, 3_333), True),
        (EXHAUSTIVE, (3_300, 3_300, 3_300), False),
        (EXHAUSTIVE, (0, 0, 0), False),
        (LADDER, (10_000, 10_000, 0), True),
        (LADDER, (10_000, 0, 10_000), False),
        (LADDER, (0, 0, 10_000), False),
        (BRACKETS, (10_000, 10_000), False),
        (BRACKETS, (0, 0), True),
        # The mean of "two of three": each of them pays 2/3.
        (_terms("k_of_n", 3, k=2), (6_667, 6_667, 6_666), True),
        (_terms("k_of_n", 3, k=2), (10_000, 10_000, 10_000), False),
        (_terms("at_least_k", 3, k=2), (10_000, 10_000, 10_000), True),
        (_terms("at_least_k", 3, k=2), (10_000, 0, 0), False),
        (_terms("binaries", 3), (10_000, 2_400, 10_000), True),
    ],
)
def test_mixtures_of_outcomes(terms, values, possible):
    assert _possible(terms, *values) == possible


def test_a_void_is_possible_where_the_rules_name_it():
    half, none = (5_000, 5_000, 5_000), (0, 0, 0)
    assert not _possible(EXHAUSTIVE, *half)
    assert _possible(_terms("exclusive_exhaustive", 3, voids=("half",)), *half)
    assert _possible(_terms("exclusive_exhaustive", 3, voids=("nothing",)), *none)
    last = _terms("exclusive_exhaustive", 3, voids=("last",))
    assert _possible(last, 4_000, 4_000, 4_000, marks=(4_000, 4_000, 4_000))
    assert not _possible(last, 4_000, 4_000, 4_000, marks=(3_000, 4_000, 3_000))


def test_a_fair_price_is_possible_within_its_band():
    """Each value within 1,000 centicents of the mark 3,000; without a band, any value."""
    fair = _terms("exclusive_exhaustive", 3, voids=("fair",), fair_band=1_000)
    assert _possible(fair, 4_000, 4_000, 4_000)
    assert not _possible(fair, 4_500, 4_500, 4_500)
    assert _possible(_terms("exclusive_exhaustive", 3, voids=("fair",)), 9_000, 9_000, 9_000)


def test_markets_that_are_open_are_left_out():
    """Two of three have settled. The open one may still win, but not undo a second winner."""
    first_two = (True, True, False)
    assert _possible(EXHAUSTIVE, 0, 0, settled=first_two)
    assert not _possible(EXHAUSTIVE, 10_000, 10_000, settled=first_two)
    assert not _possible(LADDER, 0, 10_000, settled=(True, False, True))


def test_the_miss_is_shared_between_the_values():
    """A mixture of outcomes sums to one dollar; two dollars were paid: each misses by 5,000."""
    exclusive = payable(EXCLUSIVE, np.zeros(3), np.array([True, True, False]))
    assert exclusive.miss(np.array([10_000, 10_000])) == pytest.approx(5_000)


def test_outcomes_too_many_to_list_are_counted():
    """10 of 20 win: 184,756 outcomes. With 15 settled, at least 5 and at most 10 of them win."""
    many = _terms("k_of_n", 20, k=10)
    all_settled = np.ones(20, bool)
    assert _possible(many, *[10_000] * 10, *[0] * 10)
    assert not _possible(many, *[10_000] * 11, *[0] * 9)
    assert not _possible(many, *[10_000] * 9, *[0] * 11)
    some = np.arange(20) < 15
    assert _possible(many, *[10_000] * 5, *[0] * 10, settled=some)
    assert not _possible(many, *[10_000] * 4, *[0] * 11, settled=some)
    at_least = _terms("at_least_k", 20, k=10)
    assert _possible(at_least, *[10_000] * 20)
    # Short 1 of each (100 hundredths): ten pay at most, 11 paid, so one payout too much.
    losses = payable(many, np.zeros(20, int), all_settled).excess_losses(
        np.array([10_000] * 11 + [0] * 9), np.full((1, 20), -100)
    )
    assert losses.tolist() == [100 * 10_000]


def test_losses_beyond_the_worst_case_by_hand():
    """An exclusive event pays twice. Short both, 2 and 3 contracts: the worst outcome costs 3
    dollars of payouts, both together 5, so 2 dollars too much. Short one only, or long: nothing."""
    event = payable(EXCLUSIVE, np.zeros(3), np.array([True, True, True]))
    books = np.array([[-200, -300, 0], [-200, 0, 0], [200, 300, 0], [-200, 300, 0]])
    lost = event.excess_losses(np.array([10_000, 10_000, 0]), books)
    assert lost.tolist() == [2_000_000, 0, 0, 0]


def test_a_fair_price_costs_no_more_than_its_band_allows():
    """Short 1 each at 4,500: a fair price of 4,000 each costs 12,000, a winner 10,000; 13,500."""
    fair = _terms("exclusive_exhaustive", 3, voids=("fair",), fair_band=1_000)
    event = payable(fair, np.full(3, 3_000), np.ones(3, bool))
    lost = event.excess_losses(np.full(3, 4_500), np.full((1, 3), -100))
    assert lost.tolist() == [150_000]


PARLAY = EventTerms(
    "C",
    "combination",
    "by hand",
    ("C",),
    combination_legs=(CombinationLeg("E", "A", "yes"), CombinationLeg("F", "B", "no")),
)


@pytest.mark.parametrize(
    ("value", "legs", "possible"),
    [
        (10_000, {"A": 10_000, "B": 0}, True),
        (10_000, {"A": 10_000, "B": 10_000}, False),
        (0, {"A": 10_000, "B": 0}, False),
        (0, {"A": 0, "B": 0}, True),
        # Half times three quarters lies between 0.5 + 0.75 - 1 and 0.5.
        (3_750, {"A": 5_000, "B": 2_500}, True),
        (5_001, {"A": 5_000, "B": 2_500}, True),
        (5_100, {"A": 5_000, "B": 2_500}, False),
        (2_400, {"A": 5_000, "B": 2_500}, False),
        # A leg is open.
        (10_000, {"A": 10_000}, True),
        (10_000, {"A": 0}, False),
        (0, {"A": 10_000}, True),
    ],
)
def test_a_combination_against_its_legs(value, legs, possible):
    event, values = payable_combination(PARLAY, 3_000, value, legs)
    assert is_possible(event.miss(values)) == possible


def test_a_combination_is_not_judged_without_a_leg_or_by_its_own_void():
    assert payable_combination(PARLAY, 3_000, 10_000, {}) is None
    void = EventTerms(
        "C", "combination", "", ("C",), ("half",), combination_legs=PARLAY.combination_legs
    )
    assert payable_combination(void, 3_000, 5_000, {"A": 0}) is None
    assert payable_combination(void, 3_000, 10_000, {"A": 0}) is not None


def test_who_loses_by_a_combination_that_paid_against_a_leg():
    """It paid though A lost. Short it and long A: no outcome pays on the first alone. Short it
    alone: within the worst case."""
    event, values = payable_combination(PARLAY, 3_000, 10_000, {"A": 0, "B": 0})
    lost = event.excess_losses(values, np.array([[100, 0, -100], [0, 0, -100]]))
    assert lost.tolist() == [1_000_000, 0]


@given(st.data())
def test_every_mixture_of_outcomes_is_possible_and_costs_nobody_more(data):
    structures = [EXCLUSIVE, EXHAUSTIVE, LADDER, BRACKETS, _terms("k_of_n", 4, k=2)]
    terms = data.draw(st.sampled_from(structures))
    table = payoffs(terms, np.zeros(len(terms.legs), np.int64))[0]
    weights = data.draw(
        st.lists(st.integers(0, 5), min_size=table.shape[1], max_size=table.shape[1]).filter(any)
    )
    values = table @ np.array(weights) // sum(weights)
    settled = np.ones(len(terms.legs), bool)
    event = payable(terms, np.zeros(len(terms.legs), np.int64), settled)
    assert is_possible(event.miss(values))
    quantities = np.array(
        [[data.draw(st.integers(-1_000, 1_000)) for _ in terms.legs] for _ in range(3)]
    )
    # Rounding down costs a long less than a centicent a leg.
    rounding = np.abs(quantities).sum(axis=1)
    assert (event.excess_losses(values, quantities) <= rounding).all()
