"""An account with open positions was charged no margin."""

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "recompute.margin_breaks"


def test_the_status_says_so(tables):
    put(tables, TABLE, account_id="A-1", status="MISSING", line=4)
    for other in ("MATCH", "BREAK", "STALE"):
        put(tables, TABLE, account_id=other, status=other)
    put(tables, TABLE, BEFORE, account_id="A-2", status="MISSING")
    assert tables.found("RECOMPUTE-MISSING-MARGIN", DAY) == [("A-1", *NO_LINE)]
