"""Every table of the lake: its stage, meaning, columns, origin and what it reads.

A table is a SELECT in ``sql/<stage>/<table>.sql``, or its stage declares it (``declaration``).
What a SELECT reads is parsed from its SQL. Each stage has a table of findings.
"""

import re
from collections.abc import Mapping
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import sqlglot
from sqlglot import exp

from reporting.engine.declaration import Table, declared_tables, typed
from reporting.lake.connection import STAGES
from reporting.settings import ROOT

_HEADER = re.compile(r"^-- (grain|meaning|owner|only with|holds up): (.+)$", re.MULTILINE)
_COLUMN = re.compile(r"^-- column ([a-z_0-9]+): (.+)$", re.MULTILINE)
_FINDING_COLUMNS = "finding_id rule_id severity stage subject detail file_sha256 line state owner"


@cache
def all_tables() -> dict[str, Table]:
    """All tables by name, in an order in which each comes after what it reads.

    Raises LookupError when no stage has been imported, ValueError when a table reads one that
    does not exist.
    """
    tables = dict(declared_tables())
    for stage in STAGES:
        for name in select_tables(stage):
            tables[name] = table_of_select(name, _file(name).read_text())
    for stage in STAGES:
        tables[f"{stage}.findings"] = _findings(stage, tables)
    unknown = {
        f"{table.name} reads {name}"
        for table in tables.values()
        for name in table.reads
        if name not in tables
    }
    if unknown:
        raise ValueError(f"unknown tables: {', '.join(sorted(unknown))}")
    # A table may read its own earlier dates; that is no cycle within a date.
    graph = {name: table.reads - {name} for name, table in tables.items()}
    for name in (table for table in tables if table.endswith(".findings")):
        graph[name] = frozenset()
    ordered = TopologicalSorter({name: sorted(graph[name]) for name in sorted(graph)})
    return {name: tables[name] for name in ordered.static_order()}


def select_tables(stage: str) -> list[str]:
    """Names of the tables of a stage that are SELECTs."""
    return sorted(f"{stage}.{path.stem}" for path in (ROOT / "sql" / stage).glob("*.sql"))


def stage_tables(stage: str) -> list[Table]:
    """The tables of one stage, in an order in which they can be made."""
    return [table for table in all_tables().values() if table.stage == stage]


@cache
def dependents(name: str) -> frozenset[str]:
    """All tables that cannot be made without a table, directly or through others.

    Tables of findings are left out: they are always made.
    """
    tables = all_tables()
    reached, last = {name}, {name}
    while last:
        hold_up = {reader for reader in last if tables[reader].holds_up_readers}
        last = {
            table.name
            for table in tables.values()
            if table.name not in reached and table.short != "findings" and table.reads & hold_up
        }
        reached |= last
    return frozenset(reached - {name})


def lake_columns() -> dict[str, Mapping[str, str]]:
    """Columns and types of every table, for the lake."""
    return {name: table.columns for name, table in all_tables().items()}


@cache
def tables_read(sql: str) -> frozenset[str]:
    """The lake tables that a SELECT reads."""
    return _reads(parse(sql))


@cache
def parse(sql: str) -> exp.Expression:
    """The single statement of a SQL file as a syntax tree; copy it to change it."""
    return sqlglot.parse_one(sql, dialect="duckdb")


def _file(name: str) -> Path:
    return ROOT / "sql" / f"{name.replace('.', '/')}.sql"


def table_of_select(name: str, sql: str) -> Table:
    """The table that a SELECT makes, as its header says.

    Raises ValueError when the header lacks something or contradicts the SELECT.
    """
    header, tree = dict(_HEADER.findall(sql)), parse(sql)
    missing = {"grain", "meaning", "owner"} - header.keys()
    if missing:
        raise ValueError(f"{_file(name)} lacks -- {', '.join(sorted(missing))}:")
    reads, only_with = _reads(tree), header.get("only with")
    if only_with is not None and only_with not in reads:
        raise ValueError(f"{_file(name)}: it does not read {only_with}")
    if header.get("holds up", "nothing") != "nothing":
        raise ValueError(f"{_file(name)}: holds up is nothing, or left out")
    columns, notes = typed(name, tree.named_selects), dict(_COLUMN.findall(sql))
    if unknown := notes.keys() - columns.keys():
        raise ValueError(f"{_file(name)}: it has no column {', '.join(sorted(unknown))}")
    return Table(
        name,
        header["grain"],
        header["meaning"],
        header["owner"],
        reads,
        columns,
        notes,
        sql=sql,
        only_with=only_with,
        holds_up_readers="holds up" not in header,
    )


def _reads(tree: exp.Expression) -> frozenset[str]:
    return frozenset(f"{node.db}.{node.name}" for node in tree.find_all(exp.Table) if node.db)


def _findings(stage: str, tables: Mapping[str, Table]) -> Table:
    name = f"{stage}.findings"
    return Table(
        name,
        "one row per finding",
        f"findings of the rules of the stage {stage}, with rule, subject, file and line",
        "compliance",
        frozenset(other for other in tables if other.startswith(f"{stage}.")),
        typed(name, _FINDING_COLUMNS.split()),
    )
