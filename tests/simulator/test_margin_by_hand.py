"""The venue's margin, fees and variation against figures worked out by hand."""

from datetime import date

import numpy as np
import pytest

from reporting.simulator.book import DayBook, Positions, Sides, Trades, fee_centicents
from reporting.simulator.book import half_even_centicents as half_even
from reporting.simulator.listing import Listing
from reporting.simulator.margin.requirement import requirement
from reporting.simulator.margin.schedules import Schedule, schedules_from

DAY = 86_400
BASE = schedules_from(date(2026, 1, 1))[-1].parameters
PARAMETERS = BASE | {"legal_class": {"default": "option"}}
SCHEDULE = Schedule("MS-1", date(2026, 1, 1), "", "", PARAMETERS)


def _listing() -> Listing:
    """A weather event of three ranges tomorrow, a far binary in 6.5 days, both ex void."""
    listing = Listing()
    listing.add("W", "WX", "exclusive_exhaustive", ["W1", "W2", "W3"], 10_000 * np.eye(3), DAY)
    listing.add("B", "BX", "binary", ["B1"], np.array([[10_000, 0]]), 6 * DAY + DAY // 2)
    return listing


def _margin(holdings: list[tuple[int, int, int]], linked=None, netting=True, accounts=2):
    """Margin at time 0; holdings are (market, paid in full, hundredths) of account 0."""
    positions = Positions(accounts)
    for market, in_full, qty in holdings:
        positions.add(positions.make_key([market], [0], [in_full]), np.array([qty]))
    marks = np.array([5_000, 3_000, 2_000, 6_000])
    found = requirement(positions, marks, _listing(), SCHEDULE, linked or {}, 0, netting)
    assert found.held.tolist() == [True] + [False] * (accounts - 1)
    return {
        name: int(getattr(found, name)[0])
        for name in ("worst_case", "core", "initial", "maintenance")
    }


def test_one_event_near_resolution_is_charged_in_full():
    # 10 of W1 at 50c, short 4 of W2 at 30c. W1 wins: 10*(-.5) - 4*.3 = -6.20; W2 wins:
    # 10*.5 + 4*.7 = 7.80; W3 wins: 5 - 1.2 = 3.80. Worst 7.80 dollars.
    found = _margin([(0, 0, 1_000), (1, 0, -400)])
    assert found == {
        "worst_case": 78_000,
        "core": 78_000,
        "initial": 78_000,
        "maintenance": 62_400,
    }


def test_without_netting_each_market_stands_alone():
    # 10 * 0.50 + 4 * 0.70 is the same 7.80 here; with 10 of W2 as well netting matters:
    # together W1 wins -5+3=-2, W2 wins 5-7=-2, W3 wins 8; alone 5 + 3 = 8: no difference.
    # All three bought: together 0, alone 5 + 3 + 2 = 10 dollars.
    everything = [(0, 0, 1_000), (1, 0, 1_000), (2, 0, 1_000)]
    assert _margin(everything)["worst_case"] == 0
    assert _margin(everything, netting=False)["worst_case"] == 100_000


def test_ramp_jump_and_floor_of_a_far_event():
    # 3.01 of B1 at 60c: worst 1.806 = 18,060 centicents. Weight (8 - 6.5) / (8 - 2) = 1/4,
    # ramped 4,515; the jump alone is the whole worst case of the single event.
    assert _margin([(3, 0, 301)]) == {
        "worst_case": 18_060,
        "core": 18_060,
        "initial": 18_060,
        "maintenance": 14_448,
    }


def test_two_events_are_ramped_and_capped():
    # Weather 2 of W1: worst 1.00, weight 1. Binary 3.01: ramped 0.4515, jump 1.806.
    # Core is the larger of 1.4515 and 1.806; the worst case is 2.806.
    found = _margin([(0, 0, 200), (3, 0, 301)])
    assert found["worst_case"] == 28_060
    assert found["core"] == found["initial"] == 18_060
    # With 3 of W1 (1.50): ramped 1.50 + 0.4515 = 1.9515 is above the jump.
    assert _margin([(0, 0, 300), (3, 0, 301)])["initial"] == 19_515


def test_an_account_tied_to_the_event_is_charged_in_full():
    for tied in ({"B": [0]}, {"BX": [0]}):
        assert _margin([(0, 0, 300), (3, 0, 301)], linked=tied)["initial"] == 33_060
    assert _margin([(0, 0, 300), (3, 0, 301)], linked={"B": [1]})["initial"] == 19_515


def test_fully_collateralised_positions_are_charged_alone():
    # Margined long and paid-in-full short of the same market do not net: 5.00 + 5.00.
    found = _margin([(0, 0, 1_000), (0, 1, -1_000)])
    assert found["worst_case"] == found["initial"] == 100_000


def test_numbers_are_rounded_up_to_a_centicent():
    # 0.01 contracts of W2 at 30c: 0.003 dollars = 30 centicents; of B1: ramped 15 of 60.
    # 0.01 at a mark of 33.33c would be 33.33: use the ramp, 0.07 of B1 = 420, quarter 105.
    listing = _listing()
    positions = Positions(1)
    positions.add(positions.make_key([0, 3], [0, 0], [0, 0]), np.array([3, 1]))
    marks = np.array([3_333, 3_000, 2_000, 6_001])
    found = requirement(positions, marks, listing, SCHEDULE, {}, 0)
    # Micros: 3*3333 = 9,999 -> W 9,999 + 6,001 = 16,000; ramped 9,999 + 1,501 (1,500.25 up)
    # = 11,500 -> 115 centicents; 160 for the worst case; maintenance 92.
    assert found.worst_case[0] == 160
    assert found.initial[0] == 115
    assert found.maintenance[0] == 92


@pytest.mark.parametrize(
    ("contracts", "cents", "rate", "multiplier", "day", "fee"),
    [
        (100, 50, 700, 100, date(2026, 4, 1), 17_500),  # 0.07 * 100 * 0.25 = 1.75 dollars
        (100, 50, 175, 100, date(2026, 4, 1), 4_375),
        (1, 37, 700, 100, date(2026, 4, 1), 164),  # 0.016317 dollars, up to the centicent
        (1, 37, 700, 100, date(2026, 3, 31), 200),  # up to the cent
        (1, 37, 700, 50, date(2026, 4, 1), 82),  # 0.0081585
        (96_471, 50, 700, 200, date(2026, 4, 1), 33_764_850),  # 3,376.485 dollars
    ],
)
def test_fees(contracts, cents, rate, multiplier, day, fee):
    found = fee_centicents(
        np.array([100 * contracts]), np.array([100 * cents]), rate, np.array([multiplier]), day
    )
    assert found.tolist() == [fee]


def test_variation_of_a_held_a_traded_and_a_settled_position():
    opening = Positions(2)
    opening.add(opening.make_key([0, 0], [0, 1], [0, 0]), np.array([1_000, -1_000]))
    fees = (np.array([100, 100]), np.array([False, False]), np.array([False, False]))
    book = DayBook(opening, date(2026, 5, 4), fees)
    trade = Trades(
        ids=np.zeros((1, 1), np.uint8),
        market=np.array([1]),
        quantity=np.array([500]),
        price=np.array([4_000]),
        taker_yes=np.array([False]),
        micros=np.array([0]),
    )
    no = np.array([False])
    book.take(trade, Sides(np.array([0]), np.array([1]), no, no))
    # Market 0 settles at 1 after a mark of 0.60: 10 * 0.40 = 4.00 to account 0. Market 1:
    # account 0 sold 5 at 0.40, mark 0.45: -0.25. In all +3.75 dollars.
    variation = book.variation_micros(np.array([10_000, 4_500]), np.array([6_000, -1]))
    assert variation.tolist() == [3_750_000, -3_750_000]
    # The taker pays 0.07 * 5 * 0.24 = 0.084 dollars; the maker nothing.
    assert book.fees.tolist() == [840, 0]
    assert book.settle([0]).qty.tolist() == [1_000, -1_000]
    assert book.now.market.tolist() == [1, 1]


def test_posting_rounds_halves_to_even():
    micros = np.array([50, 150, 250, -50, -150, 51, 149])
    assert half_even(micros).tolist() == [0, 2, 2, 0, -2, 1, 1]
