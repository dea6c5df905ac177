"""The venue's worst case of an account holds, but its core margin does not."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.margin_breaks"


def test_the_flag_says_so(tables):
    put(tables, TABLE, account_id="A-1", core_unexplained=True, line=4)
    # The core margin is right and the initial margin is wrong: RECOMPUTE-UNDER-CHARGED.
    put(tables, TABLE, account_id="A-2", core_unexplained=False, initial_unexplained=True)
    put(tables, TABLE, BEFORE, account_id="A-3", core_unexplained=True)
    assert tables.found("RECOMPUTE-CORE", DAY) == [("A-1", "margin", 4)]
