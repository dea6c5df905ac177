"""A margin call is disputed, and the stage of the dispute is not given."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.calls"


def test_disputed_calls_without_a_stage(tables):
    put(tables, TABLE, call_id="C-1", state="disputed", dispute_stage="", line=1)
    put(tables, TABLE, call_id="C-2", state="disputed", dispute_stage=" ", line=2)
    put(tables, TABLE, call_id="C-3", state="disputed", dispute_stage="panel", line=3)
    # The dispute is over, so it needs no stage.
    put(tables, TABLE, call_id="C-4", state="met", dispute_stage="", line=4)
    put(tables, TABLE, BEFORE, call_id="C-5", state="disputed", dispute_stage="", line=5)
    found = tables.found("RECOMPUTE-DISPUTE-NO-STAGE", DAY)
    assert found == [("C-1", "calls", 1), ("C-2", "calls", 2)]
