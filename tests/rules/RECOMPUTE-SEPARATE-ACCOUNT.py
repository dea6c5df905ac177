"""An owner took collateral out of one account while a call of another was overdue."""

from rules.days import AFTER, BEFORE, DAY, put

TABLE = "recompute.withdrawals"


def test_withdrawals_beside_an_overdue_call(tables):
    row = {"assets": "cash 1.00", "file_sha256": "collateral"}
    put(tables, TABLE, account_id="A-1", overdue_accounts="A-9", line=1, **row)
    put(tables, TABLE, account_id="A-2", overdue_accounts="", line=2, **row)
    for day in (BEFORE, AFTER):
        put(tables, TABLE, day, account_id="A-3", overdue_accounts="A-9", line=3, **row)
    assert tables.found("RECOMPUTE-SEPARATE-ACCOUNT", DAY) == [("A-1", "collateral", 1)]
