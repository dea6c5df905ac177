"""The venue's end-of-day mark differs from the last trade."""

from rules.days import BEFORE, DAY, NO_LINE, put

PRICES = "validate.market_price_snapshot"


def test_a_centicent_beside_the_last_trade(tables):
    for ticker, venue in (("K-ABOVE", 4_001), ("K-BELOW", 3_999), ("K-SAME", 4_000)):
        put(tables, "recompute.marks", ticker=ticker, venue_mark_centicents=venue)
    # A settled market has no mark to compare. A mark not sent is RECOMPUTE-MARK-NOT-SENT.
    put(tables, "recompute.marks", ticker="K-PAID", venue_mark_centicents=1, settled=True)
    put(tables, "recompute.marks", ticker="K-UNSENT", venue_mark_centicents=None)
    put(tables, "recompute.marks", BEFORE, ticker="K-OLD", venue_mark_centicents=1)
    # The finding points to the end-of-day price of the date, if there is one.
    put(tables, PRICES, ticker="K-ABOVE", cycle="EOD", file_sha256="prices", line=3)
    put(tables, PRICES, ticker="K-ABOVE", cycle="10:00", file_sha256="prices", line=4)
    put(tables, PRICES, ticker="K-SAME", cycle="EOD", file_sha256="prices", line=5)
    put(tables, PRICES, BEFORE, ticker="K-ABOVE", cycle="EOD", file_sha256="prices", line=6)
    found = tables.found("RECOMPUTE-MARK", DAY)
    assert found == [("K-ABOVE", "prices", 3), ("K-BELOW", *NO_LINE)]
