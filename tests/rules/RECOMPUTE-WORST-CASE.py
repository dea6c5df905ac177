"""The venue's worst case of an account is wrong, and nothing explains it."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.margin_breaks"


def test_the_flag_says_so(tables):
    put(tables, TABLE, account_id="A-1", worst_case_unexplained=True, line=4)
    # The worst case is explained and the core margin is not: RECOMPUTE-CORE.
    put(tables, TABLE, account_id="A-2", worst_case_unexplained=False, core_unexplained=True)
    put(tables, TABLE, BEFORE, account_id="A-3", worst_case_unexplained=True)
    assert tables.found("RECOMPUTE-WORST-CASE", DAY) == [("A-1", "margin", 4)]
