"""Who changed what in the margin schedule, and when: versions sent by hand, day by day."""

import json
from datetime import date

import pytest
from support.hand_rows import Tables

from reporting.rulebook import load_rulebook

MON, TUE, WED = (date(2026, 5, day) for day in (4, 5, 6))
FIRST = {"core_floor_bps": 1000, "haircuts_bps": {"cash": 0, "crypto": 5000}, "class": "swap"}

pytestmark = pytest.mark.xdist_group("venue-0")


def _send(
    tables: Tables,
    day: date,
    version: str,
    effective: date,
    parameters: dict | str = FIRST,
    **changes: object,
) -> None:
    usual = {
        "approver": "Risk committee",
        "reason": "review",
        "file_sha256": f"{day:%a}",
        "line": int(version[1:]) + 1,
    }
    text = parameters if isinstance(parameters, str) else json.dumps(parameters)
    tables.put(
        "validate.margin_schedule",
        day,
        version=version,
        effective_date=effective,
        parameters=text,
        **usual | changes,
    )


def _changes(tables: Tables, day: date, *columns: str) -> list[tuple]:
    tables.make(day, "recompute.schedule_changes")
    columns = columns or ("version", "parameter", "old_value", "new_value")
    return tables.rows("recompute.schedule_changes", day, *columns)


def _found(tables: Tables, day: date) -> dict[str, list[tuple]]:
    tables.make(day, "recompute.schedule_changes")
    rules = {
        name: tables.found(f"RECOMPUTE-SCHEDULE-{name}", day) for name in ("AMENDED", "BACKDATED")
    }
    return {name: rows for name, rows in rules.items() if rows}


def test_the_first_delivery_is_all_parameters_and_no_finding(tables):
    """Two old versions on the first date: the second against the first; nothing is known of
    when they became known."""
    _send(tables, MON, "v1", date(2025, 1, 1))
    later = {"core_floor_bps": 1200, "haircuts_bps": {"cash": 0, "gold": 900}, "class": "swap"}
    _send(tables, MON, "v2", date(2026, 1, 1), later)
    assert _changes(tables, MON) == [
        ("v1", "(effective date)", None, "2025-01-01"),
        ("v1", "(version)", None, "v1"),
        ("v1", "class", None, '"swap"'),
        ("v1", "core_floor_bps", None, "1000"),
        ("v1", "haircuts_bps.cash", None, "0"),
        ("v1", "haircuts_bps.crypto", None, "5000"),
        ("v2", "(effective date)", "2025-01-01", "2026-01-01"),
        ("v2", "(version)", "v1", "v2"),
        ("v2", "core_floor_bps", "1000", "1200"),
        ("v2", "haircuts_bps.crypto", "5000", None),
        ("v2", "haircuts_bps.gold", None, "900"),
    ]
    assert set(_changes(tables, MON, "change", "after_effect")) == {("first delivery", False)}
    assert _found(tables, MON) == {}


def test_a_version_that_is_sent_again_unchanged_is_no_change(tables):
    """Also with its parameters in another order and other white space, and on a date on which
    nothing was sent in between."""
    _send(tables, MON, "v1", date(2025, 1, 1))
    _send(tables, WED, "v1", date(2025, 1, 1), json.dumps(dict(reversed(FIRST.items())), indent=2))
    assert len(_changes(tables, MON)) == 6
    assert _changes(tables, TUE) == []
    assert _changes(tables, WED) == []


def test_a_version_that_is_announced_is_a_change_and_no_finding(tables):
    """Announced on Tuesday for Wednesday; one parameter becomes nested."""
    _send(tables, MON, "v1", date(2025, 1, 1))
    _changes(tables, MON)
    announced = FIRST | {"class": {"binary": "swap"}}
    _send(tables, TUE, "v2", WED, announced, approver="Board", reason="split by class")
    columns = ("parameter", "old_value", "new_value", "approver", "reason", "file_sha256", "line")
    by = ("Board", "split by class", "Tue", 3)
    assert _changes(tables, TUE, *columns) == [
        ("(effective date)", "2025-01-01", "2026-05-06", *by),
        ("(version)", "v1", "v2", *by),
        ("class", '"swap"', None, *by),
        ("class.binary", None, '"swap"', *by),
    ]
    assert _found(tables, TUE) == {}


