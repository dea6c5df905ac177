"""Margin calls as they age: late, in dispute, met in parts, and gone from the feed.

Rows made by hand, day by day. The business date of Monday, 4 May 2026 ends at 04:00 UTC of
Tuesday; a call of 5,000 is issued for it at 05:15 UTC and is due at 13:00 UTC, on Tuesday.
"""

from datetime import date, datetime, timedelta

import pytest
from support.hand_rows import Tables

MON, TUE, WED, THU = (date(2026, 5, day) for day in (4, 5, 6, 7))

pytestmark = pytest.mark.xdist_group("venue-0")


def _utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, minute)


def _send(tables: Tables, day: date, call_id: str = "C1", **changes: object) -> None:
    usual = {
        "account_id": "A",
        "cycle": "EOD",
        "issued_utc": _utc(5, 5, 15),
        "due_utc": _utc(5, 13),
        "amount_centicents": 5_000,
        "met_centicents": 0,
        "state": "issued",
        "dispute_stage": "",
        "dispute_outcome": "",
        "file_sha256": f"{day:%a}",
        "line": 2,
    }
    tables.put("validate.margin_calls", day, call_id=call_id, **usual | changes)


def _age(tables: Tables, day: date, *columns: str) -> list[tuple]:
    tables.make(day, "recompute.calls", "recompute.call_ages")
    return tables.rows("recompute.call_ages", day, *columns)


MET = {"state": "met", "met_centicents": 5_000}


@pytest.mark.parametrize(
    ("last", "unmet", "late", "hours"),
    [
        # Tuesday ends at 04:00 of Wednesday: 15 hours after 13:00.
        ({}, 5_000, True, 15),
        ({"met_utc": _utc(5, 12), "met_centicents": 3_000}, 2_000, True, 15),
        ({"met_utc": _utc(5, 14), "met_centicents": 3_000}, 2_000, True, 15),
        # An hour that has begun counts.
        ({**MET, "met_utc": _utc(5, 13, 45)}, 0, True, 1),
        ({**MET, "met_utc": _utc(5, 15)}, 0, True, 2),
        ({**MET, "met_utc": _utc(5, 13)}, 0, False, 0),
        ({"state": "cancelled"}, 0, False, 0),
        # Met at no time is not met.
        ({"state": "met", "met_centicents": 5_000}, 5_000, True, 15),
        # The clearing house says so before it is due.
        ({"state": "late", "due_utc": _utc(6, 13)}, 5_000, True, 0),
    ],
)
def test_a_call_of_yesterday_in_its_latest_state(tables, last, unmet, late, hours):
    _send(tables, MON)
    assert _age(tables, MON, "state", "previous_state", "late", "hours_late") == [
        ("issued", None, False, 0)
    ]
    _send(tables, TUE, **last)
    state = last.get("state", "issued")
    columns = ("state", "previous_state", "first_seen", "unmet_centicents", "late", "hours_late")
    assert _age(tables, TUE, *columns) == [(state, "issued", MON, unmet, late, hours)]


def test_a_call_that_is_open_and_not_delivered_any_more_is_found_until_it_is(tables):
    """Unmet on Monday, not in the feed on Tuesday and Wednesday, cancelled on Thursday."""
    _send(tables, MON)
    assert _age(tables, MON, "delivered") == [(True,)]
    columns = ("delivered", "last_seen", "unmet_centicents", "late", "hours_late", "file_sha256")
    assert _age(tables, TUE, *columns) == [(False, MON, 5_000, True, 15, "Mon")]
    assert _age(tables, WED, *columns) == [(False, MON, 5_000, True, 39, "Mon")]
    for day in (TUE, WED):
        assert tables.found("RECOMPUTE-CALL-VANISHED", day) == [("C1", "Mon", 2)]
        # It is found once, and what is outstanding is what the feed of the day says.
        assert tables.found("RECOMPUTE-LATE-CALL", day) == []
        assert tables.rows("recompute.calls", day, "call_id") == []
    _send(tables, THU, state="cancelled")
    assert _age(tables, THU, "delivered", "state", "first_seen") == [(True, "cancelled", MON)]
    assert tables.found("RECOMPUTE-CALL-VANISHED", THU) == []
    assert _age(tables, THU + timedelta(days=1), "call_id") == []


