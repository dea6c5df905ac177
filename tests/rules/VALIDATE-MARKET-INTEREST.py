"""A market reports more open interest than it ever traded."""

from rules.rows import MON, put, put_on_other_dates


def test_open_interest_up_to_the_volume_is_possible(tables):
    markets = {"K-LESS": 999, "K-EQUAL": 1_000, "K-MORE": 1_001}
    for line, (ticker, interest) in enumerate(markets.items(), start=1):
        values = {"ticker": ticker, "open_interest_qty": interest, "volume_qty": 1_000}
        put(tables, "validate.markets", line, **values)
    put_on_other_dates(tables, "validate.markets", 4, open_interest_qty=1, volume_qty=0)
    assert tables.found("VALIDATE-MARKET-INTEREST", MON) == [("K-MORE", "mon", 3)]
