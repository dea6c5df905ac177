"""A version of the margin schedule was delivered again, changed, after it had taken effect."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.schedule_changes"


def test_a_version_that_had_taken_effect_once(tables):
    put(tables, TABLE, version="S-2", parameter="floor_bps", line=5)
    put(tables, TABLE, version="S-2", parameter="rho_bps", line=5)
    # A version not yet in effect may change.
    put(tables, TABLE, version="S-3", after_effect=False, line=6)
    put(tables, TABLE, BEFORE, version="S-1", line=7)
    assert tables.found("RECOMPUTE-SCHEDULE-AMENDED", DAY) == [("S-2", "schedule", 5)]
