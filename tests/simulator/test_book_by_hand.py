"""The venue's fees and variation against figures worked out by hand."""

from datetime import date

import numpy as np
import pytest

from reporting.simulator.clearing_house.book import DayBook, Sides, fee_centicents
from reporting.simulator.clearing_house.book import half_even_centicents as half_even
from reporting.simulator.market.trades import Trades
from reporting.simulator.positions import Positions


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
