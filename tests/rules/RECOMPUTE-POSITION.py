"""The venue's position of an account differs from the one rebuilt from the trades."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.position_breaks"


def test_each_break_of_the_date(tables):
    row = {"recomputed_qty": 100, "venue_qty": 101, "file_sha256": "positions", "line": 7}
    put(tables, TABLE, account_id="A-1", ticker="K-A", **row)
    put(tables, TABLE, BEFORE, account_id="A-2", ticker="K-A", **row)
    assert tables.found("RECOMPUTE-POSITION", DAY) == [("A-1/K-A", "positions", 7)]
