"""The variation of all accounts in a market sums to zero."""

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "recompute.variation"


def test_each_market_by_itself(tables):
    # One micro too much and one too little: together the markets would balance.
    put(tables, TABLE, ticker="K-OVER", account_id="A-1", variation_micros=1)
    put(tables, TABLE, ticker="K-UNDER", account_id="A-1", variation_micros=-1_000)
    put(tables, TABLE, ticker="K-UNDER", account_id="A-2", variation_micros=999)
    # Fees go to the venue and are not part of variation.
    put(tables, TABLE, ticker="K-EVEN", account_id="A-1", variation_micros=7, fee_centicents=5)
    put(tables, TABLE, ticker="K-EVEN", account_id="A-2", variation_micros=-7, fee_centicents=5)
    put(tables, TABLE, BEFORE, ticker="K-OLD", account_id="A-1", variation_micros=1)
    found = tables.found("RECOMPUTE-CONSERVATION-VARIATION", DAY)
    assert found == [("K-OVER", *NO_LINE), ("K-UNDER", *NO_LINE)]
