"""Hedges: by hand, the best quantity against all quantities, and what greedy trades may do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.model.default.hedging import Hedgeable, best_quantity, greedy_hedges
from reporting.model.errors import ModelError
from reporting.model.events.terms import EventTerms
from reporting.model.margin.worst_case import event_losses, worst_case

EXCLUSIVE = EventTerms("E", "exclusive_exhaustive", "", ("A", "B", "C"))


def hedgeable(terms, marks, qty, depth, spread=0, volume=1e6):
    legs = len(terms.legs)
    return Hedgeable(
        terms,
        np.array(marks),
        np.array(qty),
        np.array(depth),
        np.full(legs, spread, dtype=np.int64),
        np.zeros(legs),
        np.full(legs, volume),
    )


def test_best_quantity_by_hand():
    """Long 10 of A at 0.5, the others at 0.25: worst case 5 dollars, in B and in C.

    Selling x of A loses (10 - x) / 2 in B and C and 0 otherwise: all 10, then nothing is lost.
    Buying x of B loses x / 4 more where A or C comes, and gains 3x / 4 where B does: no help
    in C. Depth 4 allows 4 of A: 3 dollars are left.
    """
    marks, qty = np.array([5000, 2500, 2500]), np.array([1000, 0, 0])
    traded, left = best_quantity(EXCLUSIVE, marks, qty, np.array([5000, 400, 400]))
    assert traded.tolist() == [-1000, 0, 0]
    assert left.tolist() == [0, 5_000_000, 5_000_000]
    traded, left = best_quantity(EXCLUSIVE, marks, qty, np.array([400, 0, 0]))
    assert traded.tolist() == [-400, 0, 0]
    assert left[0] == 600 * 5000


def test_greedy_trades_by_hand():
    """Two events, each long 10 contracts, at 0.5 and at 0.2: worst cases 5 and 2 dollars. The
    first comes first. Spread 0.02: closing 10 costs 0.10. A third trade is worth nothing."""
    binary = EventTerms("X", "binary", "", ("X",))
    events = [
        hedgeable(binary, [2000], [1000], [2000], spread=200),
        hedgeable(binary, [5000], [1000], [2000], spread=200),
    ]
    trades = greedy_hedges(events, 5, eta=1.0)
    assert [(t.event, t.leg, t.qty, t.cost) for t in trades] == [
        (1, 0, -1000, 100_000),
        (0, 0, -1000, 100_000),
    ]
    assert [t.benefit for t in trades] == [4_900_000, 1_900_000]
    assert len(greedy_hedges(events, 1, eta=1.0)) == 1


def test_a_hedge_that_costs_more_than_it_saves_is_not_made():
    """At 0.01 ten contracts can lose 0.10; with a spread of 0.02 selling them costs as much."""
    binary = EventTerms("X", "binary", "", ("X",))
    assert greedy_hedges([hedgeable(binary, [100], [1000], [2000], spread=200)], 5, 1.0) == []


def test_a_negative_depth_is_refused():
    with pytest.raises(ModelError, match="depth"):
        best_quantity(EXCLUSIVE, np.array([1, 1, 1]), np.array([1, 1, 1]), np.array([1, -1, 1]))


@st.composite
def books(draw):
    structure = draw(st.sampled_from(("exclusive", "exclusive_exhaustive", "ladder", "k_of_n")))
    legs = draw(st.integers(2, 4))
    k = draw(st.integers(1, legs)) if structure == "k_of_n" else None
    voids = draw(st.sampled_from(((), ("half",))))
    names = tuple(f"L{n}" for n in range(legs))
    terms = EventTerms("E", structure, "", names, k=k, voids=voids)
    marks = [draw(st.integers(0, 10_000)) for _ in range(legs)]
    qty = [draw(st.integers(-50, 50)) for _ in range(legs)]
    depth = [draw(st.integers(0, 60)) for _ in range(legs)]
    return terms, np.array(marks), np.array(qty), np.array(depth)


@settings(max_examples=60)
@given(books())
def test_the_best_quantity_is_the_best_of_all(book):
    """Against every quantity in turn, by the plain enumeration of states."""
    terms, marks, qty, depth = book
    traded, left = best_quantity(terms, marks, qty, depth)
    for leg in range(len(qty)):
        choices = range(-int(depth[leg]), int(depth[leg]) + 1)
        table = np.repeat(qty[None, :], len(choices), axis=0)
        table[:, leg] += np.array(choices)
        losses = event_losses(terms, marks, table).max(axis=1).tolist()
        best = min(losses)
        assert left[leg] == best
        nearest = min(abs(x) for x, loss in zip(choices, losses, strict=True) if loss == best)
        assert abs(traded[leg]) == nearest


@settings(max_examples=30)
@given(st.lists(books(), min_size=1, max_size=3), st.integers(0, 6), st.integers(0, 300))
def test_trades_stay_within_depth_and_lower_the_worst_case(found, most, spread):
    events = [hedgeable(*book, spread=spread) for book in found]
    trades = greedy_hedges(events, most, eta=0.5)
    assert len(trades) <= most
    for number, event in enumerate(events):
        qty, used = event.qty.copy(), np.zeros_like(event.depth)
        for trade in (t for t in trades if t.event == number):
            before = int(worst_case(event.terms, event.marks, qty[None, :]).loss_micros[0])
            qty[trade.leg] += trade.qty
            used[trade.leg] += abs(trade.qty)
            after = int(worst_case(event.terms, event.marks, qty[None, :]).loss_micros[0])
            assert (trade.worst_case_before, trade.worst_case_after) == (before, after)
            assert trade.benefit == before - after - trade.cost > 0
        assert (used <= event.depth).all()
