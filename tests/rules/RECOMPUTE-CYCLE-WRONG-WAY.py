"""At a cycle, an account holds a position in an event that it can influence."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.cycle_alerts"


def test_exposures_of_this_kind_and_date_only(tables):
    put(tables, TABLE, kind="WRONG_WAY", subject="A-1", line=1)
    # A large holder without influence: RECOMPUTE-CYCLE-CONCENTRATION.
    put(tables, TABLE, kind="CONCENTRATION", subject="A-2", line=2)
    put(tables, TABLE, BEFORE, kind="WRONG_WAY", subject="A-3", line=3)
    assert tables.found("RECOMPUTE-CYCLE-WRONG-WAY", DAY) == [("10:00 A-1", "holders", 1)]
