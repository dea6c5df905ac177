"""The venue sent no end-of-day mark of a market in which positions are open."""

from rules.days import BEFORE, DAY, NO_LINE, put


def test_open_positions_without_a_mark_of_the_venue(tables):
    for ticker, closing_qty in (("K-LONG", 1), ("K-SHORT", -1), ("K-FLAT", 0), ("K-SENT", 1)):
        put(tables, "recompute.positions", ticker=ticker, closing_qty=closing_qty)
        sent = 0 if ticker == "K-SENT" else None
        put(tables, "recompute.marks", ticker=ticker, venue_mark_centicents=sent)
    # Open only on the day before, and a market without holders.
    put(tables, "recompute.positions", BEFORE, ticker="K-FLAT", closing_qty=1)
    put(tables, "recompute.marks", ticker="K-EMPTY", venue_mark_centicents=None)
    put(tables, "recompute.marks", BEFORE, ticker="K-FLAT", venue_mark_centicents=None)
    found = tables.found("RECOMPUTE-MARK-NOT-SENT", DAY)
    assert found == [("K-LONG", *NO_LINE), ("K-SHORT", *NO_LINE)]
