"""Make the tables of one stage and date, check them, commit once.

Everything of a stage and date happens in one transaction: its tables, the rules on
them, and the findings. Killed at any point, the lake still holds the state before.
A table that depends on one with an ERROR finding is not made; the rest is.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from time import perf_counter

import duckdb
import pyarrow

from reporting.contract import STREAMS
from reporting.lake import Lake
from reporting.pipeline.tables import Table, all_tables, dependents, stage_tables
from reporting.rulebook import CheckResult, Rule, Severity, Status, load_rulebook, rules_of

Rows = pyarrow.Table | str
"""Rows without ``business_date``: an Arrow table, or the name of a temporary table."""

Producer = Callable[[duckdb.DuckDBPyConnection, date, frozenset[str]], Mapping[str, Rows]]
"""Makes some tables of a stage: (connection, date, tables not to make) to rows by table."""


@dataclass(frozen=True)
class StageResult:
    """What one stage did for one date.

    ``rows`` counts the rows of each table made; ``blocked`` says for each table that
    was not made which finding stopped it.
    """

    stage: str
    business_date: date
    rows: Mapping[str, int]
    checks: Sequence[CheckResult]
    blocked: Mapping[str, str]
    read_snapshot: int
    written_snapshot: int
    seconds: float
    notes: Mapping[str, object] = field(default_factory=dict)


class _CheckBroke(Exception):
    """A check ended the transaction; the stage is made again without it."""

    def __init__(self, broken: Mapping[str, str]) -> None:
        super().__init__("a check ended the transaction")
        self.broken = broken


def run_stage(
    lake: Lake,
    stage: str,
    business_date: date,
    producers: Mapping[str, Producer],
    found: Sequence[tuple[Rule, Mapping[str, object]]] = (),
    notes: Mapping[str, object] | None = None,
) -> StageResult:
    """Make, check and commit a stage of a date.

    ``producers`` maps each table that is not a SELECT to what makes it; a producer of
    several tables is called once. ``found`` are findings made before (by landing).
    """
    started = perf_counter()
    read_snapshot = lake.snapshot_id()
    blocked = blocked_tables(lake, business_date, before=stage)
    broken: dict[str, str] = {}
    while True:
        try:
            with lake.commit(stage, business_date, f"{stage} {business_date}"):
                rows = _make_tables(lake, stage, business_date, producers, blocked)
                checks = _check(lake, stage, business_date, blocked, broken, found)
                rows[f"{stage}.findings"] = _write_findings(
                    lake, stage, business_date, checks, found
                )
            break
        except _CheckBroke as error:
            broken |= error.broken
    return StageResult(
        stage,
        business_date,
        rows,
        checks,
        {name: why for name, why in blocked.items() if name.startswith(f"{stage}.")},
        read_snapshot,
        lake.snapshot_id(),
        perf_counter() - started,
        notes or {},
    )


def ensure_tables(lake: Lake) -> None:
    """Create what is missing; SELECTs without declared columns take theirs from the engine."""
    lake.ensure_tables(
        {name: table.columns or table.sql or "" for name, table in all_tables().items()}
    )


def blocked_tables(lake: Lake, business_date: date, before: str) -> dict[str, str]:
    """Tables that must not be made, because ERROR findings of earlier stages stop them."""
    reasons: dict[str, str] = {}
    for stage in ("land", "validate", "recompute", "stress"):
        if stage == before:
            break
        rows = lake.connection.execute(
            f"SELECT DISTINCT rule_id, subject FROM {stage}.findings"
            " WHERE business_date = ? AND severity = 'ERROR' ORDER BY rule_id, subject",
            [business_date],
        ).fetchall()
        for rule_id, subject in rows:
            table = _table_of(load_rulebook()[rule_id], subject)
            for name in dependents([table]):
                reasons.setdefault(name, f"{rule_id}: {subject}")
    return reasons


def _table_of(rule: Rule, subject: str) -> str:
    """The table that a finding speaks of; landing names the stream first."""
    stream = subject.partition(":")[0]
    if rule.stage == "land" and stream in STREAMS:
        return f"land.{stream}"
    return rule.table if rule.stage != "land" else "land.quarantine"


def _make_tables(
    lake: Lake,
    stage: str,
    business_date: date,
    producers: Mapping[str, Producer],
    blocked: Mapping[str, str],
) -> dict[str, int]:
    rows: dict[str, int] = {}
    made: dict[str, Rows] = {}
    called: set[Producer] = set()
    for table in stage_tables(stage):
        if table.short == "findings":
            continue
        clear(lake, table.name, business_date)
        if table.name in blocked:
            rows[table.name] = 0
            continue
        if table.sql is not None:
            rows[table.name] = _insert_select(lake, table, business_date)
            continue
        producer = producers[table.name]
        if producer not in called:
            called.add(producer)
            made |= producer(lake.connection, business_date, frozenset(blocked))
        rows[table.name] = _insert_rows(
            lake, table, business_date, made.pop(table.name)
        )
    return rows


def clear(lake: Lake, name: str, business_date: date) -> None:
    """Remove the rows of a date, so that a re-run replaces them."""
    stage, _, short = name.partition(".")
    lake.connection.execute(
        f'DELETE FROM lake.{stage}."{short}" WHERE business_date = ?', [business_date]
    )


def _insert_select(lake: Lake, table: Table, business_date: date) -> int:
    return lake.connection.execute(
        f'INSERT INTO lake.{table.stage}."{table.short}" BY NAME ' + (table.sql or ""),
        {"business_date": business_date},
    ).fetchone()[0]


def _insert_rows(lake: Lake, table: Table, business_date: date, rows: Rows) -> int:
    if isinstance(rows, pyarrow.Table):
        with registered(lake.connection, "made_rows", rows):
            return _insert_rows(lake, table, business_date, "made_rows")
    return lake.connection.execute(
        f'INSERT INTO lake.{table.stage}."{table.short}" BY NAME'
        f" SELECT CAST(? AS DATE) AS business_date, * FROM {rows}",
        [business_date],
    ).fetchone()[0]


@contextmanager
def registered(
    connection: duckdb.DuckDBPyConnection, name: str, rows: pyarrow.Table
) -> Iterator[None]:
    """Show an Arrow table to SQL under a name for a while."""
    connection.register(name, rows)
    try:
        yield
    finally:
        connection.unregister(name)


def _check(
    lake: Lake,
    stage: str,
    business_date: date,
    blocked: Mapping[str, str],
    broken: Mapping[str, str],
    found: Sequence[tuple[Rule, Mapping[str, object]]],
) -> list[CheckResult]:
    results: list[CheckResult] = []
    to_run: list[Rule] = []
    for rule in rules_of(stage, business_date):
        if rule.table in blocked:
            results.append(CheckResult(rule, Status.SKIPPED, message=blocked[rule.table]))
        elif rule.id in broken:
            results.append(CheckResult(rule, Status.BROKEN, message=broken[rule.id]))
        elif rule.sql is None:
            hits = [finding for other, finding in found if other.id == rule.id]
            status = Status.FAILED if hits else Status.PASSED
            results.append(CheckResult(rule, status, len(hits), tuple(hits[:5])))
        else:
            to_run.append(rule)
    # Imported here: Great Expectations takes seconds to import.
    from reporting.rulebook.gx import run_suite

    ran = run_suite(lake.connection, stage, to_run, business_date)
    fresh = {
        result.rule.id: result.message for result in ran if result.status is Status.BROKEN
    }
    if fresh and not _alive(lake):
        raise _CheckBroke(fresh)
    return sorted(results + ran, key=_by_rule)


def _by_rule(result: CheckResult) -> str:
    return result.rule.id


def _alive(lake: Lake) -> bool:
    """Whether the open transaction can still be used."""
    try:
        lake.connection.execute("SELECT 1")
    except duckdb.TransactionException:
        return False
    return True


_INSERT_FINDINGS = """
INSERT INTO lake.{stage}.findings BY NAME
SELECT DISTINCT
    CAST($business_date AS DATE) AS business_date,
    substr(sha256(concat_ws('|', $rule_id, subject, detail, file_sha256, line)), 1, 16)
        AS finding_id,
    $rule_id AS rule_id,
    $severity AS severity,
    $stage AS stage,
    subject,
    detail,
    COALESCE(file_sha256, '') AS file_sha256,
    line,
    $state AS state,
    $owner AS owner
