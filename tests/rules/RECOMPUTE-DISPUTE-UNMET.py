"""A margin call was due, is in dispute and is not met in full."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.calls"


def test_disputed_calls_that_are_due_and_short_of_a_centicent(tables):
    short = {"late": True, "in_dispute": True, "unmet_centicents": 1}
    put(tables, TABLE, call_id="C-1", line=1, **short)
    # Paid under protest, not due yet, and late without a dispute (RECOMPUTE-LATE-CALL).
    put(tables, TABLE, call_id="C-2", line=2, **short | {"unmet_centicents": 0})
    put(tables, TABLE, call_id="C-3", line=3, **short | {"late": False})
    put(tables, TABLE, call_id="C-4", line=4, **short | {"in_dispute": False})
    put(tables, TABLE, BEFORE, call_id="C-5", line=5, **short)
    assert tables.found("RECOMPUTE-DISPUTE-UNMET", DAY) == [("C-1", "calls", 1)]
