"""A market is past its expected expiration and still has no result."""

from datetime import datetime

import pytest

from rules.rows import FRI, MON, TUE, put

RULE = "VALIDATE-MARKET-UNRESOLVED"
LAST_UTC = datetime(2026, 5, 4, 23, 59, 59)  # just before the end of Monday
NEXT_UTC = datetime(2026, 5, 5)


def market(tables, line, ticker, status, expiration_utc, day=MON):
    values = {"ticker": ticker, "status": status, "expected_expiration_utc": expiration_utc}
    put(tables, "validate.markets", line, day=day, **values)


def test_expired_by_the_end_of_the_date_and_not_determined(tables):
    market(tables, 1, "K-ACTIVE", "active", LAST_UTC)
    market(tables, 2, "K-CLOSED", "closed", LAST_UTC)
    market(tables, 3, "K-TOMORROW", "active", NEXT_UTC)
    market(tables, 4, "K-DETERMINED", "determined", LAST_UTC)
    market(tables, 5, "K-FINAL", "finalized", LAST_UTC)
    market(tables, 6, "K-NO-DATE", "active", None)
    market(tables, 7, "K-LATER", "active", datetime(2026, 6, 1))
    market(tables, 8, "K-TUESDAY", "active", LAST_UTC, day=TUE)
    assert tables.found(RULE, MON) == [("K-ACTIVE", "mon", 1), ("K-CLOSED", "mon", 2)]


@pytest.mark.xfail(strict=True, reason="the rule sees records of the date, active or closed")
@pytest.mark.parametrize(
    ("status", "day"),
    [
        ("inactive", MON),  # halted
        ("active", FRI),  # a record is sent when it changed, and this one did not
    ],
)
def test_every_market_without_a_result_counts(tables, status, day):
    market(tables, 1, "K-A", status, LAST_UTC, day=day)
    assert [ticker for ticker, _, _ in tables.found(RULE, MON)] == ["K-A"]
