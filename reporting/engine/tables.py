"""Every table of the lake: its stage, meaning, columns, origin and what it reads.

A table comes from one of three places: the contract (``land``, and ``validate`` for a stream
without a file), a SELECT in ``sql/<stage>/<table>.sql``, or a Python producer
(``MODEL_TABLES``). What a SELECT reads is parsed from its SQL.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from graphlib import TopologicalSorter

import sqlglot
from sqlglot import exp

from reporting.contract import STREAMS
from reporting.contract.casts import typed_select
from reporting.engine.model_tables import MODEL_TABLES
from reporting.lake import SelectedColumns
from reporting.lake.connection import STAGES
from reporting.settings import ROOT

_HEADER = re.compile(r"^-- (grain|meaning|owner|only with|holds up): (.+)$", re.MULTILINE)
_COLUMN = re.compile(r"^-- column ([a-z_0-9]+) ([A-Z]+): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Table:
    """One table. ``name`` is ``stage.table``; ``reads`` holds such names too.

    ``columns`` maps column to DuckDB type; it is empty for a SELECT that leaves its
    types to the engine. ``notes`` maps column to meaning where one is written.
    ``only_with``: a table without whose rows of the date it has none itself and is not asked for.
    ``holds_up_readers``: whether a table that reads it is not made where it could not be; else
    it is made without its rows, and must say so itself.
    """

    name: str
    grain: str
    meaning: str
    owner: str
    reads: frozenset[str]
    sql: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    only_with: str | None = None
    holds_up_readers: bool = True

    @property
    def stage(self) -> str:
        return self.name.partition(".")[0]

    @property
    def short(self) -> str:
        return self.name.partition(".")[2]


FINDING_COLUMNS = {
    "business_date": "DATE",
    "finding_id": "VARCHAR",
    "rule_id": "VARCHAR",
    "severity": "VARCHAR",
    "stage": "VARCHAR",
    "subject": "VARCHAR",
    "detail": "VARCHAR",
    "file_sha256": "VARCHAR",
    "line": "BIGINT",
    "state": "VARCHAR",
    "owner": "VARCHAR",
}

_FILES_COLUMNS = {
    "business_date": "DATE",
    "file_sha256": "VARCHAR",
    "stream": "VARCHAR",
    "sender": "VARCHAR",
    "sequence": "BIGINT",
    "name": "VARCHAR",
    "format": "VARCHAR",
    "bytes": "BIGINT",
    "rows_claimed": "BIGINT",
    "rows_read": "BIGINT",
    "rows_good": "BIGINT",
    "status": "VARCHAR",
    "as_of_utc": "TIMESTAMP",
    "synthetic": "BOOLEAN",
    "history": "BOOLEAN",
    "manifest_sha256": "VARCHAR",
}

_PROGRESS_COLUMNS = {
    "business_date": "DATE",
    "latest_cycle": "VARCHAR",
    "part_of_day": "BOOLEAN",
    "complete_to_utc": "TIMESTAMP",
}

_QUARANTINE_COLUMNS = {
    "business_date": "DATE",
    "file_sha256": "VARCHAR",
    "stream": "VARCHAR",
    "line": "BIGINT",
    "rule_id": "VARCHAR",
    "column_name": "VARCHAR",
    "excerpt": "VARCHAR",
}


@cache
def all_tables() -> dict[str, Table]:
    """All tables by name, in an order in which each comes after what it reads."""
    found = {table.name: table for table in _landed()}
    for stage in STAGES:
        for path in sorted((ROOT / "sql" / stage).glob("*.sql")):
            found[f"{stage}.{path.stem}"] = _from_sql(f"{stage}.{path.stem}", path.read_text())
    for stream in STREAMS.values():
        name = f"validate.{stream.name}"
        if name not in found:
            found[name] = _from_sql(name, typed_select(stream))
    figures = frozenset(name for name in found if name.startswith("disclose."))
    for model in MODEL_TABLES:
        found[model.name] = Table(
            model.name,
            model.grain,
            model.meaning,
            model.owner,
            frozenset(model.reads) or figures,
            columns={"business_date": "DATE", **model.columns},
        )
    for stage in STAGES:
        found[f"{stage}.findings"] = _findings(stage, found)
    unknown = {
        f"{table.name} reads {name}"
        for table in found.values()
        for name in table.reads
        if name not in found
    }
    if unknown:
        raise ValueError(f"unknown tables: {', '.join(sorted(unknown))}")
    # A table may read its own earlier dates; that is no cycle within a date.
    graph = {name: table.reads - {name} for name, table in found.items()}
    for name in (table for table in found if table.endswith(".findings")):
        graph[name] = frozenset()
    ordered = TopologicalSorter({name: sorted(graph[name]) for name in sorted(graph)})
    return {name: found[name] for name in ordered.static_order()}


def stage_tables(stage: str) -> list[Table]:
    """The tables of one stage, in an order in which they can be made."""
    return [table for table in all_tables().values() if table.stage == stage]


@cache
def dependents(name: str) -> frozenset[str]:
    """All tables that are not made without a table, directly or through others; findings left
    out."""
    tables = all_tables()
    reached, last = {name}, {name}
    while last:
        hold_up = {each for each in last if tables[each].holds_up_readers}
        last = {
            table.name
            for table in tables.values()
            if table.name not in reached and table.short != "findings" and table.reads & hold_up
        }
        reached |= last
    return frozenset(reached - {name})


def lake_columns() -> dict[str, Mapping[str, str] | SelectedColumns]:
    """The columns of every table, for the lake: SELECTs without declared columns take their
    types from the engine."""
    return {
        name: table.columns or SelectedColumns(table.sql, parse(table.sql).named_selects)
        for name, table in all_tables().items()
    }


@cache
def tables_read(sql: str) -> frozenset[str]:
    """The lake tables that a SELECT reads."""
    return _reads(parse(sql))


@cache
def parse(sql: str) -> exp.Expression:
    """The single statement of a SQL file as a syntax tree; copy it to change it."""
    return sqlglot.parse_one(sql, dialect="duckdb")


def _from_sql(name: str, sql: str) -> Table:
    header = dict(_HEADER.findall(sql))
    missing = {"grain", "meaning", "owner"} - header.keys()
    if missing:
        raise ValueError(f"sql/{name.replace('.', '/')}.sql lacks -- {', '.join(sorted(missing))}:")
    declared = _COLUMN.findall(sql)
    reads, only_with = _reads(parse(sql)), header.get("only with")
    if only_with is not None and only_with not in reads:
        raise ValueError(f"sql/{name.replace('.', '/')}.sql: it does not read {only_with}")
    if header.get("holds up", "nothing") != "nothing":
        raise ValueError(f"sql/{name.replace('.', '/')}.sql: holds up is nothing, or left out")
    return Table(
        name,
        header["grain"],
        header["meaning"],
        header["owner"],
        reads,
        sql=sql,
        columns={column: kind for column, kind, _ in declared},
        notes={column: note for column, _, note in declared},
        only_with=only_with,
        holds_up_readers="holds up" not in header,
    )


def _reads(tree: exp.Expression) -> frozenset[str]:
    return frozenset(f"{node.db}.{node.name}" for node in tree.find_all(exp.Table) if node.db)


def _landed() -> list[Table]:
    tables = [
        Table(
            "land.files",
            "one row per file that arrived",
            "what arrived in the drop folder, with its manifest and what became of it",
            "data operations",
            frozenset(),
            columns=_FILES_COLUMNS,
        ),
        Table(
            "land.progress",
            "one row per business date",
            "how far its delivery has come: the latest cycle with prices, and whether the end of"
            " the day is still to come; then it is complete up to the time of that cycle",
            "data operations",
            frozenset({"land.market_price_snapshot"}),
            columns=_PROGRESS_COLUMNS,
        ),
        Table(
            "land.quarantine",
            "one row per rejected line",
            "lines that break the contract, with file, line and rule",
            "data operations",
            frozenset(),
            columns=_QUARANTINE_COLUMNS,
        ),
    ]
    for stream in STREAMS.values():
        columns = {"business_date": "DATE", "file_sha256": "VARCHAR", "line": "BIGINT"}
        columns |= {name: "VARCHAR" for name in stream.column_names}
        tables.append(
            Table(
                f"land.{stream.name}",
                stream.grain,
                f"the stream {stream.name} as text, nothing cast, each row with its file and line",
                "data operations",
                frozenset({"land.files"}),
                columns=columns,
                notes={column.name: column.meaning for column in stream.columns},
            )
        )
    return tables


def _findings(stage: str, found: Mapping[str, Table]) -> Table:
    reads = frozenset(name for name in found if name.startswith(f"{stage}."))
    return Table(
        f"{stage}.findings",
        "one row per finding",
        f"what the rules of the stage {stage} found, with rule, subject, file and line",
        "compliance",
        reads,
        columns=FINDING_COLUMNS,
    )
