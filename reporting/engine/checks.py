"""Run the rules of a stage and write their findings to ``<stage>.findings``."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb
import pyarrow
import pyarrow.compute

from reporting.columns import type_of
from reporting.contract.finding import Finding
from reporting.engine.day import Day
from reporting.engine.declaration import arrow_schema
from reporting.engine.intraday_scope import WAITS, is_part_of_day
from reporting.engine.tables import tables_read
from reporting.lake.selects import load_select
from reporting.lake.statements import select, statement
from reporting.rulebook import CheckResult, Rule, Severity, Status, rules_of

Findings = Sequence[tuple[Rule, Finding]]
"""Findings that were made without SQL, each with its rule."""

SAMPLE_ROWS = 5
"""Rows that are shown with a failed check; the findings hold all of them."""


@dataclass(frozen=True)
class Checked:
    """The results of a stage's checks, by rule id, and their findings as rows."""

    results: Sequence[CheckResult]
    findings: pyarrow.Table


def load_for_checks(day: Day, stage: str) -> None:
    """Bring the tables that the rules read into memory.

    To be called while no transaction is open: a rollback would take them away again.
    """
    for rule in rules_of(stage, day.business_date):
        if rule.whole_day:
            day.load({"land.progress"})
        if rule.sql is not None:
            day.local(rule.sql)


def run_checks(
    day: Day,
    stage: str,
    blocked: Mapping[str, str],
    broken: dict[str, str],
    suspects: set[str],
    made_without_sql: Findings,
) -> Checked | None:
    """Run every rule in force that can be run.

    A check that breaks may end the open transaction, and then every check after it fails too.
    In that case the result is None, and the caller tries again in a new transaction: ``broken``
    holds the checks to leave out, with the reason; ``suspects`` those to try one by one first.
    """
    results: list[CheckResult] = []
    to_run: list[Rule] = []
    for rule in rules_of(stage, day.business_date):
        if why := _why_skipped(rule, blocked, day):
            results.append(CheckResult(rule, Status.SKIPPED, message=why))
        elif rule.id in broken:
            results.append(CheckResult(rule, Status.BROKEN, message=broken[rule.id]))
        elif rule.sql is None:
            results.append(_result_of(rule, made_without_sql))
        else:
            to_run.append(rule)
    parts = [_from_findings(made_without_sql)]
    if to_run:
        # Imported here: Great Expectations takes seconds to import.
        from reporting.rulebook.gx import run_suite

        for rule in [rule for rule in to_run if rule.id in suspects]:
            if message := _why_broken(day, rule):
                broken[rule.id] = message
                if not _transaction_lives(day.connection):
                    return None
                results.append(CheckResult(rule, Status.BROKEN, message=message))
                to_run.remove(rule)
        queries = {rule.id: day.local(rule.sql) for rule in to_run}
        ran = run_suite(day.connection, stage, to_run, queries, day.business_date)
        fresh = {check.rule.id: check.message for check in ran if check.status is Status.BROKEN}
        if fresh and not _transaction_lives(day.connection):
            if fresh.keys() <= suspects:
                broken |= fresh
            suspects.update(fresh)
            return None
        for result in ran:
            if result.status is Status.FAILED:
                try:
                    rows = _from_rule(day, result.rule)
                except duckdb.Error as error:
                    # A count does not compute the columns; reading the rows does.
                    message = first_line(error)
                    if not _transaction_lives(day.connection):
                        broken[result.rule.id] = message
                        return None
                    result = CheckResult(result.rule, Status.BROKEN, message=message)
                else:
                    parts.append(rows)
                    result = replace(result, samples=_samples(rows))
            results.append(result)
    parts += [_from_broken(result) for result in results if result.status is Status.BROKEN]
    return Checked(sorted(results, key=lambda result: result.rule.id), pyarrow.concat_tables(parts))


def without(checked: Checked, stopped: Mapping[str, str]) -> Checked:
    """The results without those on tables that were emptied after the check."""
    results = [
        CheckResult(result.rule, Status.SKIPPED, message=stopped[result.rule.table])
        if result.rule.table in stopped
        else result
        for result in checked.results
    ]
    skipped = [result.rule.id for result in checked.results if result.rule.table in stopped]
    skipped_rows = pyarrow.compute.is_in(
        checked.findings["rule_id"], pyarrow.array(skipped, pyarrow.string())
    )
    return Checked(results, checked.findings.filter(pyarrow.compute.invert(skipped_rows)))


