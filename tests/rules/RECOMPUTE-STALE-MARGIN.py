"""An account without open positions was charged margin."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.margin_breaks"


def test_the_status_says_so(tables):
    put(tables, TABLE, account_id="A-1", status="STALE", line=4)
    for other in ("MATCH", "BREAK", "MISSING"):
        put(tables, TABLE, account_id=other, status=other)
    put(tables, TABLE, BEFORE, account_id="A-2", status="STALE")
    assert tables.found("RECOMPUTE-STALE-MARGIN", DAY) == [("A-1", "margin", 4)]
