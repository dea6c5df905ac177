"""Combinations net with their legs: figures worked out by hand."""

import numpy as np

from reporting.simulator.market.listing import Leg, Listing

from .hand_margin import DAY, FREE, YES_NO, requirement


def _legs(tau_x: float = 1.0) -> Listing:
    """Two events of two markets, and a combination of their first ones."""
    listing = Listing()
    for name, tau in [("X", tau_x), ("Y", 1.0)]:
        tickers = [f"{name}1", f"{name}2"]
        listing.add(name, name, "exclusive_exhaustive", tickers, 10_000 * np.eye(2), int(tau * DAY))
    legs = (Leg("X1", True), Leg("Y1", True))
    listing.add("C", "C", "combination", ["C1"], YES_NO, DAY, legs=legs)
    return listing


_PRICES = [5_000, 5_000, 6_000, 4_000, 3_000]


def test_a_combination_nets_with_its_legs():
    # Long 10 combinations at 30c, short 10 of each leg at 50c and 60c. Alone 3 + 5 + 4 = 12.
    # Both hit: 7 - 5 - 4 = -2; one hits: -3 - 5 + 6 = -2 and -3 + 5 - 4 = -2; none: 8.
    book = [(0, 0, -1_000), (2, 0, -1_000), (4, 0, 1_000)]
    found = requirement(_legs(), _PRICES, book)
    # No leg's event gains for sure, so that nothing is added back. X alone could cost 5 within
    # the period, but no cluster counts with more than the joint worst case.
    assert (found.worst_case[0], found.core[0], found.initial[0]) == (20_000,) * 3
    alone = requirement(_legs(), _PRICES, book, netting=False)
    assert alone.worst_case[0] == alone.initial[0] == 120_000
    # Fully collateralised books net just so, but not with margined ones.
    in_full = [(market, 1, qty) for market, _, qty in book]
    assert requirement(_legs(), _PRICES, in_full).initial[0] == 20_000
    mixed = [(0, 0, -1_000), (2, 0, -1_000), (4, 1, 1_000)]
    assert requirement(_legs(), _PRICES, mixed).initial[0] == 120_000


def test_the_ramp_of_a_credit_is_that_of_the_farthest_event():
    # Full up to a day, nothing from 10,001 days: X in 7,501 days weighs 1/4, and no news of it
    # come. 3 + 5/4 + 4, less a quarter of the credit of 10, is 5.75. Tied to X, all weigh 1:
    # 12 - 10.
    long = FREE | {"ramp_tau0_seconds": 0, "ramp_tau1_seconds": 10_000 * DAY}
    book = [(0, 0, -1_000), (2, 0, -1_000), (4, 0, 1_000)]
    assert requirement(_legs(7_501), _PRICES, book, long).core[0] == 57_500
    tied = requirement(_legs(7_501), _PRICES, book, long, linked={"X": [0]})
    assert tied.core[0] == 20_000


def test_a_sure_gain_in_a_leg_pays_for_nothing_else():
    # 1,000 full sets of X at 30 cents gain 400 whatever happens, and one lot of the combination
    # at 30 cents ties them to it: jointly -400 + 0.30 at worst, and 400 added back. Short 200
    # of Y1 at 60 cents cost 80 in all: the lot is worth 1 where they lose.
    prices = [3_000, 3_000, 6_000, 4_000, 3_000]
    book = [(0, 0, 100_000), (1, 0, 100_000), (4, 0, 100)]
    assert requirement(_legs(), prices, book).worst_case[0] == 3_000
    found = requirement(_legs(), prices, [*book, (2, 0, -20_000)])
    # X1 and Y1: 80 - 0.70; X2 and Y1: 80 + 0.30.
    assert found.worst_case[0] == found.initial[0] == 803_000


def test_no_credit_without_a_leg_or_with_an_unknown_one():
    # The combination alone risks 3. With a leg that nobody listed the three stand alone.
    assert requirement(_legs(), _PRICES, [(4, 0, 1_000)]).worst_case[0] == 30_000
    listing = _legs()
    listing.events[-1].legs = (Leg("X1", True), Leg("Z1", True))
    book = [(0, 0, -1_000), (2, 0, -1_000), (4, 0, 1_000)]
    assert requirement(listing, _PRICES, book).worst_case[0] == 120_000


def test_a_leg_selected_as_no_and_a_leg_that_is_void():
    # C pays when X1 fails and Y1 hits; when Y is void, Y1 pays half and so does C if X1 fails.
    # Long 10 C at 20c, short 10 Y1 at 60c; gains by X1 hits or fails and Y1, void, Y2:
    # -2 - 4 = -6, -2 + 1, -2 + 6; 8 - 4, 3 + 1, -2 + 6. The worst is 6 = 2 + 4: no credit.
    # Short 10 X1 at 50c as well: where both hit, 11 = 5 + 2 + 4 is lost, no credit either.
    # Long 10 X1 instead: 5 - 6, 5 - 1, 5 + 4; -5 + 4 three times: 1 instead of 11.
    listing = Listing()
    listing.add("X", "X", "exclusive_exhaustive", ["X1", "X2"], 10_000 * np.eye(2), DAY)
    payoffs = np.array([[10_000, 0, 5_000], [0, 10_000, 5_000]])
    listing.add("Y", "Y", "exclusive_exhaustive", ["Y1", "Y2"], payoffs, DAY, void_in_payoffs=True)
    legs = (Leg("X1", False), Leg("Y1", True))
    listing.add("C", "C", "combination", ["C1"], YES_NO, DAY, legs=legs)
    prices = [5_000, 5_000, 6_000, 4_000, 2_000]

    def worst(x):
        book = [(0, 0, x), (2, 0, -1_000), (4, 0, 1_000)]
        return int(requirement(listing, prices, [row for row in book if row[2]]).worst_case[0])

    assert worst(0) == 60_000
    assert worst(-1_000) == 110_000
    assert worst(1_000) == 10_000


def test_combinations_that_share_an_event_net_together():
    # C pays with X1 and Y1, D with X2 and Y1: together they are Y1. Long 10 of each at 30c and
    # short 10 Y1 at 60c: alone 3 + 3 + 4, jointly nothing.
    listing = _legs()
    legs = (Leg("X2", True), Leg("Y1", True))
    listing.add("D", "D", "combination", ["D1"], YES_NO, DAY, legs=legs)
    prices = [*_PRICES, 3_000]
    together = [(2, 0, -1_000), (4, 0, 1_000), (5, 0, 1_000)]
    assert requirement(listing, prices, together).worst_case[0] == 0
    # The fully collateralised book holds only C, short, and Y1, long: alone 7 + 6; jointly
    # X1 and Y1 lose 7 - 4, X2 and Y1 gain, Y2 loses 6 - 3.
    both = [*together, (2, 1, 1_000), (4, 1, -1_000)]
    assert requirement(listing, prices, both).worst_case[0] == 30_000
