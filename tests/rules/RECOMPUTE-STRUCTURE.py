"""The terms of an event do not prove its outcome structure."""

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "recompute.contracts"


def test_each_event_with_a_flag_once(tables):
    put(tables, TABLE, ticker="K-A", event_ticker="E-1", structure_flags="no strikes")
    put(tables, TABLE, ticker="K-B", event_ticker="E-1", structure_flags="no strikes")
    put(tables, TABLE, ticker="K-C", event_ticker="E-2", structure_flags="")
    put(tables, TABLE, BEFORE, ticker="K-D", event_ticker="E-3", structure_flags="no strikes")
    assert tables.found("RECOMPUTE-STRUCTURE", DAY) == [("E-1", *NO_LINE)]
