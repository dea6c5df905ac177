"""An open margin call is no longer in the feed."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.call_ages"


def test_open_calls_that_were_not_delivered(tables):
    put(tables, TABLE, call_id="C-1", delivered=False, last_seen=BEFORE, line=1)
    put(tables, TABLE, call_id="C-2", delivered=True, line=2)
    put(tables, TABLE, BEFORE, call_id="C-3", delivered=False, line=3)
    assert tables.found("RECOMPUTE-CALL-VANISHED", DAY) == [("C-1", "calls", 1)]
