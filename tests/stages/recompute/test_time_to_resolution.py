"""When an event resolves at the earliest, from the times that the venue gives.

Rows made by hand; the business date is a Monday whose last cycle is at 04:00 UTC of Tuesday.
"""

from datetime import date, datetime

import pytest
from support.hand_rows import HandDay, Tables

from reporting.stages.recompute.contracts import Contracts

MON = date(2026, 5, 4)
DAY = 86_400

pytestmark = pytest.mark.xdist_group("venue-0")


def _utc(day: int, hour: int = 4) -> datetime:
    return datetime(2026, 5, day, hour)


def _list(tables: Tables, ticker: str, early: bool | None, close, expected) -> None:
    tables.put(
        "validate.markets",
        MON,
        ticker=ticker,
        event_ticker="K",
        can_close_early=early,
        close_utc=close,
        expected_expiration_utc=expected,
    )


def _taus(tables: Tables) -> dict[str, int]:
    rows = Contracts(HandDay(tables, MON)).rows().to_pylist()
    return {row["ticker"]: row["tau_seconds"] for row in rows}


@pytest.mark.parametrize(
    ("early", "close", "expected", "tau"),
    [
        # it may close early: the earlier of the two, whichever that is
        (True, _utc(9), _utc(6), 1 * DAY),
        (True, _utc(6), _utc(9), 1 * DAY),
        (True, None, _utc(6), 1 * DAY),
        (True, _utc(6), None, 1 * DAY),
        # it may not, or nothing is said of it: the expected expiration, else the close
        (False, _utc(6), _utc(9), 4 * DAY),
        (None, _utc(6), _utc(9), 4 * DAY),
        (False, _utc(9), None, 4 * DAY),
        # in hours and not in whole days
        (True, _utc(9), _utc(5, 10), 6 * 3_600),
        # expected before the cycle, or not known at all: in full collateral
        (True, _utc(9), _utc(4), 0),
        (True, None, None, 0),
        (False, None, None, 0),
    ],
)
def test_of_a_market_by_hand(tables, early, close, expected, tau):
    _list(tables, "K-A", early, close, expected)
    assert _taus(tables) == {"K-A": tau}


def test_an_event_resolves_with_its_first_leg(tables):
    """And at once where a leg's time is not known."""
    _list(tables, "K-A", True, _utc(20), _utc(9))
    _list(tables, "K-B", True, _utc(7), _utc(12))
    assert _taus(tables) == {"K-A": 2 * DAY, "K-B": 2 * DAY}
    _list(tables, "K-C", True, None, None)
    assert set(_taus(tables).values()) == {0}
