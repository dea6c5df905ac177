"""A customer took back collateral and left less than its initial margin."""

from rules.days import AFTER, BEFORE, DAY, put

TABLE = "recompute.withdrawals"


def test_withdrawals_that_leave_too_little(tables):
    row = {"assets": "cash 1.00", "file_sha256": "collateral"}
    put(tables, TABLE, account_id="A-1", shortfall_centicents=1, line=1, **row)
    put(tables, TABLE, account_id="A-2", shortfall_centicents=0, line=2, **row)
    for day in (BEFORE, AFTER):
        put(tables, TABLE, day, account_id="A-3", shortfall_centicents=9, line=3, **row)
    assert tables.found("RECOMPUTE-WITHDRAWAL", DAY) == [("A-1", "collateral", 1)]
