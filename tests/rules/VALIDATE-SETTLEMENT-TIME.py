"""A market was settled before its close or after its latest resolution."""

from datetime import datetime, timedelta

from rules.rows import FRI, MON, TUE, put, put_on_other_dates

CLOSE, LATEST = datetime(2026, 5, 4, 14), datetime(2026, 5, 4, 20)
SECOND = timedelta(seconds=1)


def _settled(tables, line, ticker, at, revision=0, **terms):
    times = {"close_utc": CLOSE, "expiration_utc": LATEST, "can_close_early": False}
    put(tables, "validate.markets", line, ticker=ticker, **times | terms)
    row = {"ticker": ticker, "settled_utc": at, "revision": revision}
    put(tables, "validate.settlement_periods", line, **row)


def test_settlements_outside_the_times_of_their_terms(tables):
    _settled(tables, 1, "K-EARLY", CLOSE - SECOND)
    _settled(tables, 2, "K-AT-CLOSE", CLOSE)
    _settled(tables, 3, "K-AT-LATEST", LATEST)
    _settled(tables, 4, "K-LATE", LATEST + SECOND)
    _settled(tables, 5, "K-MAY-CLOSE-EARLY", CLOSE - SECOND, can_close_early=True)
    _settled(tables, 6, "K-MAY-CLOSE-EARLY-LATE", LATEST + SECOND, can_close_early=True)
    # An amendment may be late, but not early.
    _settled(tables, 7, "K-AMENDED-LATE", LATEST + SECOND, revision=1)
    _settled(tables, 8, "K-AMENDED-EARLY", CLOSE - SECOND, revision=1)
    _settled(tables, 9, "K-NO-TIMES", CLOSE, close_utc=None, expiration_utc=None)
    # The terms of Monday count, neither those of Friday nor those of Tuesday.
    _settled(tables, 10, "K-MOVED", CLOSE)
    for day in (FRI, TUE):
        times = {"close_utc": LATEST, "expiration_utc": LATEST, "can_close_early": False}
        put(tables, "validate.markets", 10, day=day, ticker="K-MOVED", **times)
    put(
        tables, "validate.settlement_periods", 11, ticker="K-UNKNOWN", settled_utc=CLOSE, revision=0
    )
    early = {"ticker": "K-AT-CLOSE", "settled_utc": CLOSE - SECOND, "revision": 0}
    put_on_other_dates(tables, "validate.settlement_periods", 12, **early)
    assert tables.found("VALIDATE-SETTLEMENT-TIME", MON) == [
        ("K-AMENDED-EARLY", "mon", 8),
        ("K-EARLY", "mon", 1),
        ("K-LATE", "mon", 4),
        ("K-MAY-CLOSE-EARLY-LATE", "mon", 6),
    ]
