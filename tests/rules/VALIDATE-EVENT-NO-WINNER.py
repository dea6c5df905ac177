"""All markets of a mutually exclusive event are over and none of them is YES."""

from datetime import datetime

import pytest

from rules.rows import FRI, MON, TUE, put

RULE = "VALIDATE-EVENT-NO-WINNER"
LAST_UTC = datetime(2026, 5, 4, 23, 59, 59)  # just before the end of Monday
NEXT_UTC = datetime(2026, 5, 5)


def market(tables, line, event, day=MON, **values):
    over = {"status": "finalized", "result": "no", "expected_expiration_utc": LAST_UTC}
    put(tables, "validate.markets", line, day=day, event_ticker=event, **over | values)


def event(tables, name, day=FRI, exclusive=True):
    put(tables, "validate.events", 1, day=day, event_ticker=name, mutually_exclusive=exclusive)


def test_over_without_a_winner(tables):
    others = {
        "won": {"result": "yes"},
        "runs": {"status": "active", "result": "", "expected_expiration_utc": NEXT_UTC},
        "runs long": {"expected_expiration_utc": datetime(2026, 6, 1)},
        "no expiry": {"expected_expiration_utc": None},
        "void": {"result": "void"},
        "scalar": {"result": "scalar"},
    }
    for line, (name, values) in enumerate(others.items(), start=1):
        event(tables, name)
        market(tables, line, name)
        market(tables, line, name, **values)
    event(tables, "lost")
    for line, status in ((11, "closed"), (12, "active"), (13, "finalized")):
        market(tables, line, "lost", status=status)
    market(tables, 14, "lost", day=TUE, result="yes")
    event(tables, "never opened")
    market(tables, 15, "never opened", status="initialized")
    for line, status in ((21, "closed"), (22, "active"), (23, "finalized")):
        event(tables, status, day=MON)
        market(tables, line, status, status=status)
    event(tables, "several may win", exclusive=False)
    event(tables, "exclusive from Tuesday", day=TUE)
    for name in ("several may win", "exclusive from Tuesday", "unknown event"):
        market(tables, 31, name)
    for day in (FRI, TUE):  # over on another date, and found there
        event(tables, f"over on {day:%A}")
        market(tables, 32, f"over on {day:%A}", day=day)
    assert tables.found(RULE, MON) == [
        ("active", "mon", 22),
        ("closed", "mon", 21),
        ("finalized", "mon", 23),
        ("lost", "mon", 11),
    ]


@pytest.mark.xfail(strict=True, reason="the rule knows three of the eight states, and one date")
@pytest.mark.parametrize(
    "values",
    [
        {"status": "determined", "result": "yes"},
        {"status": "disputed", "result": "yes"},
        {"status": "amended", "result": "yes"},
        # Halted, and not over before Tuesday.
        {"status": "inactive", "result": "", "expected_expiration_utc": NEXT_UTC},
        # A record is sent when it changed: the winner was final on Friday.
        {"result": "yes", "day": FRI},
    ],
)
def test_every_market_of_the_event_counts(tables, values):
    event(tables, "K")
    market(tables, 1, "K")
    market(tables, 2, "K", **values)
    assert tables.found(RULE, MON) == []


@pytest.mark.xfail(strict=True, reason="the smallest hash and line are of different rows")
def test_file_and_line_are_of_one_row(tables):
    event(tables, "K")
    for file, line in (("a", 5), ("b", 2)):
        market(tables, line, "K", file_sha256=file)
    ((_, file, line),) = tables.found(RULE, MON)
    assert (file, line) in {("a", 5), ("b", 2)}
