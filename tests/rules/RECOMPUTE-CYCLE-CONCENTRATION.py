"""At a cycle, an account holds more than the policy share of a market's open interest."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.cycle_alerts"


def test_exposures_of_this_kind_and_date_only(tables):
    put(tables, TABLE, kind="CONCENTRATION", subject="A-1", line=1)
    # A holder who can influence the event: RECOMPUTE-CYCLE-WRONG-WAY.
    put(tables, TABLE, kind="WRONG_WAY", subject="A-2", line=2)
    put(tables, TABLE, BEFORE, kind="CONCENTRATION", subject="A-3", line=3)
    assert tables.found("RECOMPUTE-CYCLE-CONCENTRATION", DAY) == [("10:00 A-1", "holders", 1)]
