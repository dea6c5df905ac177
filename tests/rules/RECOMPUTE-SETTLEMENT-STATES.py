"""An event settled at values that no outcome of it pays."""

from rules.days import AFTER, BEFORE, DAY, put

TABLE = "recompute.settlement_breaks"


def test_breaks_of_this_kind_and_date_only(tables):
    row = {"file_sha256": "settled", "line": 1, "words": "no outcome pays this"}
    put(tables, TABLE, kind="EVENT", event_ticker="E-1", **row)
    put(tables, TABLE, kind="COMBINATION", event_ticker="E-2", **row)
    put(tables, TABLE, BEFORE, kind="EVENT", event_ticker="E-3", **row)
    put(tables, TABLE, AFTER, kind="EVENT", event_ticker="E-4", **row)
    assert tables.found("RECOMPUTE-SETTLEMENT-STATES", DAY) == [("E-1", "settled", 1)]