@pytest.mark.parametrize(
    ("effective", "found"),
    [(MON, {"BACKDATED": [("v2", "Tue", 3)]}), (TUE, {}), (WED, {})],
)
def test_a_version_that_becomes_known_after_it_took_effect(tables, effective, found):
    """On the date itself is in time. The same parameters under a new name are a change too."""
    _send(tables, MON, "v1", date(2025, 1, 1))
    _send(tables, TUE, "v2", effective)
    assert [row[1] for row in _changes(tables, TUE)] == ["(effective date)", "(version)"]
    assert _found(tables, TUE) == found
    _send(tables, WED, "v2", effective)
    assert _found(tables, WED) == {}


def test_a_version_that_is_changed_after_it_took_effect(tables):
    """v1 is in force since 2025; on Tuesday its floor is another and one haircut is gone."""
    _send(tables, MON, "v1", date(2025, 1, 1))
    other = FIRST | {"core_floor_bps": 500, "haircuts_bps": {"cash": 0}}
    _send(tables, TUE, "v1", date(2025, 1, 1), other)
    assert _found(tables, TUE) == {"AMENDED": [("v1", "Tue", 2)]}
    sql = f"SELECT detail FROM ({load_rulebook()['RECOMPUTE-SCHEDULE-AMENDED'].sql})"
    assert tables.connection.execute(sql, {"business_date": TUE}).fetchall() == [
        (
            "in force since 2025-01-01, delivered again with core_floor_bps 1000 -> 500,"
            " haircuts_bps.crypto 5000 -> none; approver Risk committee, reason review",
        )
    ]
    # Sent once more as it is now, it is no further change.
    _send(tables, WED, "v1", date(2025, 1, 1), other)
    assert _found(tables, WED) == {}


@pytest.mark.parametrize(
    ("first", "then", "found"),
    [
        # Not in force yet: it may be changed, but not into the past.
        (WED, {"effective": WED, "parameters": {"core_floor_bps": 1}}, set()),
        (WED, {"effective": date(2026, 5, 7)}, set()),
        (WED, {"effective": MON}, {"BACKDATED"}),
        # In force, from Tuesday itself on: another date, approver or reason.
        (TUE, {"effective": TUE, "parameters": {"core_floor_bps": 1}}, {"AMENDED"}),
        (TUE, {"effective": MON}, {"AMENDED"}),
        (MON, {"effective": WED}, {"AMENDED"}),
        (MON, {"effective": MON, "approver": "Board"}, {"AMENDED"}),
        (MON, {"effective": MON, "reason": "other"}, {"AMENDED"}),
    ],
)
def test_a_version_may_be_changed_until_it_takes_effect(tables, first, then, found):
    _send(tables, MON, "v1", first)
    _send(tables, TUE, "v1", **then)
    assert _found(tables, TUE).keys() == found
    assert {row[0] for row in _changes(tables, TUE, "change")} == {"amended version"}


def test_names_with_dots_and_slashes_and_values_that_are_no_json(tables):
    """Every leaf is compared: lists and empty objects as they are, and a text that is no JSON
    as one value."""
    _send(tables, MON, "v1", date(2025, 1, 1), {"a/b": {"~c": 1}, "d": [1, {"e": 2}], "f": {}})
    leaves = [row[1:] for row in _changes(tables, MON) if not row[1].startswith("(")]
    assert leaves == [
        ("a/b.~c", None, "1"),
        ("d", None, '[1,{"e":2}]'),
        ("f", None, "{}"),
    ]
    _send(tables, TUE, "v1", date(2025, 1, 1), "{")
    assert ("v1", "(parameters)", None, '"{"') in _changes(tables, TUE)
