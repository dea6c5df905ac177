"""The volume of a market, in a record taken after its close, differs from its tape."""

from datetime import datetime, timedelta

import pytest

from rules.rows import FRI, MON, TUE, put

RULE = "VALIDATE-MARKET-VOLUME"
AS_OF_UTC = datetime(2026, 5, 5, 4)
FIRST_UTC = datetime(2026, 5, 1, 14)  # the first trade on the tape
LATER = timedelta(microseconds=1)


def files(tables, first_day=FRI):
    tables.put("land.files", MON, file_sha256="mon", as_of_utc=AS_OF_UTC)
    # Other files of the date, and files of other dates, are from later.
    later_utc = AS_OF_UTC + timedelta(days=9)
    for day, name in ((MON, "aaa"), (MON, "zzz"), (FRI, "mon"), (TUE, "mon")):
        tables.put("land.files", day, file_sha256=name, as_of_utc=later_utc)
    put(tables, "validate.trades", 1, day=first_day, ticker="K-OTHER", traded_utc=FIRST_UTC)


def market(tables, line, ticker, **values):
    usual = {"status": "finalized", "volume_qty": 1_600, "open_utc": FIRST_UTC - LATER}
    put(tables, "validate.markets", line, ticker=ticker, **usual | values)


def traded(tables, ticker):
    put(tables, "validate.trades", 2, day=FRI, ticker=ticker, count_qty=600)
    put(tables, "validate.trades", 2, ticker=ticker, count_qty=1_000)
    early_utc = FIRST_UTC - 2 * LATER
    put(tables, "validate.trades", 2, day=TUE, ticker=ticker, count_qty=7, traded_utc=early_utc)


def test_volume_against_the_tape_up_to_the_date(tables):
    files(tables)
    day_before_utc = AS_OF_UTC - timedelta(days=1)
    differs = {"status": "closed", "volume_qty": 1}
    markets = {
        "K-EQUAL": {},
        "K-LESS": {"volume_qty": 1_599},
        "K-MORE": {"volume_qty": 1_601},
        "K-NOT-SAID": {"volume_qty": None},
        "K-DAY-PAST-CLOSE": differs | {"close_utc": day_before_utc},
        "K-LONG-PAST-CLOSE": differs | {"close_utc": FIRST_UTC},
        "K-MAY-GROW": differs | {"close_utc": day_before_utc + LATER},
        "K-OPEN-END": differs | {"close_utc": None},
    }
    for line, (ticker, values) in enumerate(markets.items(), start=1):
        market(tables, line, ticker, **values)
        traded(tables, ticker)
    for day in (FRI, TUE):
        market(tables, 9, "K-LESS", day=day, file_sha256="mon", volume_qty=7)
    assert tables.found(RULE, MON) == [
        ("K-DAY-PAST-CLOSE", "mon", 5),
        ("K-LESS", "mon", 2),
        ("K-LONG-PAST-CLOSE", "mon", 6),
        ("K-MORE", "mon", 3),
    ]


@pytest.mark.parametrize("first_day", [FRI, MON])
def test_a_market_without_a_trade_counts_if_the_tape_began_before_it_opened(tables, first_day):
    files(tables, first_day)
    traded(tables, "K-OTHER")
    market(tables, 1, "K-SINCE", open_utc=FIRST_UTC)
    market(tables, 2, "K-BEFORE", open_utc=FIRST_UTC - LATER)
    market(tables, 3, "K-LATER", open_utc=FIRST_UTC + LATER)
    market(tables, 4, "K-NO-VOLUME", open_utc=FIRST_UTC, volume_qty=0)
    assert tables.found(RULE, MON) == [("K-LATER", "mon", 3), ("K-SINCE", "mon", 1)]
