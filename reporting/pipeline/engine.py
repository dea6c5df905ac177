"""Make the tables of one stage and date, check them, commit once.

All that a stage and date adds to the lake is one transaction: its tables, and the
findings of the rules on them. Killed at any point, the lake holds the state before.
A table that depends on one with an ERROR finding is not made; the rest is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from time import perf_counter

from reporting.contract import STREAMS
from reporting.lake.connection import STAGES
from reporting.pipeline.checks import Checked, Found, load_for_checks, put_findings, run_checks
from reporting.pipeline.day import Day, Rows
from reporting.pipeline.tables import dependents, stage_tables
from reporting.rulebook import CheckResult, Rule, load_rulebook

Producer = Callable[[Day], Mapping[str, Rows]]
"""Makes some tables of a stage for a day: rows by table name."""


@dataclass(frozen=True)
class StageResult:
    """What one stage did for one date.

    ``rows`` counts the rows of each table; ``blocked`` says for each table that was not
    made which finding stopped it.
    """

    stage: str
    business_date: date
    rows: Mapping[str, int]
    checks: Sequence[CheckResult]
    blocked: Mapping[str, str]
    read_snapshot: int
    written_snapshot: int
    seconds: float


def run_stage(
    day: Day, stage: str, producers: Mapping[str, Producer], found: Found = ()
) -> StageResult:
    """Make, check and commit a stage of a date.

    ``producers`` maps each table that is not a SELECT to what makes it; a producer of
    several tables is called once. ``found`` are findings made before (by landing).
    """
    started = perf_counter()
    lake = day.lake
    read_snapshot = lake.snapshot_id()
    with day.reading():
        blocked = blocked_tables(day, before=stage)
        rows = _make_tables(day, stage, producers, blocked)
        load_for_checks(day, stage)
    again = stage in day.stages_written
    broken: dict[str, str] = {}
    suspects: set[str] = set()
    checked: Checked | None = None
    while checked is None:
        message = f"{stage} {day.business_date}"
        with lake.commit(stage, day.business_date, message, read_snapshot) as commit:
            for name in rows:
                if again:
                    _clear(day, name)
                day.write(name)
            checked = run_checks(day, stage, blocked, broken, suspects, found)
            if checked is None:
                # A check ended the transaction; all is made again, without that check.
                commit.abandon()
                continue
            if again:
                _clear(day, f"{stage}.findings")
            rows[f"{stage}.findings"] = put_findings(day, stage, checked.findings)
            day.write(f"{stage}.findings")
    day.stages_written.add(stage)
    return StageResult(
        stage,
        day.business_date,
        rows,
        checked.results,
        {name: why for name, why in blocked.items() if name.startswith(f"{stage}.")},
        read_snapshot,
        lake.snapshot_id(),
        perf_counter() - started,
    )


def blocked_tables(day: Day, before: str) -> dict[str, str]:
    """Tables that must not be made, because ERROR findings of earlier stages stop them."""
    reasons: dict[str, str] = {}
    for stage in STAGES[: STAGES.index(before)]:
        rows = day.query(
            f"SELECT DISTINCT rule_id, subject FROM {stage}.findings"
            " WHERE business_date = $business_date AND severity = 'ERROR'"
            " ORDER BY rule_id, subject"
        ).fetchall()
        for rule_id, subject in rows:
            table = table_of(load_rulebook()[rule_id], subject)
            for name in dependents(table):
                reasons.setdefault(name, f"{rule_id}: {subject}")
    return reasons


def table_of(rule: Rule, subject: str) -> str:
    """The table that a finding speaks of; landing names the stream first."""
    if rule.stage != "land":
        return rule.table
    stream = subject.partition(":")[0]
    return f"land.{stream}" if stream in STREAMS else "land.quarantine"


def _make_tables(
    day: Day, stage: str, producers: Mapping[str, Producer], blocked: Mapping[str, str]
) -> dict[str, int]:
    rows: dict[str, int] = {}
    made: dict[str, Rows] = {}
    called: set[Producer] = set()
    for table in stage_tables(stage):
        if table.short == "findings":
            continue
        if table.name in blocked:
            rows[table.name] = day.put_nothing(table.name)
        elif table.sql is not None:
            rows[table.name] = day.put_select(table.name, table.sql)
        else:
            producer = producers[table.name]
            if producer not in called:
                called.add(producer)
                made |= producer(day)
            rows[table.name] = day.put_rows(table.name, made.pop(table.name))
    return rows


def _clear(day: Day, name: str) -> None:
    """Remove the rows of the date from the lake, so that a re-run replaces them."""
    stage, _, short = name.partition(".")
    day.connection.execute(
        f'DELETE FROM lake.{stage}."{short}" WHERE business_date = ?', [day.business_date]
    )
