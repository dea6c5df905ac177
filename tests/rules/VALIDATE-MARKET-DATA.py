"""The daily volume that the venue published differs from the tape."""

from rules.rows import FRI, MON, TUE, put, put_on_other_dates


def test_the_published_volume_is_the_sum_of_the_trades_of_the_date(tables):
    for line, (ticker, volume) in enumerate(
        [("K-EQUAL", 1_600), ("K-LESS", 1_599), ("K-MORE", 1_601)], start=1
    ):
        put(tables, "validate.market_data", line, ticker_name=ticker, daily_volume_qty=volume)
        put(tables, "validate.trades", line, ticker=ticker, count_qty=1_000)
        put(tables, "validate.trades", line, ticker=ticker, count_qty=600)
        put_on_other_dates(tables, "validate.trades", line, ticker=ticker, count_qty=1)
    put(tables, "validate.market_data", 4, ticker_name="K-UNTRADED", daily_volume_qty=0)
    put(tables, "validate.market_data", 5, ticker_name="K-NO-TAPE", daily_volume_qty=1)
    # Rows about other days, or in the files of other dates.
    put(tables, "validate.market_data", 6, ticker_name="K-OLD", trading_date=FRI)
    put(tables, "validate.market_data", 7, ticker_name="K-NEW", trading_date=TUE)
    put_on_other_dates(tables, "validate.market_data", 8, ticker_name="K-OTHER-DATES")
    assert tables.found("VALIDATE-MARKET-DATA", MON) == [
        ("K-LESS", "mon", 2),
        ("K-MORE", "mon", 3),
        ("K-NO-TAPE", "mon", 5),
    ]
