"""A trade price is not between zero and one dollar."""

from rules.rows import MON, put, put_on_other_dates


def test_a_price_is_more_than_nothing_and_less_than_a_dollar(tables):
    prices = {"below": -1, "zero": 0, "least": 1, "most": 9_999, "dollar": 10_000, "above": 10_001}
    for line, (trade_id, price) in enumerate(prices.items(), start=1):
        put(tables, "validate.trades", line, trade_id=trade_id, yes_price_centicents=price)
    put_on_other_dates(tables, "validate.trades", 9, yes_price_centicents=0)
    assert tables.found("VALIDATE-TRADE-PRICE-RANGE", MON) == [
        ("above", "mon", 6),
        ("below", "mon", 1),
        ("dollar", "mon", 5),
        ("zero", "mon", 2),
    ]
