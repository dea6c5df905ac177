"""Make the tables of one stage and date, check them, commit once.

A stage adds its tables of a date and the findings of their rules to the lake in one transaction.
Killed at any point, the lake holds the state before. A table that depends on one with an ERROR
finding is not made; all others are. A table that cannot be made from the day's data is itself an
ERROR finding.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from time import perf_counter

import duckdb

from reporting.contract import STREAMS
from reporting.contract.finding import Finding
from reporting.engine.checks import (
    Checked,
    Findings,
    first_line,
    load_for_checks,
    put_findings,
    run_checks,
    without,
)
from reporting.engine.day import Day
from reporting.engine.declaration import Table
from reporting.engine.intraday_scope import waiting_tables
from reporting.engine.measures import measures_of, with_measures
from reporting.engine.plots import plotted_figures
from reporting.engine.tables import dependents, stage_tables
from reporting.lake.connection import STAGES
from reporting.lake.statements import identifier, statement
from reporting.model.errors import ModelError
from reporting.rulebook import CheckResult, Rule, Severity, Status, load_rulebook


@dataclass(frozen=True)
class StageResult:
    """The outcome of one stage for one date.

    rows: number of rows by table. blocked: for each table that was not made, the finding that
    stopped it. figures: those that the desk plots, by table.
    """

    stage: str
    business_date: date
    rows: Mapping[str, int]
    checks: Sequence[CheckResult]
    blocked: Mapping[str, str]
    read_snapshot: int
    written_snapshot: int
    seconds: float
    figures: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


class _NotMade(Exception):
    """Tables that cannot be made from the day's data, and why."""

    def __init__(self, names: Iterable[str], reason: str) -> None:
        super().__init__(reason)
        self.names = list(names)
        self.reason = reason


# Errors that data can cause in a SELECT or in the model. All others are faults of the program.
_FAULTS_OF_DATA = (duckdb.DataError, ModelError, OverflowError)


def run_stage(day: Day, stage: str, values: object = None, findings: Findings = ()) -> StageResult:
    """Make, check and commit a stage of a date.

    values: its attributes are the arguments of the functions that make the tables of the stage, by
    name. When a table cannot be made, the others are made again from the same values: they follow
    from the day alone, so they still hold. findings: those made without SQL, by landing or by
    ``values``, which adds to them while tables are made.
    """
    started = perf_counter()
    lake = day.lake
    read_snapshot = lake.snapshot_id()
    day.start(read_snapshot)
    not_made: dict[str, str] = {}
    rows: dict[str, int] | None = None
    while rows is None:
        try:
            with day.reading():
                blocked = blocked_tables(day, before=stage) | _blocked_by(stage, not_made)
                rows = _make_tables(day, stage, values, blocked)
                load_for_checks(day, stage)
                figures = plotted_figures(day, stage, rows)
                measures = measures_of(day, stage, rows)
        except _NotMade as fault:
            # The error ended the transaction: everything is made again, without those tables.
            not_made |= dict.fromkeys(fault.names, fault.reason)
    findings = [*findings, *_not_made_findings(stage, not_made)]
    again = stage in day.stages_written
    broken: dict[str, str] = {}
    suspects: set[str] = set()
    checked: Checked | None = None
    while checked is None:
        message = f"{stage} {day.business_date}"
        with lake.commit(stage, day.business_date, message, read_snapshot) as commit:
            for name in rows:
                if again:
                    day.clear(name)
                day.write(name)
            checked = run_checks(day, stage, blocked, broken, suspects, findings)
            if checked is None:
                # A check ended the transaction: everything is written again, without that check.
                commit.abandon()
                continue
            stopped = _stopped_within(stage, checked.results)
            for name in sorted(stopped.keys() - blocked.keys()):
                day.clear(name)
                rows[name] = day.put_nothing(name)
            checked = without(checked, stopped)
            blocked = stopped | blocked
            if again:
                day.clear(f"{stage}.findings")
            rows[f"{stage}.findings"] = put_findings(day, stage, checked.findings)
            day.write(f"{stage}.findings")
    day.stages_written.add(stage)
    written_snapshot = lake.snapshot_id()
    day.committed(written_snapshot)
    return StageResult(
        stage,
        day.business_date,
        rows,
        with_measures(checked.results, measures),
        {name: why for name, why in blocked.items() if name.startswith(f"{stage}.")},
        read_snapshot,
        written_snapshot,
        perf_counter() - started,
        figures,
    )


