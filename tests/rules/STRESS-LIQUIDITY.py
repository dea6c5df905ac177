"""Liquid resources do not suffice in every hour when the largest payers fail."""

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "stress.liquidity"


def test_currencies_that_run_dry(tables):
    put(tables, TABLE, currency="USD", failing_payers=1, covered=True)
    put(tables, TABLE, currency="USD", failing_payers=2, covered=False)
    put(tables, TABLE, BEFORE, currency="EUR", failing_payers=2, covered=False)
    assert tables.found("STRESS-LIQUIDITY", DAY) == [("USD, 2 failing", *NO_LINE)]
