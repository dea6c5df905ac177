"""A trade side names an account that is not in the list of accounts."""

from rules.rows import MON, put, put_on_other_dates


def test_the_account_must_be_in_the_list_of_the_same_date(tables):
    put(tables, "validate.accounts", 1, account_id="A1")
    put_on_other_dates(tables, "validate.accounts", 1, account_id="A2")
    put(tables, "validate.trade_audit", 1, account_id="A1")
    put(tables, "validate.trade_audit", 2, account_id="A2")  # listed on other dates only
    put(tables, "validate.trade_audit", 3, account_id="A3")
    put_on_other_dates(tables, "validate.trade_audit", 4, account_id="A4")
    assert tables.found("VALIDATE-AUDIT-ACCOUNT", MON) == [("A2", "mon", 2), ("A3", "mon", 3)]
