"""Data that no contract refuses but that nothing can be computed from: they are findings of
severity ERROR that stop what depends on them, on the day and on the days after it."""

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support import venues
from support.venues import DAY_1, DAY_2, run_days, settings_of

from reporting.lake import open_lake
from reporting.rulebook import Status

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("venue-0")]

Rows = list[dict[str, str]]


@pytest.fixture
def changed(finished, empty_home, tmp_path) -> Callable[..., venues.Settings]:
    """(stream, day, change) -> settings of an empty home on a drop folder in which ``change``
    was made to the rows of that day's file."""

    def make(stream: str, day, change: Callable[[Rows], Rows]) -> venues.Settings:
        drop = tmp_path / "in"
        shutil.copytree(finished.input, drop)
        file = venues.file_of(drop, day, stream)
        rows = list(csv.DictReader(io.StringIO(file.read_text())))
        names = list(rows[0])
        text = io.StringIO()
        writer = csv.DictWriter(text, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))
        file.write_text(text.getvalue())
        number = 1 if day == DAY_1 else 2
        venues.promise(file, day, stream, "clearing", number)
        return settings_of(venues.copy_home(empty_home, tmp_path / "home"), drop)

    return make


def _found(settings: venues.Settings, rule_id: str) -> list[tuple]:
    return [
        (row["business_date"], row["subject"], row["detail"], row["severity"])
        for row in _findings(settings)
        if row["rule_id"] == rule_id
    ]


def _findings(settings: venues.Settings) -> list[dict]:
    with open_lake(settings, read_only=True) as lake:
        return venues.findings(lake)


def _count(settings: venues.Settings, table: str, day=DAY_1) -> int:
    with open_lake(settings, read_only=True) as lake:
        query = f"SELECT count(*) FROM lake.{table} WHERE business_date = ?"
        return lake.connection.execute(query, [day]).fetchone()[0]


def test_a_schedule_that_cannot_be_read_stops_margin_and_names_the_field(changed):
    """No trace of a stack, no margin of zero: what needs the schedule is not made."""

    def broken(rows: Rows) -> Rows:
        return [{**row, "parameters": '{"core_floor_bps": 1'} for row in rows]

    settings = changed("margin_schedule", DAY_1, broken)
    results = run_days(settings, [DAY_1])
    found = _found(settings, "RECOMPUTE-NOT-MADE")
    assert all("is not JSON" in detail and level == "ERROR" for _, _, detail, level in found)
    not_made = {subject for _, subject, _, _ in found}
    assert not_made == {"recompute.state_probabilities", "recompute.event_parameters"}
    assert _count(settings, "recompute.state_probabilities") == 0
    _assert_no_margin(settings, results)


def test_a_date_before_the_first_schedule_has_no_margin(changed):
    """A gap in the schedule: no version is in force on the date, and the finding says so."""
    settings = changed(
        "margin_schedule",
        DAY_1,
        lambda rows: [{**row, "effective_date": DAY_2.isoformat()} for row in rows],
    )
    results = run_days(settings, [DAY_1])
    found = _found(settings, "VALIDATE-SCHEDULE-IN-FORCE")
    assert [(day, subject, level) for day, subject, _, level in found] == [
        (DAY_1, DAY_1.isoformat(), "ERROR")
    ]
    _assert_no_margin(settings, results)


def _assert_no_margin(settings: venues.Settings, results: dict) -> None:
    """No margin of zero: what needs the schedule holds no row, what needs that is not tried."""
    for table in ("event_margin", "account_margin", "margin_breaks"):
        assert f"recompute.{table}" in results["recompute"].blocked
        assert _count(settings, f"recompute.{table}") == 0
    assert "stress.cover" in results["stress"].blocked
    assert _count(settings, "recompute.positions") > 0


def test_an_amount_at_the_edge_of_the_contract_breaks_nothing(changed):
    """14 digits times basis points still fit; 15 digits never land."""

    def large(rows: Rows) -> Rows:
        first, second = ({**rows[n], "value_centicents": "9" * (14 + n)} for n in (0, 1))
        return [first, second, *rows[2:]]

    settings = changed("collateral", DAY_1, large)
    results = run_days(settings, [DAY_1])
    assert not any(result.blocked for result in results.values())
    with open_lake(settings, read_only=True) as lake:
        refused = lake.connection.execute(
            "SELECT line, rule_id, column_name FROM land.quarantine"
        ).fetchall()
        largest = lake.connection.execute(
            "SELECT max(value_centicents) FROM validate.collateral"
        ).fetchone()
    assert refused == [(3, "ROW-KIND", "value_centicents")]
    assert largest == (10**14 - 1,)


def test_a_holder_missing_from_the_accounts_is_an_error_not_a_crash(
    changed, finished, day_with_packs, tmp_path
):
    with open_lake(finished, read_only=True) as lake:
        holder = lake.connection.execute(
            "SELECT min(account_id) FROM recompute.positions"
            " WHERE business_date = ? AND closing_qty <> 0",
            [DAY_1],
        ).fetchone()[0]

    settings = changed(
        "accounts", DAY_2, lambda rows: [row for row in rows if row["account_id"] != holder]
    )
    # The first date is not changed: it was run already.
    home = venues.copy_home(day_with_packs.home, tmp_path / "second-date")
    settings = settings_of(home, settings.input)
    results = run_days(settings, [DAY_2], ["land", "validate", "recompute"])
    found = _found(settings, "VALIDATE-HOLDER-ACCOUNT")
    assert [(day, subject) for day, subject, _, _ in found] == [(DAY_2, holder)]
    assert "recompute.account_margin" in results["recompute"].blocked


