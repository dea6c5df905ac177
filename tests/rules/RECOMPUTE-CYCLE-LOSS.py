"""At a cycle, an account lost more than the policy share of its initial margin."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.cycle_alerts"


def test_exposures_of_this_kind_and_date_only(tables):
    put(tables, TABLE, kind="LOSS", subject="A-1", line=1)
    # Short of collateral: RECOMPUTE-CYCLE-SHORTFALL.
    put(tables, TABLE, kind="SHORTFALL", subject="A-2", line=2)
    put(tables, TABLE, BEFORE, kind="LOSS", subject="A-3", line=3)
    assert tables.found("RECOMPUTE-CYCLE-LOSS", DAY) == [("10:00 A-1", "holders", 1)]
