"""The margin of an account follows from another version of the schedule than the one in force."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.margin_breaks"


def test_a_margin_that_another_version_explains(tables):
    put(tables, TABLE, account_id="A-1", parameter_version="S-0", line=4)
    # This margin is wrong, and no version explains it.
    put(tables, TABLE, account_id="A-2", parameter_version=None, initial_unexplained=True)
    put(tables, TABLE, BEFORE, account_id="A-3", parameter_version="S-0")
    assert tables.found("RECOMPUTE-PARAMETER", DAY) == [("A-1", "margin", 4)]
