"""At the end of the day, a worst case is more than the policy multiple of the initial margin."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.exposures"


def test_exposures_of_this_kind_and_date_only(tables):
    put(tables, TABLE, kind="LEVERAGE", subject="A-1", line=1)
    # A large holder: RECOMPUTE-CONCENTRATION.
    put(tables, TABLE, kind="CONCENTRATION", subject="A-2", line=2)
    put(tables, TABLE, BEFORE, kind="LEVERAGE", subject="A-3", line=3)
    assert tables.found("RECOMPUTE-LEVERAGE", DAY) == [("A-1", "holders", 1)]
