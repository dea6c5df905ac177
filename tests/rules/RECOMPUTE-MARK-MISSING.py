"""A position is open in a market that has no mark."""

from rules.days import BEFORE, DAY, NO_LINE, put


def test_open_positions_without_a_mark(tables):
    for ticker, closing_qty in (("K-LONG", 1), ("K-SHORT", -1), ("K-FLAT", 0), ("K-MARKED", 1)):
        put(tables, "recompute.positions", ticker=ticker, closing_qty=closing_qty)
    put(tables, "recompute.positions", BEFORE, ticker="K-OLD", closing_qty=1)
    put(tables, "recompute.marks", ticker="K-MARKED", mark_centicents=0)
    # A row without a price is no mark, nor is that of the day before.
    put(tables, "recompute.marks", ticker="K-LONG", mark_centicents=None)
    put(tables, "recompute.marks", BEFORE, ticker="K-SHORT")
    found = tables.found("RECOMPUTE-MARK-MISSING", DAY)
    assert found == [("K-LONG", *NO_LINE), ("K-SHORT", *NO_LINE)]
