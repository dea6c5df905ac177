"""The venue's mark of a market is not between zero and one dollar."""

from rules.rows import MON, put, put_on_other_dates


def test_zero_and_one_dollar_are_marks(tables):
    marks = {"K-BELOW": -1, "K-ZERO": 0, "K-DOLLAR": 10_000, "K-ABOVE": 10_001}
    for line, (ticker, mark) in enumerate(marks.items(), start=1):
        values = {"ticker": ticker, "settlement_price_centicents": mark}
        put(tables, "validate.market_price_snapshot", line, **values)
    put_on_other_dates(tables, "validate.market_price_snapshot", 5, settlement_price_centicents=-1)
    assert tables.found("VALIDATE-MARK-RANGE", MON) == [
        ("K-ABOVE", "mon", 4),
        ("K-BELOW", "mon", 1),
    ]
