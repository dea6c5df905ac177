"""The YES and the NO price of a trade do not add up to one dollar."""

from rules.rows import MON, put, put_on_other_dates


def test_both_prices_make_ten_thousand_centicents(tables):
    for line, (trade_id, no_price) in enumerate(
        [("less", 5_999), ("a dollar", 6_000), ("more", 6_001), ("not sent", None)], start=1
    ):
        prices = {"yes_price_centicents": 4_000, "no_price_centicents": no_price}
        put(tables, "validate.trades", line, trade_id=trade_id, **prices)
    put_on_other_dates(tables, "validate.trades", 5, no_price_centicents=1)
    assert tables.found("VALIDATE-TRADE-PRICE-SUM", MON) == [
        ("less", "mon", 1),
        ("more", "mon", 3),
    ]
