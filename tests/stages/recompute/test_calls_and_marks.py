"""Margin calls that are late, missing or of another amount, and marks that were not sent.

Rows made by hand; the business date is a Monday that ends at 04:00 UTC of Tuesday.
"""

from datetime import date, datetime

import pytest
from support.hand_rows import Tables

from reporting.rulebook import Severity, load_rulebook

MON = date(2026, 5, 4)
RULES = ("RECOMPUTE-CALL-MISSING", "RECOMPUTE-CALL-TOO-SMALL", "RECOMPUTE-CALL-TOO-LARGE")

pytestmark = pytest.mark.xdist_group("venue-0")


def _utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, minute)


def _call(tables: Tables, call_id: str, amount: int = 5_000, **changes: object) -> None:
    """A call that is issued after the end of the date, due at 13:00 UTC and not met."""
    usual = {
        "account_id": "A",
        "cycle": "EOD",
        "issued_utc": _utc(5, 4, 15),
        "due_utc": _utc(5, 13),
        "amount_centicents": amount,
        "met_centicents": 0,
        "state": "issued",
        "dispute_stage": "",
        "dispute_outcome": "",
        "file_sha256": "ff",
        "line": 2,
    }
    tables.put("validate.margin_calls", MON, call_id=call_id, **usual | changes)


@pytest.mark.parametrize(
    ("changes", "late"),
    [
        # nobody has met it when the date ends
        ({"due_utc": _utc(4, 20)}, True),
        ({"due_utc": _utc(5, 3, 59)}, True),
        ({"due_utc": _utc(5, 4)}, False),
        ({"due_utc": _utc(5, 13)}, False),
        # met in time, to the minute; met late, whatever its state says
        ({"met_utc": _utc(5, 13), "met_centicents": 5_000, "state": "met"}, False),
        ({"met_utc": _utc(5, 13, 1), "met_centicents": 5_000, "state": "met"}, True),
        (
            {
                "due_utc": _utc(4, 20),
                "met_utc": _utc(4, 19),
                "met_centicents": 5_000,
                "state": "met",
            },
            False,
        ),
        # a part of it in time, the rest not by the end of the date; not due yet
        ({"due_utc": _utc(4, 20), "met_utc": _utc(4, 19), "met_centicents": 3_000}, True),
        ({"met_utc": _utc(4, 19), "met_centicents": 3_000}, False),
        # what is cancelled is owed no more, also where it was overdue and unmet
        ({"due_utc": _utc(4, 20), "state": "cancelled"}, False),
        # the clearing house says so itself
        ({"state": "late"}, True),
    ],
)
def test_a_call_is_late_when_it_was_due_and_not_met(tables, changes, late):
    _call(tables, "C1", **changes)
    tables.make(MON, "recompute.calls")
    found = [("C1", "ff", 2)] if late else []
    assert tables.found("RECOMPUTE-LATE-CALL", MON) == found


def _found(tables: Tables) -> dict[str, list[tuple]]:
    tables.make(MON, "recompute.calls", "recompute.call_breaks")
    found = {rule.removeprefix("RECOMPUTE-CALL-"): tables.found(rule, MON) for rule in RULES}
    return {rule: rows for rule, rows in found.items() if rows}


def _short(tables: Tables, amount: int, at_venue_margin: int | None = None) -> None:
    """Account A is short by an amount; its worst case of 100 dollars tolerates two centicents."""
    tables.put(
        "recompute.account_margin",
        MON,
        account_id="A",
        worst_case_centicents=1_000_000,
        call_centicents=amount,
    )
    tables.put(
        "recompute.margin_breaks",
        MON,
        account_id="A",
        call_at_venue_margin_centicents=amount if at_venue_margin is None else at_venue_margin,
    )


