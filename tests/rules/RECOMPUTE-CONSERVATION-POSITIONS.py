"""The positions of all accounts in a market sum to zero."""

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "recompute.positions"


def test_each_market_by_itself(tables):
    # One hundredth too many and one too few: together the markets would balance.
    put(tables, TABLE, ticker="K-OVER", account_id="A-1", closing_qty=1_000)
    put(tables, TABLE, ticker="K-OVER", account_id="A-2", closing_qty=-999)
    put(tables, TABLE, ticker="K-UNDER", account_id="A-1", closing_qty=-1)
    put(tables, TABLE, ticker="K-EVEN", account_id="A-1", closing_qty=1_000)
    put(tables, TABLE, ticker="K-EVEN", account_id="A-2", closing_qty=-1_000)
    put(tables, TABLE, BEFORE, ticker="K-OLD", account_id="A-1", closing_qty=1_000)
    found = tables.found("RECOMPUTE-CONSERVATION-POSITIONS", DAY)
    assert found == [("K-OVER", *NO_LINE), ("K-UNDER", *NO_LINE)]