@pytest.mark.parametrize(
    ("last", "vanished"),
    [
        ({"state": "met", "met_centicents": 5_000, "met_utc": _utc(5, 12)}, False),
        # Met late is met.
        ({"state": "late", "met_centicents": 5_000, "met_utc": _utc(5, 15)}, False),
        ({"state": "cancelled"}, False),
        ({"met_centicents": 4_999, "met_utc": _utc(5, 12)}, True),
        # Paid under protest: the dispute is open.
        (
            {
                "state": "met",
                "met_centicents": 5_000,
                "met_utc": _utc(5, 12),
                "dispute_stage": "panel",
            },
            True,
        ),
        (
            {
                "state": "met",
                "met_centicents": 5_000,
                "met_utc": _utc(5, 12),
                "dispute_stage": "panel",
                "dispute_outcome": "upheld",
            },
            False,
        ),
    ],
)
def test_only_what_is_settled_may_leave_the_feed(tables, last, vanished):
    _send(tables, MON, **last)
    _age(tables, MON, "call_id")
    assert _age(tables, TUE, "delivered") == ([(False,)] if vanished else [])


def test_a_date_without_calls_that_could_be_made_loses_none(tables):
    """Tuesday's calls could not be made and leave no row: Wednesday carries Monday's."""
    _send(tables, MON)
    _age(tables, MON, "call_id")
    _send(tables, WED, state="met", met_centicents=5_000, met_utc=_utc(5, 12))
    assert _age(tables, WED, "first_seen", "previous_state") == [(MON, "issued")]


DISPUTED = {"state": "disputed", "dispute_stage": "first review"}


def test_a_dispute_is_old_after_the_days_of_the_policy(tables):
    """Five days are allowed. In dispute from Tuesday, 5 May: five days on Sunday, six on Monday.
    An outcome ends it, and a second dispute counts from its own first date."""
    _send(tables, MON, due_utc=_utc(30, 13))
    _age(tables, MON, "call_id")
    found = {}
    for number in range(5, 12):
        day = date(2026, 5, number)
        tables.put("recompute.thresholds", day, dispute_days=5)
        _send(tables, day, due_utc=_utc(30, 13), **DISPUTED)
        assert _age(tables, day, "disputed_since", "days_in_dispute") == [(TUE, number - 5)]
        found[number] = tables.found("RECOMPUTE-DISPUTE-OLD", day)
    assert [number for number, rows in found.items() if rows] == [11]
    assert found[11] == [("C1", "Mon", 2)]
    _send(tables, date(2026, 5, 12), due_utc=_utc(30, 13), dispute_outcome="upheld", **DISPUTED)
    columns = ("in_dispute", "disputed_since", "days_in_dispute")
    assert _age(tables, date(2026, 5, 12), *columns) == [(False, None, None)]
    _send(tables, date(2026, 5, 13), due_utc=_utc(30, 13), **DISPUTED)
    assert _age(tables, date(2026, 5, 13), *columns) == [(True, date(2026, 5, 13), 0)]


@pytest.mark.parametrize(
    ("call", "rules"),
    [
        # Not due yet; due on Monday at 20:00 UTC.
        ({}, set()),
        ({"due_utc": _utc(4, 20)}, {"DISPUTE-UNMET"}),
        ({"due_utc": _utc(4, 20), "dispute_stage": ""}, {"DISPUTE-UNMET", "DISPUTE-NO-STAGE"}),
        ({"dispute_stage": ""}, {"DISPUTE-NO-STAGE"}),
        (
            {"due_utc": _utc(4, 20), "met_centicents": 4_000, "met_utc": _utc(4, 19)},
            {"DISPUTE-UNMET"},
        ),
        # Paid under protest, in time and late.
        ({"due_utc": _utc(4, 20), "met_centicents": 5_000, "met_utc": _utc(4, 19)}, set()),
        ({"due_utc": _utc(4, 20), "met_centicents": 5_000, "met_utc": _utc(4, 21)}, {"LATE-CALL"}),
        # The dispute is over, and nothing was met.
        ({"due_utc": _utc(4, 20), "dispute_outcome": "rejected"}, {"LATE-CALL"}),
    ],
)
def test_a_dispute_does_not_put_off_the_payment(tables, call, rules):
    """What is unmet in a dispute is one finding, not also a late call."""
    tables.put("recompute.thresholds", MON, dispute_days=5)
    _send(tables, MON, **DISPUTED | call)
    _age(tables, MON, "call_id")
    every = ("LATE-CALL", "DISPUTE-UNMET", "DISPUTE-NO-STAGE", "DISPUTE-OLD", "CALL-VANISHED")
    found = {rule: tables.found(f"RECOMPUTE-{rule}", MON) for rule in every}
    assert {rule for rule, rows in found.items() if rows} == rules
    assert all(rows == [("C1", "Mon", 2)] for rows in found.values() if rows)