def blocked_tables(day: Day, before: str) -> dict[str, str]:
    """Tables that must not be made, with the reason.

    ERROR findings of earlier stages stop them, or the date still runs.
    """
    reasons = waiting_tables(day, before)
    for stage in STAGES[: STAGES.index(before)]:
        rows = day.query(
            statement(
                "SELECT DISTINCT rule_id, subject FROM {findings}"
                " WHERE business_date = $business_date AND severity = 'ERROR'"
                " ORDER BY rule_id, subject",
                findings=identifier(f"{stage}.findings"),
            )
        ).fetchall()
        for rule_id, subject in rows:
            table = table_of(load_rulebook()[rule_id], subject)
            for name in dependents(table):
                reasons.setdefault(name, f"{rule_id}: {subject}")
    return reasons


def table_of(rule: Rule, subject: str) -> str:
    """The table that a finding is about; the subjects of landing begin with the stream."""
    if rule.id == not_made_rule(rule.stage):
        return subject
    if rule.stage != "land":
        return rule.table
    stream = subject.partition(":")[0]
    return f"land.{stream}" if stream in STREAMS else "land.quarantine"


def not_made_rule(stage: str) -> str:
    """Id of the rule that every table of the stage can be made; its subject is the table."""
    return f"{stage.upper()}-NOT-MADE"


def _not_made_findings(stage: str, not_made: Mapping[str, str]) -> list[tuple[Rule, Finding]]:
    rule_id = not_made_rule(stage)
    return [
        (load_rulebook()[rule_id], Finding(rule_id, name, reason))
        for name, reason in sorted(not_made.items())
    ]


def _blocked_by(stage: str, not_made: Mapping[str, str]) -> dict[str, str]:
    """Tables that could not be made, and their dependents."""
    rule_id = not_made_rule(stage)
    return {
        name: f"{rule_id}: {source}"
        for source in sorted(not_made)
        for name in sorted({source, *dependents(source)})
    }


def _stopped_within(stage: str, results: Sequence[CheckResult]) -> dict[str, str]:
    """Tables of the stage itself that depend on one with an ERROR finding of this run."""
    stopped: dict[str, str] = {}
    for result in results:
        bad = result.status is Status.BROKEN or (
            result.status is Status.FAILED and result.rule.severity is Severity.ERROR
        )
        if bad and result.rule.sql is not None:
            for name in dependents(result.rule.table):
                if name.startswith(f"{stage}."):
                    stopped.setdefault(name, f"{result.rule.id}: {result.rule.table}")
    return stopped


def _make_tables(
    day: Day, stage: str, values: object, blocked: Mapping[str, str]
) -> dict[str, int]:
    """Number of rows by table. Raises _NotMade when the data do not allow a table to be made."""
    rows: dict[str, int] = {}
    for table in stage_tables(stage):
        if table.short == "findings":
            continue
        if table.name in blocked or (table.only_with and not rows[table.only_with]):
            rows[table.name] = day.put_nothing(table.name)
            continue
        try:
            if table.sql is not None:
                rows[table.name] = day.put_select(table.name, table.sql)
                continue
            made_rows = table.make(values)
        except _FAULTS_OF_DATA as error:
            raise _NotMade(_made_together(table), first_line(error)) from error
        rows[table.name] = day.put_rows(table.name, made_rows)
    return rows


def _made_together(table: Table) -> list[str]:
    """The table and those of the same computation: none of them is made without the others."""
    first = table.made_with or table.name
    return [
        other.name for other in stage_tables(table.stage) if first in (other.name, other.made_with)
    ]