FROM ({rows})
"""


def _write_findings(
    lake: Lake,
    stage: str,
    business_date: date,
    checks: Sequence[CheckResult],
    found: Sequence[tuple[Rule, Mapping[str, object]]],
) -> int:
    clear(lake, f"{stage}.findings", business_date)
    for check in checks:
        if check.status is Status.FAILED and check.rule.sql is not None:
            sql = check.rule.dated_sql(business_date)
            _insert_findings(lake, stage, business_date, check.rule, sql)
        elif check.status is Status.BROKEN:
            record = {"subject": check.rule.table, "detail": f"the check broke: {check.message}"}
            _insert_rows_as_findings(lake, stage, business_date, check.rule, [record], "BROKEN")
    for rule in {rule.id: rule for rule, _ in found}.values():
        records = [finding for other, finding in found if other.id == rule.id]
        _insert_rows_as_findings(lake, stage, business_date, rule, records, "OPEN")
    return lake.connection.execute(
        f"SELECT count(*) FROM lake.{stage}.findings WHERE business_date = ?", [business_date]
    ).fetchone()[0]


def _insert_findings(
    lake: Lake, stage: str, business_date: date, rule: Rule, rows: str, state: str = "OPEN"
) -> None:
    severity = Severity.ERROR if state == "BROKEN" else rule.severity
    lake.connection.execute(
        _INSERT_FINDINGS.format(stage=stage, rows=rows),
        {
            "business_date": business_date,
            "rule_id": rule.id,
            "severity": str(severity),
            "stage": stage,
            "state": state,
            "owner": rule.owner,
        },
    )


def _insert_rows_as_findings(
    lake: Lake,
    stage: str,
    business_date: date,
    rule: Rule,
    records: Sequence[Mapping[str, object]],
    state: str,
) -> None:
    schema = pyarrow.schema(
        [
            ("subject", pyarrow.string()),
            ("detail", pyarrow.string()),
            ("file_sha256", pyarrow.string()),
            ("line", pyarrow.int64()),
        ]
    )
    columns = {name: [record.get(name) for record in records] for name in schema.names}
    rows = pyarrow.table(columns, schema=schema)
    with registered(lake.connection, "found_rows", rows):
        _insert_findings(lake, stage, business_date, rule, "SELECT * FROM found_rows", state)


def to_json(result: StageResult) -> str:
    """The run record of a stage: what it read, wrote, found and left out."""
    return json.dumps(
        {
            "stage": result.stage,
            "business_date": result.business_date.isoformat(),
            "read_snapshot": result.read_snapshot,
            "written_snapshot": result.written_snapshot,
            "seconds": round(result.seconds, 3),
            "rows": dict(result.rows),
            "blocked": dict(result.blocked),
            "checks": [
                {
                    "rule_id": check.rule.id,
                    "severity": str(check.rule.severity),
                    "status": str(check.status),
                    "count": check.count,
                    "message": check.message,
                }
                for check in result.checks
            ],
            "notes": dict(result.notes),
        },
        indent=1,
        sort_keys=True,
        default=str,
    )
