"""In a ladder, the contract with the higher strike has the higher mark."""

from rules.days import BEFORE, DAY, NO_LINE, put

RULE = "RECOMPUTE-LADDER-ORDER"


def _leg(tables, ticker, mark, place=None, day=DAY, source="trade", **contract):
    contract = {"event_ticker": "SER-26", "leg_index": place} | contract
    put(tables, "recompute.contracts", day, ticker=ticker, **contract)
    put(tables, "recompute.marks", day, ticker=ticker, mark_centicents=mark, mark_source=source)


def test_a_mark_one_centicent_above_that_of_the_next_lower_strike(tables):
    # Legs are ordered by number, not by name: the ninth comes before the tenth.
    _leg(tables, "SER-26-B9", 6_000, place=9)
    _leg(tables, "SER-26-B10", 6_001, place=10)
    _leg(tables, "SER-26-B11", 6_001, place=11)
    # A leg that did not trade has an old price, so its neighbours are compared with each other.
    _leg(tables, "SER-26-B12", 9_000, place=12, source="carried")
    _leg(tables, "SER-26-B13", 6_002, place=13)
    found = tables.found(RULE, DAY)
    assert found == [("SER-26-B10", *NO_LINE), ("SER-26-B13", *NO_LINE)]


def test_each_ladder_of_each_date_by_itself(tables):
    _leg(tables, "SER-26-B1", 6_000, place=1)
    _leg(tables, "SER-27-B2", 7_000, place=2, event_ticker="SER-27")
    # Outcomes that exclude each other need no order of marks.
    _leg(tables, "CUP-A", 1_000, 1, event_ticker="CUP", structure="exclusive_exhaustive")
    _leg(tables, "CUP-B", 2_000, 2, event_ticker="CUP", structure="exclusive_exhaustive")
    _leg(tables, "SER-26-B2", 7_000, place=2, day=BEFORE)
    _leg(tables, "SER-26-B1", 1_000, place=1, day=BEFORE)
    assert tables.found(RULE, DAY) == []


def test_a_market_without_a_record_is_placed_by_the_strike_in_its_name(tables):
    # Its series has ladders.
    unrecorded = {"structure": "binary", "has_metadata": False}
    _leg(tables, "SER-26-B1", 6_000, place=1)
    _leg(tables, "SER-27-T-2.5", 100, **unrecorded)
    _leg(tables, "SER-27-T9", 200, **unrecorded)
    _leg(tables, "SER-27-T9.5", 201, **unrecorded)
    _leg(tables, "SER-27-T10", 201, **unrecorded)
    # Another event of the series, and names without a strike.
    _leg(tables, "SER-28-T11", 9_000, **unrecorded)
    for mark, ticker in enumerate(("SER-27-TOP", "SER-27-TIP", "SER-27-TAP")):
        _leg(tables, ticker, mark, **unrecorded)
    # A market whose record says it is no ladder, and a series without ladders on this date.
    _leg(tables, "SER-27-T12", 9_000, structure="binary")
    _leg(tables, "CUP-T1", 100, **unrecorded)
    _leg(tables, "CUP-T2", 200, **unrecorded)
    _leg(tables, "CUP-A", 100, event_ticker="CUP", structure="exclusive_exhaustive")
    put(tables, "recompute.contracts", BEFORE, ticker="CUP-B1", event_ticker="CUP")
    _leg(tables, "SER-27-T3", 9_000, day=BEFORE, **unrecorded)
    found = tables.found(RULE, DAY)
    assert found == [("SER-27-T9", *NO_LINE), ("SER-27-T9.5", *NO_LINE)]
