"""The open interest that the venue published differs from the one rebuilt from trades."""

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "recompute.open_interest"


def test_a_hundredth_beside_the_rebuilt_one(tables):
    for ticker, published in (("K-ABOVE", 101), ("K-BELOW", 99), ("K-SAME", 100), ("K-NONE", None)):
        put(tables, TABLE, ticker=ticker, open_interest_qty=100, venue_open_interest_qty=published)
    old = {"open_interest_qty": 100, "venue_open_interest_qty": 101}
    put(tables, TABLE, BEFORE, ticker="K-OLD", **old)
    found = tables.found("RECOMPUTE-OPEN-INTEREST", DAY)
    assert found == [("K-ABOVE", *NO_LINE), ("K-BELOW", *NO_LINE)]
