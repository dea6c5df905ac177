"""A trade lies outside the opening hours of its market."""

from datetime import datetime, timedelta

from rules.rows import FRI, MON, TUE, put, put_on_other_dates

OPEN_UTC, CLOSE_UTC = datetime(2026, 5, 4, 14), datetime(2026, 5, 4, 20)
MOMENT = timedelta(microseconds=1)


def market(tables, ticker="K-A", day=MON, open_utc=OPEN_UTC, close_utc=CLOSE_UTC):
    values = {"ticker": ticker, "open_utc": open_utc, "close_utc": close_utc}
    put(tables, "validate.markets", 1, day=day, **values)


def test_from_the_open_to_the_close_of_the_latest_record(tables):
    market(tables)
    market(tables, day=FRI, open_utc=CLOSE_UTC)
    market(tables, day=TUE, open_utc=CLOSE_UTC)
    market(tables, "K-FRIDAY", day=FRI)
    market(tables, "K-ALWAYS", open_utc=None, close_utc=None)
    trades = {
        "too early": ("K-A", OPEN_UTC - MOMENT),
        "at the open": ("K-A", OPEN_UTC),
        "at the close": ("K-A", CLOSE_UTC),
        "too late": ("K-A", CLOSE_UTC + MOMENT),
        "record of Friday": ("K-FRIDAY", CLOSE_UTC + MOMENT),
        "no hours": ("K-ALWAYS", CLOSE_UTC + MOMENT),
        "no market": ("K-NOWHERE", CLOSE_UTC + MOMENT),
    }
    for line, (trade_id, (ticker, traded_utc)) in enumerate(trades.items(), start=1):
        values = {"trade_id": trade_id, "ticker": ticker, "traded_utc": traded_utc}
        put(tables, "validate.trades", line, **values)
    put_on_other_dates(tables, "validate.trades", 9, traded_utc=CLOSE_UTC + MOMENT)
    assert tables.found("VALIDATE-TRADE-HOURS", MON) == [
        ("record of Friday", "mon", 5),
        ("too early", "mon", 1),
        ("too late", "mon", 4),
    ]
