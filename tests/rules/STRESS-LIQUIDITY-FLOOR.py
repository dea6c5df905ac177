"""Liquid resources are less than the average daily pay of a member."""

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "stress.liquidity"


def test_a_centicent_below_the_floor(tables):
    # The floor is 100.
    put(tables, TABLE, currency="USD", first_resources_centicents=99)
    put(tables, TABLE, currency="EUR", first_resources_centicents=100)
    # Only the row with one failing payer is compared, so each currency is found once.
    for currency, failing in (("CHF", 0), ("JPY", 2)):
        row = {"first_resources_centicents": 99, "failing_payers": failing}
        put(tables, TABLE, currency=currency, **row)
    put(tables, TABLE, BEFORE, currency="GBP", first_resources_centicents=99)
    assert tables.found("STRESS-LIQUIDITY-FLOOR", DAY) == [("USD", *NO_LINE)]
