"""The temporary tables that loading fills.

Statements with names from the contract are built as syntax trees, not as text.
"""

from collections.abc import Collection, Sequence
from functools import cache

from duckdb import DuckDBPyConnection
from sqlglot import exp

from reporting.contract.streams import STREAMS, Stream
from reporting.feeds.records import LandedFile

_FILE_COLUMNS = """
    file_sha256 stream sender sequence name format bytes rows_claimed rows_read rows_good status
    as_of_utc synthetic history manifest_sha256
"""
_FAULT_COLUMNS = ("rule_id", "column_name", "excerpt")


def checked(stream: Stream) -> str:
    """The name of the table with all rows of a stream, good and bad."""
    return f"temp.landing_checked_{stream.name}"


def create(connection: DuckDBPyConnection) -> None:
    """Create all tables, empty."""
    for statement in _statements():
        connection.execute(statement)
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE landing_quarantine (
            file_sha256 VARCHAR, stream VARCHAR, line BIGINT,
            rule_id VARCHAR, column_name VARCHAR, excerpt VARCHAR
        )
        """
    )
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE landing_files (
            file_sha256 VARCHAR, stream VARCHAR, sender VARCHAR, sequence BIGINT, name VARCHAR,
            format VARCHAR, bytes BIGINT, rows_claimed BIGINT, rows_read BIGINT,
            rows_good BIGINT, status VARCHAR, as_of_utc TIMESTAMP, synthetic BOOLEAN,
            history BOOLEAN, manifest_sha256 VARCHAR
        )
        """
    )


def fill_quarantine(connection: DuckDBPyConnection, streams: Collection[str]) -> None:
    """Copy the bad rows of these streams into landing_quarantine, in file and line order."""
    for name in sorted(streams):
        rows = exp.select("file_sha256", exp.Literal.string(name), "line", *_FAULT_COLUMNS)
        rows = rows.from_(exp.to_table(checked(STREAMS[name]))).where("rule_id IS NOT NULL")
        rows = rows.order_by("1, 3")
        connection.execute(exp.insert(rows, "temp.landing_quarantine").sql("duckdb"))


def fill_files(connection: DuckDBPyConnection, files: Sequence[LandedFile]) -> None:
    """Insert one row per file into landing_files."""
    rows = [
        vars(file) | {"status": file.status.value, "as_of_utc": file.as_of_utc.replace(tzinfo=None)}
        for file in files
    ]
    if rows:
        connection.executemany(
            "INSERT INTO temp.landing_files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [[row[name] for name in _FILE_COLUMNS.split()] for row in rows],
        )


@cache
def _statements() -> list[str]:
    definitions = []
    for stream in STREAMS.values():
        definitions += [_create_checked(stream), _create_good(stream)]
    return [statement.sql("duckdb") for statement in definitions]


def _create_checked(stream: Stream) -> exp.Create:
    names = ["file_sha256", "line", *stream.column_names, *_FAULT_COLUMNS]
    columns = [
        exp.ColumnDef(
            this=exp.to_identifier(name, quoted=True),
            kind=exp.DataType.build("BIGINT" if name == "line" else "VARCHAR"),
        )
        for name in names
    ]
    return exp.Create(
        this=exp.Schema(this=exp.to_table(checked(stream)), expressions=columns),
        kind="TABLE",
        replace=True,
        properties=_temporary(),
    )


def _create_good(stream: Stream) -> exp.Create:
    names = ["file_sha256", "line", *stream.column_names]
    rows = exp.select(*(exp.column(name, quoted=True) for name in names))
    rows = rows.from_(exp.to_table(checked(stream))).where("rule_id IS NULL")
    return exp.Create(
        this=exp.to_table(f"landing_{stream.name}"),  # TEMPORARY puts it in temp
        kind="VIEW",
        replace=True,
        properties=_temporary(),
        expression=rows,
    )


def _temporary() -> exp.Properties:
    return exp.Properties(expressions=[exp.TemporaryProperty()])