EARLIER = {"issued_utc": _utc(3, 16), "due_utc": _utc(4, 12)}


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        ([], "MISSING"),
        ([{"amount": 5_000}], None),
        ([{"amount": 4_998}], None),
        ([{"amount": 4_997}], "TOO-SMALL"),
        ([{"amount": 5_002}], None),
        ([{"amount": 5_003}], "TOO-LARGE"),
        ([{"amount": 2_000}, {"amount": 3_000}], None),
        ([{"amount": 2_000}, {"amount": 2_000}], "TOO-SMALL"),
        ([{"state": "cancelled"}], "MISSING"),
        ([{"state": "disputed"}], None),
        # met after the date ended: it was outstanding then
        ([{"state": "met", "met_centicents": 5_000, "met_utc": _utc(5, 10, 30)}], None),
        # met before: that is collateral by now, and does not cover the shortfall again
        ([EARLIER | {"met_centicents": 5_000, "met_utc": _utc(4, 11)}], "MISSING"),
        # 2,000 of 7,000 met before: 5,000 are outstanding
        ([EARLIER | {"amount": 7_000, "met_centicents": 2_000, "met_utc": _utc(4, 11)}], None),
        # an earlier call that nobody met, and the shortfall called once more
        ([EARLIER, {}], "TOO-LARGE"),
    ],
)
def test_the_outstanding_calls_are_the_shortfall(tables, calls, said):
    """Of several calls the finding names the file and line of the one issued last."""
    _short(tables, 5_000)
    for line, call in enumerate(calls, start=2):
        _call(tables, f"C{line}", **{"line": line} | call)
    if said is None:
        assert _found(tables) == {}
        assert tables.rows("recompute.call_breaks", MON, "account_id") == []
    elif said == "MISSING":
        assert _found(tables) == {said: [("A", "", None)]}
    else:
        assert _found(tables) == {said: [("A", "ff", len(calls) + 1)]}


@pytest.mark.parametrize(
    ("at_venue_margin", "calls", "said"),
    [
        # what the margin that the venue charges needs: that margin has a finding of its own
        (3_000, [3_000], None),
        (3_000, [3_002], None),
        (0, [], None),
        (8_000, [8_000], None),
        # neither the one nor the other
        (3_000, [], "MISSING"),
        (3_000, [2_997], "TOO-SMALL"),
        (3_000, [4_000], "TOO-SMALL"),
        (8_000, [9_000], "TOO-LARGE"),
    ],
)
def test_a_call_that_the_charged_margin_explains_is_left_to_that(
    tables, at_venue_margin, calls, said
):
    _short(tables, 5_000, at_venue_margin)
    for number, amount in enumerate(calls):
        _call(tables, f"C{number}", amount)
    assert list(_found(tables)) == ([said] if said else [])


def test_a_call_of_an_account_that_is_not_short_is_too_large(tables):
    """Also of one without a position or any margin."""
    _short(tables, 0)
    _call(tables, "C1", 3, line=5)
    _call(tables, "C2", 2, account_id="B", line=6)
    assert _found(tables) == {"TOO-LARGE": [("A", "ff", 5), ("B", "ff", 6)]}


def test_a_mark_that_was_not_sent_is_said_where_positions_are_open(tables):
    """Not of a market in which nobody holds anything any more."""
    for ticker, venue_mark in (("K-A", None), ("K-B", 4_000), ("K-C", None)):
        tables.put(
            "recompute.marks",
            MON,
            ticker=ticker,
            mark_centicents=4_000,
            venue_mark_centicents=venue_mark,
            settled=False,
        )
        for account, qty in (("A", 500), ("B", -500)):
            closing = 0 if ticker == "K-C" else qty
            tables.put(
                "recompute.positions",
                MON,
                account_id=account,
                ticker=ticker,
                collateralisation="margined",
                closing_qty=closing,
            )
    assert tables.found("RECOMPUTE-MARK-NOT-SENT", MON) == [("K-A", "", None)]
    assert tables.found("RECOMPUTE-MARK", MON) == []
    assert tables.found("RECOMPUTE-MARK-MISSING", MON) == []


def test_an_open_position_without_a_mark_is_an_error_of_the_marks(tables):
    """No margin is computed from it: an ERROR on the marks stops what reads them."""
    tables.put("recompute.marks", MON, ticker="K-B", mark_centicents=4_000, settled=False)
    for ticker, qty in (("K-A", 500), ("K-A", -500), ("K-B", 100), ("K-C", 0)):
        tables.put(
            "recompute.positions",
            MON,
            account_id=f"holds {qty}",
            ticker=ticker,
            collateralisation="margined",
            closing_qty=qty,
        )
    assert tables.found("RECOMPUTE-MARK-MISSING", MON) == [("K-A", "", None)]
    rule = load_rulebook()["RECOMPUTE-MARK-MISSING"]
    assert (rule.severity, rule.table) == (Severity.ERROR, "recompute.marks")
