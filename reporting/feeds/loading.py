"""Loading: landed files become temporary tables of text, good rows and quarantined rows.

Every line of data ends up in exactly one of the two. Values keep the text that was sent, and
empty text is null; the validate stage casts them. DuckDB opens no files here. It receives
batches of lines from ``batches``, so no name can reach the file system.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal

import pyarrow as pa
from duckdb import CaseExpression as Case
from duckdb import ColumnExpression as Col
from duckdb import ConstantExpression as Const
from duckdb import DuckDBPyConnection, DuckDBPyRelation, Expression
from duckdb import FunctionExpression as Function

from reporting.contract.finding import Finding
from reporting.contract.streams import STREAMS, Stream
from reporting.feeds import batches, checks, tables
from reporting.feeds.lines import BATCH_SCHEMA
from reporting.feeds.records import LandedFile, Landing, Status

_EXACT = Context(prec=100)
# Numbers that fit into 64 bits are summed a hundred times faster than the others.
_SHORT = r"-?[0-9]{1,13}(\.[0-9]{1,4}0*)?"
_LONG = r"-?[0-9]{1,18}(\.[0-9]{1,12}0*)?"


@dataclass(frozen=True)
class Loaded:
    """The result of loading a business date.

    ``files``: the files of the landing with their row counts. ``findings``: manifests that do not
    match their file, and quarantined rows.
    """

    files: list[LandedFile]
    findings: list[Finding]


def load(connection: DuckDBPyConnection, landing: Landing) -> Loaded:
    """Fill the temporary tables with a landing, replacing those of an earlier call.

    ``landing_<stream>`` for every stream: file_sha256, line, the contract's columns.
    ``landing_quarantine``: file_sha256, stream, line, rule_id, column_name, excerpt.
    ``landing_files``: the columns of land.files after business_date.
    """
    tables.create(connection)
    files, findings = [], []
    for file in landing.files:
        if file.status == Status.LANDED:
            stream = STREAMS[file.stream]
            rows = _rows(connection, file, stream)
            rows.insert_into(tables.checked(stream))
            file, mismatches = _compare_with_manifest(connection, file, stream)
            findings += mismatches
        files.append(file)
    rejected = {file.stream for file in files if file.rows_read != file.rows_good}
    tables.fill_quarantine(connection, rejected)
    tables.fill_files(connection, files)
    return Loaded(files, findings + _quarantined(connection, files))


def _rows(connection: DuckDBPyConnection, file: LandedFile, stream: Stream) -> DuckDBPyRelation:
    if file.format.startswith("csv"):
        header = batches.csv_header(file, stream)
        lines = _relation(connection, batches.csv_batches(file))
        places = [header.index(name) + 1 if name in header else 0 for name in stream.column_names]
        rows, unread = checks.csv_values(lines, len(header)), "ROW-FIELDS"
    else:
        split = batches.ndjson_batches if file.format.startswith("nd") else batches.page_batches
        lines = _relation(connection, split(file, stream))
        places = range(1, len(stream.columns) + 1)
        rows, unread = checks.json_values(lines, stream), "ROW-JSON"
    return checks.checked_rows(rows, stream, places, unread, file.file_sha256)


def _relation(connection: DuckDBPyConnection, source) -> DuckDBPyRelation:
    return connection.from_arrow(pa.RecordBatchReader.from_batches(BATCH_SCHEMA, source))


def _compare_with_manifest(
    connection: DuckDBPyConnection, file: LandedFile, stream: Stream
) -> tuple[LandedFile, list[Finding]]:
    """Count and sum the rows of a file and compare the results with its manifest."""
    summed = sorted(file.control_totals)
    rows = connection.table(tables.checked(stream)).filter(
        Col("file_sha256") == Const(file.file_sha256)
    )
    bad = Function("count", Col("rule_id"))
    counts = [Function("count_star"), bad]
    for name in summed:
        counts += _sums(name)
    rows_read, rows_bad, *sums = rows.aggregate(counts).fetchone()
    findings = []
    if rows_read != file.rows_claimed:
        detail = f"has {rows_read} rows of data, the manifest says {file.rows_claimed}"
        findings.append(Finding("LAND-ROWS", file.subject, detail, file.file_sha256))
    for name, short, long in zip(summed, sums[::2], sums[1::2], strict=True):
        total = _EXACT.add(short or Decimal(0), long or Decimal(0))
        claimed = Decimal(file.control_totals[name])
        if total != claimed:
            detail = f"{name} adds up to {total.normalize(_EXACT):f}, the manifest says {claimed:f}"
            findings.append(Finding("LAND-TOTALS", file.subject, detail, file.file_sha256))
    return replace(file, rows_read=rows_read, rows_good=rows_read - rows_bad), findings


def _sums(name: str) -> tuple[Expression, Expression]:
    """The exact sums of a column over its short and over its long decimal numbers."""
    value = Col(name)
    is_short = Function("regexp_full_match", value, Const(_SHORT))
    is_long = Function("regexp_full_match", value, Const(_LONG))
    short = Case(is_short, value.cast("DECIMAL(18,4)"))
    long = Case(is_short, Const(None)).when(is_long, value.cast("DECIMAL(38,12)"))
    return Function("sum", short), Function("sum", long)


def _quarantined(connection: DuckDBPyConnection, files: Sequence[LandedFile]) -> list[Finding]:
    """One finding for each file, rule and column that has quarantined rows."""
    groups = connection.execute(
        """
        SELECT file_sha256, stream, rule_id, coalesce(column_name, ''), count(*), min(line)
        FROM temp.landing_quarantine
        GROUP BY ALL
        ORDER BY ALL
        """
    ).fetchall()
    subjects = {
        (file.file_sha256, file.stream): file.subject
        for file in files
        if file.status == Status.LANDED
    }
    findings = []
    for sha256, stream, rule_id, column, count, line in groups:
        rows = "1 row is" if count == 1 else f"{count} rows are"
        where = f" for {column}" if column else ""
        detail = f"{rows} in quarantine{where}, the first at line {line}"
        findings.append(Finding(rule_id, subjects[sha256, stream], detail, sha256, line))
    return findings
