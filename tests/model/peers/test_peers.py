"""Margin of other venues on the same book: by hand, against published tables, by property."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.errors import ModelError
from reporting.model.events.terms import EventTerms
from reporting.model.margin.pairwise import pairwise_worst_case
from reporting.model.margin.worst_case import gross_worst_case, payoff_range, worst_case
from reporting.model.peers.conversion import conversion_kind, conversion_netting
from reporting.model.peers.peer_books import PeerBooks
from reporting.model.peers.scanning import (
    SCENARIOS,
    Extreme,
    ScanRates,
    risk_arrays,
    scanning_margin,
)

from ..books import books
from ..plain_peers import plain_conversion, plain_scanning

# L. McMillan, Options as a Strategic Investment, 4th edition, pages 668 to 670: risk arrays of
# the exchange for an S&P 500 future and a December 410 call, gains of one long contract in
# dollars. The range is 20 points of 500 dollars; the extreme move is twice the range, of which 35 %
# is covered. Thirds are printed cut down to ten dollars.
FUTURE = [0, 0, 3330, 3330, -3330, -3330, 6670, 6670, -6670, -6670, 10000, 10000]
FUTURE += [-10000, -10000, 7000, -7000]
CALL = [460, -610, 2640, 1730, -1270, -2340, 5210, 4540, -2540, -3430, 8060, 7640]
CALL += [-3380, -3990, 3130, -1500]


def test_the_published_array_of_a_future():
    """A third of 10,000 is 3,333.33, two thirds 6,666.67: 3,333 and 6,667 to the unit, of which
    the book prints tens."""
    one = np.array([10_000])
    found = -risk_arrays(one, 3 * one, 3 * one, Extreme(multiple=2, cover_bps=3500))[0]
    assert found.tolist() == [
        {3330: 3333, -3330: -3333, 6670: 6667, -6670: -6667}.get(gain, gain) for gain in FUTURE
    ]
    signs = [(s.thirds > 0) - (s.thirds < 0) for s in SCENARIOS]
    assert signs == [(gain > 0) - (gain < 0) for gain in FUTURE]


@pytest.mark.parametrize(
    ("quantities", "requirement", "scenario"),
    [
        ([0, 1], 3990, 14),  # the book: futures down three thirds, volatility down
        ([1, -1], 6620, 13),  # the covered write: futures down three thirds, volatility up
        ([1, 0], 10_000, 13),
        ([0, -1], 8060, 11),
        ([0, 0], 0, 1),
    ],
)
def test_the_published_requirements(quantities, requirement, scenario):
    arrays = -np.array([FUTURE, CALL])
    none = np.zeros(2, dtype=np.int64)
    held = PeerBooks.of(none, np.arange(2), np.array(quantities), 1, 2, 10_000)
    found = scanning_margin(held, none, none, none, arrays, ScanRates(none, none, none, none))
    assert found.scanning_risk.tolist() == [requirement]
    assert (quantities @ arrays).argmax() + 1 == scenario


def test_the_default_extreme_is_three_ranges_at_33_percent():
    """0.17 of range: three times that is 0.51, of which 33 % are 0.1683."""
    arrays = risk_arrays(*(np.array([n]) for n in (1700, 5200, 5200)), Extreme())
    assert arrays[0, 14:].tolist() == [-1683, 1683]
    assert arrays[0, 10] == -1700 and arrays[0, 12] == 1700


def test_a_price_cannot_leave_its_bounds():
    """Mark 0.05, range 0.17: down 0.05 at most, already with one third (0.0567); the extreme
    loss is 33 % of 0.05."""
    arrays = risk_arrays(*(np.array([n]) for n in (1700, 9500, 500)), Extreme())
    assert arrays[0].tolist() == [
        *[0, 0, -567, -567, 500, 500, -1133, -1133, 500, 500, -1700, -1700, 500, 500],
        *[-1683, 165],
    ]


def one_event(quantities, marks, ranges, one_commodity, charge=0, minimum=0, credit=0):
    """The margin of books that hold contracts of one event only."""
    quantities = np.array(quantities, dtype=np.int64)
    count, n = quantities.shape
    book, contract = np.nonzero(quantities)
    found = PeerBooks.of(book, contract, quantities[book, contract], count, n, 10_000)
    marks, ranges = np.array(marks, dtype=np.int64), np.array(ranges, dtype=np.int64)
    flat = [np.full(n, value, dtype=np.int64) for value in (charge, minimum, credit)]
    event = np.zeros(n, dtype=np.int64)
    commodity = event if one_commodity else np.arange(n)
    arrays = risk_arrays(ranges, 10_000 - marks, marks, Extreme())
    return scanning_margin(found, event, commodity, marks, arrays, ScanRates(ranges, *flat))


def test_a_ladder_by_hand():
    """Rungs at 0.60 and 0.40, range 0.12 for both, so that no bound is in reach. Long 3, short 2:
    they move together, one contract is left: 0.12 (the extreme move: 33 % of 0.36). Two spreads at
    0.02: 0.04. The short minimum, 2 x 0.01, is less. Value 3 x 0.60 - 2 x 0.40 = 1.00."""
    found = one_event([[300, -200]], [6000, 4000], [1200, 1200], True, charge=200, minimum=100)
    assert found.scanning_risk.tolist() == [120_000]
    assert found.spread_charge.tolist() == [40_000]
    assert found.short_minimum.tolist() == [20_000]
    assert found.requirement.tolist() == [160_000]
    assert found.net_option_value.tolist() == [1_000_000]
    assert found.premium_paid_requirement.tolist() == [0]


def test_a_bound_opens_a_spread_by_hand():
    """The same with range 0.15: in the extreme move down the long rung falls by 0.45, the short
    one by no more than its 0.40; 33 % of 3 x 0.45 - 2 x 0.40 = 0.1815, more than 0.15."""
    found = one_event([[300, -200]], [6000, 4000], [1500, 1500], True)
    assert found.requirement.tolist() == [181_500]


def test_outcomes_by_hand():
    """Outcomes at 0.50, 0.30, 0.20, range 0.10: 1, 3 and 2 long. Risk 0.10 each: 0.60. In the
    order of contracts: 1 with 1 of the second, 2 of it with 2 of the third: 6 contracts in three
    spreads, half of 0.10 back for each: 0.30."""
    found = one_event([[100, 300, 200]], [5000, 3000, 2000], [1000] * 3, False, credit=5000)
    assert found.scanning_risk.tolist() == [600_000]
    assert found.spread_credit.tolist() == [300_000]
    assert found.requirement.tolist() == [300_000]


def test_long_and_short_outcomes_are_no_spread():
    """One up, the other down: both lose together."""
    found = one_event([[100, -100]], [5000, 3000], [1000] * 2, False, credit=5000)
    assert found.spread_credit.tolist() == [0]
    assert found.requirement.tolist() == [200_000]


def test_the_minimum_for_shorts():
    """NO at 0.995: 0.005 of room up (short YES at 0.995 loses 0.005), the minimum is 0.02."""
    found = one_event([[-100]], [9950], [1000], True, minimum=200)
    assert found.scanning_risk.tolist() == [5_000]
    assert found.requirement.tolist() == [20_000]
    # Sold for 0.995: requirement plus what the buyback costs.
    assert found.premium_paid_requirement.tolist() == [20_000 + 995_000]


def test_a_credit_does_not_lower_the_minimum():
    """Two shorts at 0.50, risk 0.10 each, all of it back: the minimum of 0.02 each is left."""
    found = one_event([[-100, -100]], [5000] * 2, [1000] * 2, False, minimum=200, credit=10_000)
    assert found.spread_credit.tolist() == [200_000]
    assert found.requirement.tolist() == [40_000]


def test_the_dearest_spread_charge_of_a_commodity_counts():
    """Long 1 of the first rung, short 1 of the third; charges 0.03, 0.05 (not held) and 0.01. The
    minimum is that of the short contract: 0.04."""
    quantities, ranges = np.array([100, -100]), np.zeros(3, dtype=np.int64)
    books = PeerBooks.of([0, 0], [0, 2], quantities, 1, 3, 10_000)
    marks, one = np.full(3, 5000), np.zeros(3, dtype=np.int64)
    arrays = risk_arrays(ranges, marks, marks, Extreme())
    charges, minima = np.array([300, 500, 100]), np.array([100, 200, 400])
    rates = ScanRates(ranges, charges, minima, np.zeros(3, dtype=np.int64))
    found = scanning_margin(books, one, one, marks, arrays, rates)
    assert found.spread_charge.tolist() == [30_000]
    assert found.short_minimum.tolist() == [40_000]
    assert found.requirement.tolist() == [40_000]


@st.composite
def outright_books(draw, most=6):
    n = draw(st.integers(1, most))
    size = draw(st.sampled_from((3, 1000, 10**10)))
    quantity = st.integers(-size, size)
    table = [[draw(quantity) for _ in range(n)] for _ in range(draw(st.integers(1, 4)))]
    marks = [draw(st.integers(0, 10_000)) for _ in range(n)]
    ranges = [draw(st.integers(0, 4000)) for _ in range(n)]
    return table, marks, ranges


@given(
    outright_books(),
    st.booleans(),
    st.integers(0, 500),
    st.integers(0, 500),
    st.integers(0, 10_000),
)
def test_the_plain_implementation_agrees(case, one_commodity, charge, minimum, credit):
    table, marks, ranges = case
    found = one_event(table, marks, ranges, one_commodity, charge, minimum, credit)
    assert found.requirement.tolist() == [
        plain_scanning(book, marks, ranges, one_commodity, (charge, minimum, credit))
        for book in table
    ]


@given(outright_books(), st.booleans())
def test_scanning_risk_is_subadditive_and_grows_with_scale(case, one_commodity):
    """A maximum of sums: merging two books never needs more. Charges for spreads may: they
    are left out here."""
    table, marks, ranges = case
    table = np.array(table)
    joint = one_event([table.sum(axis=0)], marks, ranges, one_commodity)
    alone = one_event(table, marks, ranges, one_commodity)
    assert joint.requirement[0] <= alone.requirement.sum()
    thrice = one_event(3 * table, marks, ranges, one_commodity)
    assert (thrice.requirement == 3 * alone.requirement).all()


def test_a_spread_charge_is_not_subadditive():
    """A long rung here, a short one there, range 0 (nothing can move): nothing alone, a
    charge together."""
    alone = one_event([[100, 0], [0, -100]], [5000] * 2, [0] * 2, True, charge=200)
    assert alone.requirement.sum() == 0
    assert one_event([[100, -100]], [5000] * 2, [0] * 2, True, charge=200).requirement == [20_000]


@given(outright_books(), st.booleans(), st.integers(0, 300), st.integers(0, 10_000))
def test_a_future_is_symmetric(case, one_commodity, charge, credit):
    """Where no bound is in reach of three ranges, long and short need the same."""
    table, marks, ranges = case
    marks = [5000] * len(marks)
    ranges = [each % 1667 for each in ranges]
    arguments = marks, ranges, one_commodity, charge, 0, credit
    up, down = one_event(table, *arguments), one_event(-np.array(table), *arguments)
    assert (up.requirement == down.requirement).all()


@given(outright_books(), st.booleans(), st.integers(0, 10_000))
def test_scanning_risk_never_exceeds_the_loss_without_netting(case, one_commodity, credit):
    """A price cannot leave its bounds, so no scenario loses more than contract by contract."""
    table, marks, ranges = case
    found = one_event(table, marks, ranges, one_commodity, credit=credit)
    terms = EventTerms("E", "binaries", "", tuple(map(str, range(len(marks)))))
    gross = gross_worst_case(terms, np.array(marks), np.array(table))
    assert (found.requirement <= gross).all()
    assert (found.requirement >= 0).all()


# --- conversion ---


def converted(terms, marks, quantities):
    quantities = np.array(quantities, dtype=np.int64)
    count, n = quantities.shape
    book, contract = np.nonzero(quantities)
    pays = payoff_range(terms, np.array(marks))
    most = max(10_000, int(pays[1].max()), int(max(marks)))
    return conversion_netting(
        PeerBooks.of(book, contract, quantities[book, contract], count, n, most),
        np.array([0, n]),
        np.array([conversion_kind(terms)]),
        np.array(marks, dtype=np.int64),
        pays,
        10_000,
    )


def event(structure, legs, voids=()):
    return EventTerms("E", structure, "", tuple(map(str, range(legs))), voids=voids)


def test_three_no_by_hand():
    """NO at 0.60, 0.70 and 0.80 cost 2.10. Converted, they give 2 of collateral and no YES: 0.10
    stays, as in the exact worst case; pairs give back 1.50 only."""
    terms, marks, book = event("exclusive_exhaustive", 3), [4000, 3000, 2000], [[-100] * 3]
    found = converted(terms, marks, book)
    assert found.gross.tolist() == [2_100_000]
    assert found.locked.tolist() == [100_000]
    exclusive = event("exclusive", 3)
    assert pairwise_worst_case(exclusive, np.array(marks), np.array(book), "MECNET") == [600_000]


def test_a_winner_may_pay_another_amount():
    """The same three NO in units of which a winner pays 100: 60, 70 and 80 are paid for each,
    200 come back, 10 stay."""
    books = PeerBooks.of([0] * 3, [0, 1, 2], [-100] * 3, 1, 3, 100)
    pays = np.zeros(3, dtype=np.int64), np.full(3, 100)
    marks, first = np.array([40, 30, 20]), np.array([0, 3])
    found = conversion_netting(books, first, np.array([1]), marks, pays, 100)
    assert (found.gross.tolist(), found.locked.tolist()) == ([21_000], [1_000])
    sets = PeerBooks.of([0] * 3, [0, 1, 2], [100] * 3, 1, 3, 100)
    found = conversion_netting(sets, first, np.array([2]), marks, pays, 100)
    assert (found.full_sets.tolist(), found.locked.tolist()) == ([10_000], [-1_000])


def test_uneven_no_by_hand():
    """4, 1 and 1 NO at 0.50: 3.00 are paid; 1 of each converts into 2, and 3 NO of the first
    stay: 1.00. (4 + 1 + 1 - 4 = 2.)"""
    found = converted(event("exclusive", 3), [5000] * 3, [[-400, -100, -100]])
    assert found.locked.tolist() == [1_000_000]


def test_a_full_set_of_yes_by_hand():
    """2, 1 and 1 YES at 0.50, 0.30, 0.20: 1.50 are paid, one set is worth 1. Only where one
    outcome must win, and all are held."""
    book, marks = [[200, 100, 100], [200, 100, 0]], [5000, 3000, 2000]
    found = converted(event("exclusive_exhaustive", 3), marks, book)
    assert found.locked.tolist() == [500_000, 1_300_000]
    assert found.full_sets.tolist() == [1_000_000, 0]
    found = converted(event("exclusive", 3), marks, book)
    assert found.locked.tolist() == [1_500_000, 1_300_000]


@given(books(structures=("exclusive", "exclusive_exhaustive"), voids=((),)))
def test_conversion_is_exact_where_one_outcome_wins(case):
    terms, marks, quantities = case
    exact = worst_case(terms, marks, quantities).loss_micros
    assert (converted(terms, marks, quantities).locked == exact).all()


@given(books())
def test_conversion_is_never_below_exact_and_never_above_gross(case):
    terms, marks, quantities = case
    found = converted(terms, marks, quantities)
    assert (found.locked >= worst_case(terms, marks, quantities).loss_micros).all()
    assert (found.locked <= found.gross).all()
    assert (found.locked + found.full_sets <= found.gross).all()


@given(books(structures=("exclusive", "exclusive_exhaustive"), voids=((),)))
def test_conversion_is_never_above_pairs(case):
    terms, marks, quantities = case
    pairs = pairwise_worst_case(terms, marks, quantities, "MECNET")
    found = converted(terms, marks, quantities)
    assert (found.locked + found.full_sets <= pairs).all()


@given(books(structures=("ladder", "ladder_brackets", "k_of_n", "binaries")))
def test_other_structures_are_not_netted(case):
    terms, marks, quantities = case
    found = converted(terms, marks, quantities)
    assert (found.locked == gross_worst_case(terms, marks, quantities)).all()


def test_a_ladder_costs_more_than_exact():
    """YES above the lower strike at 0.60, NO above the higher at 0.40: 0.60 + 0.60 paid, one of
    the two pays: 0.20 exactly, 1.20 on a venue that lists two separate markets."""
    terms, marks, book = event("ladder", 2), [6000, 4000], [[100, -100]]
    assert converted(terms, marks, book).locked.tolist() == [1_200_000]
    assert worst_case(terms, np.array(marks), np.array(book)).loss_micros.tolist() == [200_000]


@given(books(structures=("exclusive", "exclusive_exhaustive"), voids=((),)))
def test_doing_the_conversions_sets_the_same_free(case):
    terms, marks, quantities = case
    found = converted(terms, marks, quantities)
    exhaustive = terms.structure == "exclusive_exhaustive"
    for book, gross, locked in zip(quantities.tolist(), found.gross, found.locked, strict=True):
        paid = sum(q * p if q > 0 else -q * (10_000 - p) for q, p in zip(book, marks, strict=True))
        assert gross == paid
        assert gross - locked == 10_000 * plain_conversion(book, exhaustive)


def test_events_do_not_meet():
    """One NO in each of two events: nothing to convert, although each event alone converts."""
    pays = np.zeros(4, dtype=np.int64), np.full(4, 10_000)
    marks, kinds, first = np.full(4, 5000), np.array([1, 1]), np.array([0, 2, 4])
    apart = PeerBooks.of([0, 0], [1, 2], [-100, -100], 1, 4, 10_000)
    found = conversion_netting(apart, first, kinds, marks, pays, 10_000)
    assert found.locked.tolist() == [1_000_000]
    together = PeerBooks.of([0, 0], [2, 3], [-100, -100], 1, 4, 10_000)
    found = conversion_netting(together, first, kinds, marks, pays, 10_000)
    assert found.locked.tolist() == [0]


@given(st.permutations(range(6)))
def test_the_order_of_positions_changes_nothing(order):
    rows = [(1, 3, 5), (0, 2, -4), (1, 0, 7), (0, 1, 2), (1, 3, -1), (0, 2, 4)]
    book, contract, qty = np.array([rows[place] for place in order]).T
    found = PeerBooks.of(book, contract, qty, 2, 4, 10_000)
    # 5 - 1 contracts add up, 4 - 4 are none.
    assert found.start.tolist() == [0, 1, 3]
    assert found.contract.tolist() == [1, 0, 3]
    assert found.qty.tolist() == [2, 7, 4]


def test_the_largest_position_that_can_be_added_up():
    """Twice 10,000 x 461,168,601,842,738 is just within 2^63 - 1, one more is not."""
    most = 461_168_601_842_738
    assert PeerBooks.of([0], [0], [most], 1, 1, 10_000).qty.tolist() == [most]
    with pytest.raises(ModelError, match="quantities"):
        PeerBooks.of([0], [0], [most + 1], 1, 1, 10_000)


def test_what_is_refused():
    with pytest.raises(ModelError, match="quantities"):
        PeerBooks.of([0, 0], [0, 1], [2**60, 2**60], 1, 2, 10_000)
    with pytest.raises(ModelError, match="credit_bps"):
        ScanRates(*(np.array([each]) for each in (0, 0, 0, 10_001)))
    with pytest.raises(ModelError, match="price_range"):
        ScanRates(*(np.array([each]) for each in (-1, 0, 0, 0)))
    with pytest.raises(ModelError, match="extreme_cover_bps"):
        Extreme(cover_bps=10_001)
