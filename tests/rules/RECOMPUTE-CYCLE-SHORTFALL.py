"""At a cycle, an account is short of its initial margin by more than the call threshold."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.cycle_alerts"


def test_exposures_of_this_kind_and_date_only(tables):
    put(tables, TABLE, kind="SHORTFALL", subject="A-1", line=1)
    # A loss that margin still covers: RECOMPUTE-CYCLE-LOSS.
    put(tables, TABLE, kind="LOSS", subject="A-2", line=2)
    put(tables, TABLE, BEFORE, kind="SHORTFALL", subject="A-3", line=3)
    assert tables.found("RECOMPUTE-CYCLE-SHORTFALL", DAY) == [("10:00 A-1", "holders", 1)]
