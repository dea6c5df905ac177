"""The previous date has no cash balances, so that all accounts open with nothing."""

from datetime import date

from rules.days import AFTER, BEFORE, DAY, NO_LINE, put

RULE, BALANCES = "RECOMPUTE-BALANCES-NOT-CARRIED", "recompute.cash_balances"


def test_a_previous_date_without_the_balances_of_the_house(tables):
    put(tables, "recompute.days", previous_business_date=BEFORE)
    # The house has balances on the other dates. The balance of an account is not enough.
    put(tables, BALANCES, BEFORE, account_id="A-1")
    put(tables, BALANCES, date(2026, 4, 30), account_id="VENUE")
    put(tables, BALANCES, account_id="VENUE")
    assert tables.found(RULE, DAY) == [("2026-05-01", *NO_LINE)]


def test_a_previous_date_with_balances(tables):
    put(tables, "recompute.days", previous_business_date=BEFORE)
    put(tables, BALANCES, BEFORE, account_id="VENUE")
    # A gap before another date is found on that date.
    put(tables, "recompute.days", AFTER, previous_business_date=DAY)
    assert tables.found(RULE, DAY) == []


def test_the_first_date_ever(tables):
    put(tables, "recompute.days", previous_business_date=None)
    assert tables.found(RULE, DAY) == []
