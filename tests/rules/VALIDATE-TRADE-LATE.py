"""A trade arrived under another business date than its own."""

from datetime import date

from rules.rows import FRI, MON, TUE, put, put_on_other_dates


def test_the_day_of_the_trade_is_the_business_date(tables):
    put(tables, "validate.trades", 1, trade_id="on time", trading_date=MON)
    put(tables, "validate.trades", 2, trade_id="late", trading_date=FRI)
    put(tables, "validate.trades", 3, trade_id="early", trading_date=TUE)
    # A first load brings old trades under one date.
    put(tables, "validate.trades", 4, trade_id="history", trading_date=FRI, history=True)
    put_on_other_dates(tables, "validate.trades", 5, trading_date=date(2026, 4, 1))
    assert tables.found("VALIDATE-TRADE-LATE", MON) == [("early", "mon", 3), ("late", "mon", 2)]
