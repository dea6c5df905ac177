"""Exposure over the days on which no wire runs, from rows by hand."""

from datetime import date, datetime, timedelta

import pytest

from reporting.bank_days import coming_closed_days

THU = date(2026, 5, 7)
FRI, SAT, SUN = (THU + timedelta(days=n) for n in (1, 2, 3))
END = datetime(2026, 5, 11, 4)
"""Midnight after Sunday in New York, in UTC."""


def _rows(tables, day):
    events = {
        "IN": END - timedelta(hours=30),
        "LAST": END,
        "AFTER": END + timedelta(seconds=1),
        "NEVER": None,
    }
    for number, (event, moment) in enumerate(events.items()):
        row = {"event_ticker": event, "ticker": f"{event}-1", "resolution_utc": moment}
        tables.put("recompute.contracts", day, **row)
        row = {"account_id": "A-1", "event_ticker": event, "collateralisation": "margined"}
        tables.put("recompute.event_margin", day, worst_case_micros=1_000 * 10**number, **row)
    # A sure gain pays for no loss; a centicent that has begun counts.
    row = {"account_id": "A-1", "event_ticker": "IN", "collateralisation": "fully_collateralised"}
    tables.put("recompute.event_margin", day, worst_case_micros=-5_000, **row)
    row = {"account_id": "A-2", "event_ticker": "LAST", "collateralisation": "margined"}
    tables.put("recompute.event_margin", day, worst_case_micros=101, **row)
    for account, collateral in (("A-1", 10_000), ("A-2", 1)):
        row = {"account_id": account, "collateral_value_centicents": collateral}
        tables.put("recompute.account_margin", day, **row)
    for closed, reason in coming_closed_days(day):
        tables.put("recompute.closed_dates", day, closed_date=closed, reason=reason)
    tables.make(day, "recompute.closed_days")
    columns = "account_id", "last_closed_date", "events", "worst_case_centicents"
    return tables.rows("recompute.closed_days", day, *columns, "uncovered_centicents")


@pytest.mark.parametrize("day", [FRI, SAT])
def test_events_that_resolve_by_the_end_of_sunday(tables, day):
    """1,000 + 10,000 + 1,000,000 micros: 10,110 centicents, 110 more than the collateral."""
    assert _rows(tables, day) == [("A-1", SUN, 3, 10_110, 110), ("A-2", SUN, 1, 2, 1)]


def test_a_holiday_makes_the_weekend_longer(tables):
    """Friday 22 May 2026: Memorial Day is the Monday. All that resolves by its end counts."""
    friday, monday = date(2026, 5, 22), date(2026, 5, 25)
    assert [row[1] for row in _rows(tables, friday)] == [monday, monday]


@pytest.mark.parametrize("day", [THU, SUN])
def test_no_rows_before_a_day_with_wires(tables, day):
    assert _rows(tables, day) == []
