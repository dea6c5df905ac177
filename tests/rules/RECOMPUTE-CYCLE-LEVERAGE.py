"""At a cycle, a worst case is more than the policy multiple of the initial margin."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.cycle_alerts"


def test_exposures_of_this_kind_and_date_only(tables):
    put(tables, TABLE, kind="LEVERAGE", subject="A-1", line=1)
    # Losses already made: RECOMPUTE-CYCLE-LOSS.
    put(tables, TABLE, kind="LOSS", subject="A-2", line=2)
    put(tables, TABLE, BEFORE, kind="LEVERAGE", subject="A-3", line=3)
    assert tables.found("RECOMPUTE-CYCLE-LEVERAGE", DAY) == [("10:00 A-1", "holders", 1)]
