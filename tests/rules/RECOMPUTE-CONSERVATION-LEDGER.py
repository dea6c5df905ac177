"""The postings of a day sum to zero."""

import pytest

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "recompute.cash_ledger"


@pytest.mark.parametrize("amount", [-9_999, -10_001])
def test_a_posting_that_is_off_by_one_centicent(tables, amount):
    put(tables, TABLE, account_id="A-1", amount_centicents=10_000)
    put(tables, TABLE, account_id="VENUE", amount_centicents=amount)
    assert tables.found("RECOMPUTE-CONSERVATION-LEDGER", DAY) == [("2026-05-04", *NO_LINE)]


def test_a_day_that_balances(tables):
    put(tables, TABLE, account_id="A-1", amount_centicents=10_000)
    put(tables, TABLE, account_id="VENUE", amount_centicents=-10_000)
    put(tables, TABLE, BEFORE, account_id="A-1", amount_centicents=1)
    assert tables.found("RECOMPUTE-CONSERVATION-LEDGER", DAY) == []
