"""Events of a cluster have come so near resolution that they are held in full collateral."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.cycle_alerts"


def test_exposures_of_this_kind_and_date_only(tables):
    put(tables, TABLE, kind="CLUSTER_ENTERS_TAU0", subject="A-1", line=1)
    # A large holding far from its resolution: RECOMPUTE-CYCLE-CONCENTRATION.
    put(tables, TABLE, kind="CONCENTRATION", subject="A-2", line=2)
    put(tables, TABLE, BEFORE, kind="CLUSTER_ENTERS_TAU0", subject="A-3", line=3)
    assert tables.found("RECOMPUTE-CYCLE-CLUSTER", DAY) == [("10:00 A-1", "holders", 1)]
