"""Worst case: by hand for every structure, against enumeration and against plain.py."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.errors import ModelError
from reporting.model.events.terms import EventTerms, payoffs
from reporting.model.margin.worst_case import (
    event_losses,
    gross_worst_case,
    state_label,
    unlisted_state_label,
    worst_case,
)

from .. import plain
from ..books import books, contracts, dollars, in_dollars, prices


def event(structure, n, **more):
    legs = tuple(f"L{leg}" for leg in range(1, n + 1))
    return EventTerms("E", structure, "by hand", legs, **more)


# One contract is 100 of quantity; a loss of one dollar is 1,000,000 micros.
BY_HAND = [
    # long 10 YES at 0.30: loses the price
    ("binary", {}, [3000], [1000], 3_000_000, "no", 0),
    # 10 NO (short 10) at 0.30: loses 0.70 each, and needs $10 beyond what was received
    ("binary", {}, [3000], [-1000], 7_000_000, "yes", 10_000_000),
    # 1 of each of three that sum to 1: nothing can be lost
    ("exclusive_exhaustive", {}, [2500, 6000, 1500], [100, 100, 100], 0, "L1", 0),
    # S = 100*0.25 - 50*0.6 = -5; least q = -50: W = 45 (document's worked example)
    ("exclusive_exhaustive", {}, [2500, 6000, 1500], [10000, -5000, 0], 45_000_000, "L2",
     50_000_000),
    # the same full set when none may win: loses all it paid
    ("exclusive", {}, [2500, 6000, 1500], [100, 100, 100], 1_000_000, "none", 0),
    # one NO on each of two at 0.4 and 0.5: S = -0.9, one wins: W = -0.9 + 1 = 0.1
    ("exclusive", {}, [4000, 5000], [-100, -100], 100_000, "L1", 1_000_000),
    # S = 9 - 15 + 2 = -4; prefix sums 0, 10, -20, 0: W = -4 + 20 = 16
    ("ladder", {}, [9000, 5000, 1000], [1000, -3000, 2000], 16_000_000, "first 2 pay",
     20_000_000),
    # long above-2, short above-3 is a call spread: loses at most the 0.4 paid
    ("ladder", {}, [9000, 5000], [100, -100], 400_000, "first 0 pay", 0),
    # exactly 2 of 3 win; S = 0.5+0.7-0.8 = 0.4; least pair is {1 + -1} = 0: W = 0.4
    ("k_of_n", {"k": 2}, [5000, 7000, 8000], [100, 100, -100], 400_000, "L1 + L3", 0),
    # at least 2 of 4 win: the two smallest, -2 and -1; S = 4 * 0.5: W = 2 + 3
    ("at_least_k", {"k": 2}, [5000] * 4, [100, -200, 600, -100], 5_000_000, "L2 + L4", 3_000_000),
    # all three shorts win together: S = -3 * 0.5: W = -1.5 + 3
    ("at_least_k", {"k": 2}, [5000] * 4, [-100, -100, 0, -100], 1_500_000, "L1 + L2 + L4",
     3_000_000),
    # two separate binaries: 0.3 + 0.8
    ("binaries", {}, [3000, 2000], [100, -100], 1_100_000, "L2", 1_000_000),
    # pays 0.20 / 0.50 / 2.00 at a mark of 0.60: loses 0.40
    ("matrix", {"payoffs": ((2000, 5000, 20000),)}, [6000], [100], 400_000, "state 0", 0),
    # "above 2" and "between 3 and 4", states <=2, 3..4, >=5; short the bracket only
    ("ladder_brackets", {"payoffs": ((0, 10000, 10000), (0, 10000, 0))}, [7000, 4000],
     [0, -100], 600_000, "state 1", 1_000_000),
]  # fmt: skip


@pytest.mark.parametrize(
    ("structure", "more", "marks", "book", "loss", "state", "premium"), BY_HAND
)
def test_by_hand(structure, more, marks, book, loss, state, premium):
    terms = event(structure, len(marks), **more)
    found = worst_case(terms, np.array(marks), np.array([book]))
    _, labels = payoffs(terms, np.array(marks))
    assert int(found.loss_micros[0]) == loss
    assert labels[int(found.state_index[0])] == state
    assert int(found.premium_micros[0]) == premium


def test_void_at_half_is_one_more_state():
    # Long a favourite at 0.90: losing costs 0.90, a void 0.40. Long both of an exhaustive
    # pair at 0.90 and 0.10: no loss in any result nor in a void (0.50 + 0.50 = 1.00).
    terms = event("exclusive_exhaustive", 2, voids=("half",))
    marks = np.array([9000, 1000])
    found = worst_case(terms, marks, np.array([[100, 0], [100, 100], [-100, 100]]))
    assert found.loss_micros.tolist() == [900_000, 0, 200_000]
    # three of three: a void pays 1.50 for what costs 1.00 to owe
    terms = event("exclusive_exhaustive", 3, voids=("half",))
    marks = np.array([3000, 3000, 4000])
    short_all = worst_case(terms, marks, np.array([[-100, -100, -100]]))
    assert short_all.loss_micros.tolist() == [500_000]
    assert short_all.state_index.tolist() == [3]


def test_void_at_the_last_price_stops_a_sure_gain():
    # Marks sum to 0.90: a full set gains 0.10 in every result, and 0 in a void.
    marks, full_set = np.array([4000, 5000]), np.array([[100, 100]])
    assert worst_case(event("exclusive_exhaustive", 2), marks, full_set).loss_micros == [-100_000]
    voidable = event("exclusive_exhaustive", 2, voids=("last",))
    assert worst_case(voidable, marks, full_set).loss_micros == [0]


def test_fair_prices_lie_within_the_band_and_within_the_payout():
    """Long one at 0.95 and short one at 0.50: the win of the second costs most, 1.45.

    A full set at 0.30 and 0.70 loses in no state; fair prices of 0.20 and 0.60 lose 0.20."""
    exclusive = event("exclusive", 2, voids=("fair",), fair_band=1000)
    book = np.array([[100, -100]])
    assert worst_case(exclusive, np.array([9500, 5000]), book).loss_micros == [1_450_000]
    pair = event("exclusive_exhaustive", 2, voids=("half", "fair"), fair_band=1000)
    found = worst_case(pair, np.array([3000, 7000]), np.array([[100, 100], [-100, -100]]))
    assert found.loss_micros.tolist() == [200_000, 200_000]
    assert found.premium_micros.tolist() == [0, 1_200_000]
    assert found.state_index.tolist() == [3, 3]
    assert state_label(pair, ("L1", "L2", "void at 50/50"), 3) == "settled at fair prices"
    edges = event("exclusive_exhaustive", 2, voids=("fair",), fair_band=1000)
    found = worst_case(edges, np.array([500, 9500]), np.array([[100, 100], [-100, -100]]))
    # 0.00 and 0.85 for the long set; 0.15 and 1.00 for the short one.
    assert found.loss_micros.tolist() == [150_000, 150_000]


def test_a_fair_price_without_a_band_may_be_any_price():
    pair = event("exclusive_exhaustive", 2, voids=("fair",))
    marks, books = np.array([3000, 7000]), np.array([[100, 100], [-100, 100]])
    assert worst_case(pair, marks, books).loss_micros.tolist() == [1_000_000, 1_400_000]
    assert gross_worst_case(pair, marks, books).tolist() == [1_000_000, 1_400_000]


@given(books(), st.integers(0, 10_000))
def test_fair_prices_cost_at_least_the_band_of_every_contract(case, band):
    terms, marks, quantities = case
    found = worst_case(
        replace(terms, voids=(*terms.voids, "fair"), fair_band=band), marks, quantities
    )
    without, losses = worst_case(terms, marks, quantities), []
    for book, plain_loss in zip(quantities, without.loss_micros, strict=True):
        loss = 0
        for qty, mark in zip(book.tolist(), marks.tolist(), strict=True):
            reach = min(band, mark) if qty > 0 else min(band, 10_000 - mark)
            loss += abs(qty) * reach
        losses.append(max(loss, int(plain_loss)))
    assert found.loss_micros.tolist() == losses


@pytest.mark.parametrize(
    ("structure", "more", "is_ordered"),
    [
        ("binary", {}, True),
        ("ladder", {}, True),
        ("exclusive_exhaustive", {}, False),
        ("exclusive_exhaustive", {"on_one_variable": True}, True),
        ("exclusive", {}, False),
        ("k_of_n", {"k": 1}, False),
    ],
)
def test_ordered_structures(structure, more, is_ordered):
    assert event(structure, 1, **more).ordered is is_ordered


def test_at_least_k_lists_its_states_by_size():
    pays, labels = payoffs(event("at_least_k", 3, k=2, voids=("half", "last")), np.array([1, 2, 3]))
    assert labels == ("L1 + L2", "L1 + L3", "L2 + L3", "L1 + L2 + L3", "void at 50/50",
                      "void at the last price")  # fmt: skip
    assert pays[0].tolist() == [10_000, 10_000, 0, 10_000, 5000, 1]


@given(books())
def test_closed_form_is_enumeration(case):
    terms, marks, quantities = case
    found = worst_case(terms, marks, quantities)
    losses = event_losses(terms, marks, quantities)
    assert (found.loss_micros == losses.max(axis=1)).all()
    assert (found.state_index == losses.argmax(axis=1)).all()


@pytest.mark.parametrize("dtype", [np.int64, object])
@given(case=books())
def test_agrees_with_the_plain_implementation(dtype, case):
    """Compiled for int64 and interpreted for Python integers, which the calculators use."""
    terms, marks, quantities = case
    price = prices(marks)
    marks, quantities = marks.astype(dtype), quantities.astype(dtype)
    outcomes = plain.states(
        terms.structure, len(terms.legs), terms.k, in_dollars(terms), terms.voids, price
    )
    found = worst_case(terms, marks, quantities)
    without_netting = gross_worst_case(terms, marks, quantities)
    for row, book in enumerate(quantities):
        loss, state, premium = plain.worst(outcomes, price, contracts(book))
        assert dollars(found.loss_micros[row]) == loss
        assert int(found.state_index[row]) == state
        assert dollars(found.premium_micros[row]) == premium
        assert dollars(without_netting[row]) == plain.gross(outcomes, price, contracts(book))


@given(books())
def test_both_conventions_reconcile(case):
    terms, marks, quantities = case
    found = worst_case(terms, marks, quantities)
    unfloored = found.loss_micros - np.asarray(quantities) @ np.asarray(marks)
    assert (found.premium_micros == np.maximum(unfloored, 0)).all()


def test_big_numbers_go_exactly_through_python_integers():
    # 12 decimals of quantity times 12 of price: far beyond int64, still exact
    terms = event("ladder", 2, payout=10**12)
    quantity = np.array([[10**25 + 1, -(10**25)]], dtype=object)
    found = worst_case(terms, np.array([10**12, 1], dtype=object), quantity)
    assert found.loss_micros[0] == (10**25 + 1) * 10**12 - 10**25
    assert found.premium_micros[0] == 0


@pytest.mark.parametrize(
    ("marks", "quantities", "field", "words"),
    [
        ([5000, 5000], [[2**62, 0]], "quantities", "L1"),
        ([5000, 5000], [[0, -(2**63)]], "quantities", "L2"),
        ([5000, 10_001], [[1, 1]], "marks", "L2"),
        ([-1, 5000], [[1, 1]], "marks", "L1"),
        ([5000], [[1, 1]], "marks", "2 prices"),
        ([5000, 5000], [[1]], "quantities", "2 per book"),
        ([5000, 5000], [[1.5, 1]], "quantities", "whole"),
        ([0.5, 0.5], [[1, 1]], "marks", "whole"),
        ([5000, None], [[1, 1]], "marks", "whole"),
    ],
)
def test_bad_input_is_refused_by_name(marks, quantities, field, words):
    with pytest.raises(ModelError) as caught:
        worst_case(event("exclusive", 2), np.array(marks), np.array(quantities))
    assert caught.value.field == field
    assert words in str(caught.value)


def test_the_limit_itself_does_not_overflow():
    terms = event("exclusive", 2)
    limit = (2**63 - 1) // (2 * 2 * 10_000)
    book = np.array([[limit, -limit], [-limit, -limit]])
    found = worst_case(terms, np.array([10_000, 10_000]), book)
    exact = [[limit, -limit], [-limit, -limit]]
    for row, (first, second) in enumerate(exact):
        expected = 10_000 * (first + second) - 10_000 * min(first, second, 0)
        assert int(found.loss_micros[row]) == expected


def test_more_states_than_can_be_listed_still_have_a_worst_case():
    """8 of 16 win (12,870 states): long 1 to 16 at 0.5 each loses 68 less the eight smallest,
    36. One of 5,000 wins: long all but the last, short 3 of that."""
    book = np.arange(16, 0, -1)[None, :] * 100
    found = worst_case(event("k_of_n", 16, k=8), np.full(16, 5000), book)
    assert (found.loss_micros.tolist(), found.state_index.tolist()) == ([32_000_000], [-1])
    book = np.full((1, 5000), 100)
    book[0, -1] = -300
    for structure, state, label in (("exclusive", 4999, "L5000"), ("ladder", 0, "first 0 pay")):
        terms = event(structure, 5000)
        found = worst_case(terms, np.zeros(5000, dtype=np.int64), book)
        assert found.state_index.tolist() == [state]
        assert unlisted_state_label(terms, state) == label
    assert unlisted_state_label(event("exclusive", 5000), 5000) == "none"
    assert unlisted_state_label(event("exclusive", 5000, voids=("half",)), 5001) == "void at 50/50"
    assert unlisted_state_label(event("k_of_n", 16, k=8), -1) == ""


def test_many_binaries_have_no_state_list_but_a_worst_case():
    terms = event("binaries", 13)
    marks = np.full(13, 4000)
    found = worst_case(terms, marks, np.array([[100] * 13]))
    assert found.loss_micros.tolist() == [13 * 400_000]
    assert found.state_index.tolist() == [-1]
    with pytest.raises(ModelError, match="8192 states"):
        payoffs(terms, marks)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"structure": "square"}, "structure"),
        ({"legs": ()}, "legs"),
        ({"legs": ("A", "A")}, "legs"),
        ({"structure": "binary"}, "legs"),
        ({"structure": "k_of_n"}, "k"),
        ({"structure": "k_of_n", "k": 3}, "k"),
        ({"structure": "matrix"}, "payoffs"),
        ({"structure": "matrix", "payoffs": ((1, 2), (1,))}, "payoffs"),
        ({"structure": "at_least_k", "k": 3}, "k"),
        ({"voids": ("quarter",)}, "voids"),
        ({"voids": ("last", "half")}, "voids"),
        ({"fair_band": -1}, "fair_band"),
        ({"on_one_variable": True}, "on_one_variable"),
    ],
)
def test_terms_that_make_no_sense_are_refused(more, field):
    given_terms = {"structure": "exclusive", "legs": ("A", "B")} | more
    with pytest.raises(ModelError) as caught:
        EventTerms(event_ticker="E", reason="", **given_terms)
    assert caught.value.field == field