def _why_skipped(rule: Rule, blocked: Mapping[str, str], day: Day) -> str:
    """Why a rule is not run: the day is not complete, or a table that it reads was not made."""
    if rule.whole_day and is_part_of_day(day):
        return WAITS
    reads = {rule.table, *(tables_read(rule.sql) if rule.sql is not None else ())}
    return next((blocked[name] for name in sorted(reads) if name in blocked), "")


def _result_of(rule: Rule, made_without_sql: Findings) -> CheckResult:
    """The result of a rule that has no SELECT."""
    findings = [finding for other, finding in made_without_sql if other.id == rule.id]
    if not findings:
        return CheckResult(rule, Status.PASSED)
    samples = tuple(vars(finding) for finding in findings[:SAMPLE_ROWS])
    return CheckResult(rule, Status.FAILED, len(findings), samples)


def _samples(rows: pyarrow.Table) -> tuple[dict, ...]:
    shown = rows.select(["subject", "detail", "file_sha256", "line"])
    return tuple(shown.slice(0, SAMPLE_ROWS).to_pylist())


def _why_broken(day: Day, rule: Rule) -> str:
    """First line of the error of a check, empty if it runs."""
    try:
        day.query(statement("SELECT COUNT(*) FROM ({rule})", rule=select(rule.sql))).fetchall()
    except duckdb.Error as error:
        return first_line(error)
    return ""


def first_line(error: Exception) -> str:
    """The message of an error without the query that a database quotes below it."""
    return str(error).strip().splitlines()[0]


def _transaction_lives(connection: duckdb.DuckDBPyConnection) -> bool:
    try:
        connection.execute("SELECT 1")
    except duckdb.TransactionException:
        return False
    return True


_GATHERED = ["rule_id", "severity", "subject", "detail", "file_sha256", "line", "state", "owner"]
_SCHEMA = arrow_schema({name: type_of(name) for name in _GATHERED})


def put_findings(day: Day, stage: str, findings: pyarrow.Table) -> int:
    """Make today's rows of ``<stage>.findings``; equal findings are written once."""
    day.connection.register("gathered", findings)
    try:
        rows = day.connection.execute(
            load_select("engine/findings"), {"stage": stage}
        ).to_arrow_table()
    finally:
        day.connection.unregister("gathered")
    return day.put_rows(f"{stage}.findings", rows)


def _from_findings(findings: Findings) -> pyarrow.Table:
    return _table(_row(rule, rule.severity, finding, "OPEN") for rule, finding in findings)


def _from_rule(day: Day, rule: Rule) -> pyarrow.Table:
    """All rows of a failed check; the suite keeps only a sample."""
    ordered = statement("SELECT * FROM ({rule}) ORDER BY ALL", rule=select(rule.sql))
    rows = day.query(ordered).to_arrow_table()
    return pyarrow.table(
        {
            "rule_id": pyarrow.array([rule.id] * rows.num_rows, pyarrow.string()),
            "severity": pyarrow.array([str(rule.severity)] * rows.num_rows, pyarrow.string()),
            "subject": rows["subject"].cast(pyarrow.string()),
            "detail": rows["detail"].cast(pyarrow.string()),
            "file_sha256": rows["file_sha256"].cast(pyarrow.string()).fill_null(""),
            "line": rows["line"].cast(pyarrow.int64()),
            "state": pyarrow.array(["OPEN"] * rows.num_rows, pyarrow.string()),
            "owner": pyarrow.array([rule.owner] * rows.num_rows, pyarrow.string()),
        },
        schema=_SCHEMA,
    )


def _from_broken(check: CheckResult) -> pyarrow.Table:
    """A check that broke proves nothing, so it stops the tables that depend on its own."""
    rule = check.rule
    finding = Finding(rule.id, rule.table, f"the check broke: {check.message}")
    return _table([_row(rule, Severity.ERROR, finding, "BROKEN")])


def _row(rule: Rule, severity: Severity, finding: Finding, state: str) -> dict:
    return vars(finding) | {
        "rule_id": rule.id,
        "severity": str(severity),
        "state": state,
        "owner": rule.owner,
    }


def _table(records: Iterable[dict]) -> pyarrow.Table:
    return pyarrow.Table.from_pylist(list(records), schema=_SCHEMA)
