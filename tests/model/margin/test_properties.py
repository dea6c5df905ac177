"""What must hold (margin-model.md section 6), as far as it is built.

Not asserted, because false by construction: subadditivity of IM with add-ons, and
monotonicity of a portfolio's IM in volatility.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.model.events.structures import EventFacts, MarketFacts, derive_terms
from reporting.model.events.terms import EventTerms
from reporting.model.margin.initial_margin import (
    Credits,
    EventLosses,
    JointGaps,
    Tails,
    account_margin,
    jump_requirement,
    ramp,
)
from reporting.model.margin.worst_case import event_losses, gross_worst_case, worst_case

from ..books import books
from ..schedules import schedule

SCHEDULE = schedule()
NO_JOINT_GAPS = JointGaps(*np.zeros((3, 0), dtype=np.int64))
rows_of_w = st.lists(
    st.tuples(
        st.integers(0, 4), st.integers(-(10**13), 10**13), st.integers(0, 10**6), st.booleans()
    ),
    max_size=20,
)


def margin_of(rows, schedule=SCHEDULE):
    """AccountMargin of five accounts from (account, W, tau, wrong way) rows, each a cluster
    of its own with a gap of the whole worst case, without a scenario part."""
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    account, loss, tau = (np.array(column, dtype=np.int64) for column in columns[:3])
    one_day = np.ones(len(rows), dtype=np.int64)
    weight = ramp(schedule, tau, one_day, np.array(columns[3], dtype=bool))
    cluster = np.arange(len(rows))
    event_losses = EventLosses(account, loss, np.maximum(loss, 0), *weight, cluster)
    nothing, zeros = np.zeros(5, dtype=np.int64), np.zeros(5)
    jump = jump_requirement(event_losses, NO_JOINT_GAPS, 5)
    tails, credits = Tails(zeros, zeros, zeros, zeros), Credits(nothing, nothing)
    return account_margin(event_losses, tails, zeros, credits, schedule, jump)


@given(rows_of_w)
def test_margin_lies_between_zero_and_the_worst_case(rows):
    found = margin_of(rows)
    assert (found.initial >= 0).all()
    assert (found.initial <= found.worst_case).all()
    empty = set(range(5)) - {row[0] for row in rows}
    assert all(found.initial[account] == 0 for account in empty)


@given(rows_of_w, st.randoms(use_true_random=False))
def test_order_of_rows_changes_no_bit(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    first, second = margin_of(rows), margin_of(shuffled)
    for name in ("worst_case", "expected_shortfall", "jump_to_resolution", "core", "initial"):
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()


@given(rows_of_w)
def test_removing_the_ramp_never_raises_margin(rows):
    far = [(account, loss, 10**8, False) for account, loss, _, _ in rows]
    assert (margin_of(far).initial <= margin_of(rows).initial).all()


@given(rows_of_w, st.integers(1, 1000))
def test_core_is_homogeneous(rows, factor):
    # Exactly, once the rounding up of the ramp cannot bite: W in whole multiples.
    span = (SCHEDULE.ramp_tau1_seconds - SCHEDULE.ramp_tau0_seconds) * 10
    rows = [(account, loss % 10**6 * span, tau, wrong) for account, loss, tau, wrong in rows]
    scaled = [(account, loss * factor, tau, wrong) for account, loss, tau, wrong in rows]
    assert (margin_of(scaled).core == margin_of(rows).core * factor).all()


@given(books(rows=st.just(2)), st.integers(0, 10**6))
def test_worst_case_and_core_are_subadditive(case, tau):
    terms, marks, quantities = case
    if np.abs(quantities).max() > 10**11:
        quantities = quantities // 10
    both = np.vstack((quantities, quantities.sum(axis=0)))
    loss = worst_case(terms, marks, both).loss_micros
    assert loss[2] <= loss[0] + loss[1]
    core = [margin_of([(0, int(w), tau, False)]).core[0] for w in loss]
    assert core[2] <= core[0] + core[1] + 2  # each ramped leg is rounded up by < 1 micro


@given(books(rows=st.just(1)), st.integers(0, 1000))
def test_worst_case_is_homogeneous(case, factor):
    terms, marks, quantities = case
    quantities = quantities % 10**9
    once, more = (
        worst_case(terms, marks, times * quantities).loss_micros[0] for times in (1, factor)
    )
    assert more == factor * once


@given(books())
def test_gross_is_never_below_exact(case):
    terms, marks, quantities = case
    exact = worst_case(terms, marks, quantities).loss_micros
    assert (gross_worst_case(terms, marks, quantities) >= exact).all()


@given(st.lists(st.integers(0, 2000), min_size=2, max_size=5), st.integers(1, 10**9))
def test_full_long_set_whose_marks_sum_to_one_has_no_worst_case(first, quantity):
    marks = np.array([*first, 10_000 - sum(first)])
    legs = tuple(map(str, range(len(marks))))
    terms = EventTerms("E", "exclusive_exhaustive", "", legs)
    book = np.full((1, len(marks)), quantity)
    assert worst_case(terms, marks, book).loss_micros[0] == 0


@given(
    st.lists(st.integers(0, 2000), min_size=2, max_size=5),
    st.lists(st.integers(-1000, 1000), min_size=6, max_size=6),
    st.data(),
)
def test_converting_no_positions_leaves_the_worst_case(first, base, data):
    """m NO of an exhaustive event become m-1 dollars and the other YES."""
    marks = np.array([*first, 10_000 - sum(first)])
    n = len(marks)
    chosen = data.draw(st.sets(st.integers(0, n - 1), min_size=1))
    terms = EventTerms("E", "exclusive_exhaustive", "", tuple(map(str, range(n))))
    before, after = np.array([base[:n]]), np.array([base[:n]])
    for leg in range(n):
        if leg in chosen:
            before[0, leg] -= 100
        else:
            after[0, leg] += 100
    losses = [worst_case(terms, marks, book).loss_micros[0] for book in (before, after)]
    assert losses[0] == losses[1]


@given(st.integers(0, 10_000), st.integers(1, 10**9))
def test_no_is_minus_yes_plus_a_dollar(mark, quantity):
    """A NO costs 1-p and loses it at most; so does -1 YES marked at p."""
    terms = EventTerms("E", "binary", "", ("A",))
    yes_event = worst_case(terms, np.array([mark]), np.array([[-quantity]]))
    no_event = worst_case(terms, np.array([10_000 - mark]), np.array([[quantity]]))
    assert yes_event.loss_micros[0] == no_event.loss_micros[0]


@given(books(rows=st.integers(2, 5)))
def test_losses_of_all_accounts_cancel_in_every_state(case):
    terms, marks, quantities = case
    quantities = quantities // 10
    closed = np.vstack((quantities, -quantities.sum(axis=0)))
    assert (event_losses(terms, marks, closed).sum(axis=0) == 0).all()


@given(books(structures=("exclusive_exhaustive", "ladder", "k_of_n"), voids=((),)))
def test_a_further_state_never_lowers_the_worst_case(case):
    terms, marks, quantities = case
    base = worst_case(terms, marks, quantities).loss_micros
    for voids in (("half",), ("last",), ("half", "last")):
        more = EventTerms(
            "E", terms.structure, "", terms.legs, voids=voids, k=terms.k, payoffs=terms.payoffs
        )
        assert (worst_case(more, marks, quantities).loss_micros >= base).all()


@given(books(voids=((),)), st.data())
def test_splitting_an_event_never_lowers_the_worst_case(case, data):
    terms, marks, quantities = case
    cut = data.draw(st.integers(0, len(terms.legs)))
    left, right = quantities.copy(), quantities.copy()
    left[:, cut:] = 0
    right[:, :cut] = 0
    parts = [worst_case(terms, marks, part).loss_micros for part in (left, right)]
    assert (parts[0] + parts[1] >= worst_case(terms, marks, quantities).loss_micros).all()


@given(
    st.lists(st.integers(-20, 20), min_size=2, max_size=6, unique=True),
    st.randoms(use_true_random=False),
    st.sampled_from(("greater", "greater_or_equal", "less")),
)
def test_order_of_markets_changes_no_bit(strikes, random, kind):
    markets = [
        MarketFacts(
            ticker=f"EV-T{strike}",
            event_ticker="EV",
            title=f"Above {strike}?",
            strike_type=kind,
            floor_strike=None if kind == "less" else str(strike),
            cap_strike=str(strike) if kind == "less" else None,
        )
        for strike in strikes
    ]
    shuffled = list(markets)
    random.shuffle(shuffled)
    assert derive_terms(EventFacts("EV"), markets) == derive_terms(EventFacts("EV"), shuffled)


@settings(max_examples=50)
@given(books(voids=((),)), st.data())
def test_order_of_contracts_leaves_the_worst_case(case, data):
    terms, marks, quantities = case
    if terms.structure in ("ladder", "ladder_brackets"):
        return  # the order of a ladder is its meaning
    order = data.draw(st.permutations(range(len(terms.legs))))
    moved = EventTerms(
        "E",
        terms.structure,
        "",
        tuple(terms.legs[leg] for leg in order),
        k=terms.k,
        payoffs=tuple(terms.payoffs[leg] for leg in order) if terms.payoffs else (),
    )
    first = worst_case(terms, marks, quantities).loss_micros
    second = worst_case(moved, marks[list(order)], quantities[:, list(order)]).loss_micros
    assert (first == second).all()


@pytest.mark.parametrize("voids", [(), ("half",), ("last",)])
def test_fully_collateralised_book_has_no_shortfall_in_any_state(voids):
    terms = EventTerms("E", "exclusive", "", ("A", "B", "C"), voids=voids)
    marks = np.array([2000, 3000, 4000])
    books_ = np.array([[100, -300, 50], [-5, -5, -5], [7, 0, 0]])
    required = worst_case(terms, marks, books_).loss_micros
    assert (event_losses(terms, marks, books_) <= required[:, None]).all()