def test_margin_of_an_account_that_nobody_knows_is_a_break_that_sums(changed):
    """The venue charges 5 for an account without positions: the finding names file and line of
    that row, and the split gives the whole difference."""

    def with_ghost(rows: Rows) -> Rows:
        ghost = {name: "7" for name in rows[0] if name.endswith("_centicents")}
        named = {"account_id": "GHOST", "initial_margin_centicents": "5"}
        return [*rows, {**rows[0], **ghost, **named}]

    settings = changed("margin_requirements", DAY_1, with_ghost)
    run_days(settings, [DAY_1], ["land", "validate", "recompute"])
    found = [row for row in _findings(settings) if row["subject"] == "GHOST"]
    with open_lake(settings, read_only=True) as lake:
        row = lake.connection.execute(
            "SELECT status, difference_centicents, residual_centicents,"
            " worst_case_difference_centicents, core_difference_centicents, file_sha256, line"
            " FROM recompute.margin_breaks WHERE account_id = 'GHOST'"
        ).fetchone()
        last = lake.connection.execute(
            "SELECT max(line) FROM validate.margin_requirements"
        ).fetchone()[0]
    assert [finding["rule_id"] for finding in found] == ["RECOMPUTE-STALE-MARGIN"]
    assert row[:5] == ("STALE", 5, 5, 7, 7)
    assert row[5:] == (found[0]["file_sha256"], found[0]["line"])
    assert row[6] == last


def test_a_day_after_a_blocked_one_does_not_start_from_nothing(
    finished, finished_contents, empty_home, tmp_path
):
    """Positions that were not made cannot be carried; until the day before is cured, the next
    one has no positions either, and says why."""
    drop = tmp_path / "in"
    shutil.copytree(finished.input, drop)
    file = venues.file_of(drop, DAY_1, "trade_audit")
    kept = tmp_path / file.name
    shutil.move(file, kept)
    settings = settings_of(venues.copy_home(empty_home, tmp_path / "home"), drop)
    stages = ["land", "validate", "recompute"]
    results = run_days(settings, stages=stages)
    assert [day for day, *_ in _found(settings, "VALIDATE-POSITIONS-NOT-CARRIED")] == [DAY_2]
    assert "recompute.positions" in results["recompute"].blocked

    shutil.move(kept, file)
    run_days(settings, stages=stages)
    assert _found(settings, "VALIDATE-POSITIONS-NOT-CARRIED") == []
    now = venues.contents(settings, stages=stages)
    assert now["recompute.positions"] == finished_contents["recompute.positions"]


def test_an_error_stops_dependents_within_its_own_stage(own_home, add_rules, finished_contents):
    """An ERROR on the marks leaves no margin of the day, and no finding about that margin."""
    add_rules(
        (
            "RECOMPUTE-TEST-ERROR",
            "ERROR",
            "recompute.marks",
            "SELECT 'a mark' AS subject, 'made up' AS detail, '' AS file_sha256,"
            " CAST(NULL AS BIGINT) AS line",
        ),
        stage="recompute",
    )
    results = run_days(own_home, [DAY_2], ["recompute", "stress"])
    result = results["recompute"]
    assert {"recompute.account_margin", "recompute.margin_breaks"} <= result.blocked.keys()
    assert "recompute.positions" not in result.blocked
    assert _count(own_home, "recompute.account_margin", DAY_2) == 0
    assert _count(own_home, "recompute.account_margin", DAY_1) > 0
    assert _count(own_home, "recompute.marks", DAY_2) > 0
    statuses = {check.rule.id: check.status for check in result.checks}
    assert statuses["RECOMPUTE-TEST-ERROR"] is Status.FAILED
    assert statuses["RECOMPUTE-UNDER-CHARGED"] is Status.SKIPPED
    assert "stress.cover" in results["stress"].blocked


def test_a_rule_that_reads_a_stopped_table_is_not_run(changed, finished):
    """One cause, one finding: without trades every side of the audit would be unknown."""
    drop = changed("accounts", DAY_1, lambda rows: rows).input
    trades = venues.file_of(drop, DAY_1, "trades")
    trades.write_bytes(trades.read_bytes()[:-20])
    settings = settings_of(Path(drop).parent / "home", drop)
    results = run_days(settings, [DAY_1], ["land", "validate"])
    statuses = {check.rule.id: check.status for check in results["validate"].checks}
    assert statuses["VALIDATE-AUDIT-UNKNOWN-TRADE"] is Status.SKIPPED
    rules = {row["rule_id"] for row in _findings(settings)}
    assert {"LAND-HASH", "LAND-MISSING-STREAM"} <= rules
    assert not [rule for rule in rules if rule.startswith("VALIDATE-AUDIT")]
