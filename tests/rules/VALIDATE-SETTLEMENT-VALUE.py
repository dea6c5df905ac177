"""The settlement value does not fit the result."""

from rules.rows import MON, put, put_on_other_dates


def test_yes_pays_a_dollar_no_nothing_and_nothing_more_than_a_dollar(tables):
    values = [
        ("yes", 10_000, False),
        ("yes", 9_999, True),
        ("yes", 10_001, True),
        ("no", 0, False),
        ("no", 1, True),
        ("no", -1, True),
        ("scalar", 0, False),
        ("scalar", 10_000, False),
        ("scalar", 10_001, True),
        ("void", 10_001, True),
    ]
    for line, (result, value, _) in enumerate(values, start=1):
        row = {"ticker": f"K-{line:02}", "result": result, "settlement_value_centicents": value}
        put(tables, "validate.settlement_periods", line, **row)
    put_on_other_dates(tables, "validate.settlement_periods", 99, settlement_value_centicents=1)
    assert tables.found("VALIDATE-SETTLEMENT-VALUE", MON) == [
        (f"K-{line:02}", "mon", line) for line, (_, _, wrong) in enumerate(values, start=1) if wrong
    ]
