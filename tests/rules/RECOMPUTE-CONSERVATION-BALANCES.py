"""The closing balances of all accounts, the house included, sum to zero."""

import pytest

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "recompute.cash_balances"


@pytest.mark.parametrize("house", [-9_999, -10_001])
def test_a_centicent_came_or_went(tables, house):
    put(tables, TABLE, account_id="A-1", opening_centicents=0, closing_centicents=10_000)
    put(tables, TABLE, account_id="VENUE", opening_centicents=0, closing_centicents=house)
    assert tables.found("RECOMPUTE-CONSERVATION-BALANCES", DAY) == [("2026-05-04", *NO_LINE)]


def test_a_day_that_closes_even(tables):
    # Its opening balances do not sum to zero: that was found on the date before.
    put(tables, TABLE, account_id="A-1", opening_centicents=1, closing_centicents=10_000)
    put(tables, TABLE, account_id="VENUE", opening_centicents=0, closing_centicents=-10_000)
    put(tables, TABLE, BEFORE, account_id="A-1", opening_centicents=0, closing_centicents=1)
    assert tables.found("RECOMPUTE-CONSERVATION-BALANCES", DAY) == []
