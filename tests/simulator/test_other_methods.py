"""What a schedule may charge by instead of ECM-2, worked out by hand."""

import numpy as np

from reporting.simulator.market.listing import Listing

from .hand_margin import DAY, YES_NO, requirement

BANDS = [
    {"price_up_to_centicents": 2_000, "days_up_to": 30, "yes_bps": 9_000, "no_bps": 3_000},
    {"price_up_to_centicents": 10_000, "days_up_to": 30, "yes_bps": 6_000, "no_bps": 6_000},
    {"price_up_to_centicents": 10_000, "days_up_to": 90, "yes_bps": 4_000, "no_bps": 2_000},
]
TABLE = {
    "name": "side_table",
    "categories": ["Economics"],
    "full_collateral_seconds": 5 * DAY,
    "bands": BANDS,
}


def _charged(book, marks, days, method=TABLE, category="Economics"):
    listing = Listing()
    states = YES_NO if len(marks) == 1 else 10_000 * np.eye(len(marks))
    structure = "binary" if len(marks) == 1 else "exclusive_exhaustive"
    tickers = [f"E{n}" for n in range(len(marks))]
    listing.add("E", "S", structure, tickers, states, int(days * DAY), category=category)
    found = requirement(listing, marks, book, {"method": method})
    assert found.add_ons[0] == 0 and found.core[0] == found.initial[0]
    return int(found.worst_case[0]), int(found.initial[0])


def test_full_collateral():
    full = {"name": "full_collateral"}
    assert _charged([(0, 0, 300)], [6_000], 300, full) == (18_000, 18_000)


def test_the_first_band_that_fits_by_price_time_and_side():
    # Long 3 at 60 cents lose 1.80 at most, short 3 lose 1.20.
    assert _charged([(0, 0, 300)], [6_000], 30) == (18_000, 10_800)
    assert _charged([(0, 0, -300)], [6_000], 30) == (12_000, 7_200)
    assert _charged([(0, 0, -300)], [6_000], 30.5) == (12_000, 2_400)
    # At 20 cents the first band: 90 % of 0.60 and 30 % of 2.40.
    assert _charged([(0, 0, 300)], [2_000], 30) == (6_000, 5_400)
    assert _charged([(0, 0, -300)], [2_000], 30) == (24_000, 7_200)
    # No band for more than 90 days: all.
    assert _charged([(0, 0, 300)], [6_000], 91) == (18_000, 18_000)


def test_near_the_expiry_and_elsewhere_the_worst_case():
    assert _charged([(0, 0, 300)], [6_000], 5) == (18_000, 18_000)
    assert _charged([(0, 0, 300)], [6_000], 30, category="Sports") == (18_000, 18_000)


def test_no_event_costs_more_than_its_worst_case():
    # A full set loses nothing; its sides would cost 60 % of 0.50, 0.30 and 90 % of 0.20.
    assert _charged([(n, 0, 100) for n in range(3)], [5_000, 3_000, 2_000], 30) == (0, 0)
    assert _charged([(0, 0, 100)], [5_000, 3_000, 2_000], 30) == (5_000, 3_000)
