"""The marks of an event fit no probabilities to within two cents."""

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "recompute.state_probabilities"


def test_a_gap_of_more_than_200_centicents(tables):
    put(tables, TABLE, event_ticker="E-WIDE", largest_gap_centicents=1.0)
    put(tables, TABLE, event_ticker="E-WIDE", largest_gap_centicents=200.5)
    # Exactly two cents is within the tolerance.
    put(tables, TABLE, event_ticker="E-EDGE", largest_gap_centicents=200.0)
    put(tables, TABLE, BEFORE, event_ticker="E-OLD", largest_gap_centicents=500.0)
    assert tables.found("RECOMPUTE-MARK-INCONSISTENT", DAY) == [("E-WIDE", *NO_LINE)]
