"""Most accounts are charged by a method that the schedule does not name."""

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "recompute.method_margins"


def test_more_than_half_of_the_accounts_follow_another_method(tables):
    for account in ("A-1", "A-2"):
        put(tables, TABLE, account_id=account, followed_method="full_collateral")
    put(tables, TABLE, account_id="A-3")
    put(tables, TABLE, BEFORE, account_id="A-1", followed_method="full_collateral")
    assert tables.found("RECOMPUTE-METHOD", DAY) == [("S-1", *NO_LINE)]


def test_half_of_them_or_no_method_at_all_is_no_other_method(tables):
    put(tables, TABLE, account_id="A-1", followed_method="full_collateral")
    put(tables, TABLE, account_id="A-2")
    put(tables, TABLE, account_id="A-3", followed_method="none")
    put(tables, TABLE, account_id="A-4", followed_method="none")
    assert tables.found("RECOMPUTE-METHOD", DAY) == []
