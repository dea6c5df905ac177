"""A margin call was met too late, or was due and is not met in full."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.calls"


def test_late_calls_but_for_those_unmet_in_a_dispute(tables):
    put(tables, TABLE, call_id="C-UNMET", late=True, line=1)
    put(tables, TABLE, call_id="C-PUNCTUAL", late=False, line=2)
    # In dispute: one was met in full, though late; the other lacks a centicent, which is
    # RECOMPUTE-DISPUTE-UNMET.
    dispute = {"late": True, "in_dispute": True}
    put(tables, TABLE, call_id="C-PROTEST", unmet_centicents=0, line=3, **dispute)
    put(tables, TABLE, call_id="C-DISPUTE", unmet_centicents=1, line=4, **dispute)
    put(tables, TABLE, BEFORE, call_id="C-OLD", late=True, line=5)
    found = tables.found("RECOMPUTE-LATE-CALL", DAY)
    assert found == [("C-PROTEST", "calls", 3), ("C-UNMET", "calls", 1)]
