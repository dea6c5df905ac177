"""Column lineage of every SELECT, parsed from ``sql/`` so that nobody writes it twice."""

from collections.abc import Mapping
from functools import cache

import dagster as dg
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

from reporting.lake.connection import STAGES
from reporting.pipeline.tables import Table, all_tables, parse

Columns = Mapping[str, list[tuple[str, str]]]
"""For each column the (table, column) pairs that it is made from."""


def column_lineage(name: str) -> Columns:
    """Where the columns of a lake table come from; empty for a table of Python's."""
    return _all_lineages()[name]


def as_metadata(columns: Columns) -> dg.TableColumnLineage:
    """The lineage as the UI takes it."""
    return dg.TableColumnLineage(
        {
            column: [
                dg.TableColumnDep(asset_key=dg.AssetKey(table.split(".")), column_name=source)
                for table, source in sources
            ]
            for column, sources in columns.items()
        }
    )


@cache
def _all_lineages() -> dict[str, Columns]:
    """All tables at once: what a SELECT puts out is what the next one reads."""
    names: dict[str, list[str]] = {}
    found: dict[str, Columns] = {}
    for table in all_tables().values():
        found[table.name] = _of_select(table, names) if table.sql is not None else {}
        names[table.name] = list(table.columns) or list(found[table.name])
    return found


def _of_select(table: Table, names: Mapping[str, list[str]]) -> Columns:
    # Types do not matter here, names do: they say from which table a bare column comes.
    schema: dict[str, dict[str, dict[str, str]]] = {}
    for source in table.reads & names.keys():
        stage, _, short = source.partition(".")
        schema.setdefault(stage, {})[short] = dict.fromkeys(names[source], "VARCHAR")
    try:
        tree = qualify(parse(table.sql or ""), schema=schema, dialect="duckdb")
        # All columns over one scope: a scope per column takes ten times as long.
        roots = lineage(None, tree, schema, dialect="duckdb", scope=build_scope(tree), copy=False)
    except (SqlglotError, ValueError):
        return {}
    return {column: _leaves(root) for column, root in roots.items()}


def _leaves(root: Node) -> list[tuple[str, str]]:
    leaves = set()
    for node in root.walk():
        if isinstance(node.source, exp.Table) and not node.downstream:
            if node.source.db in STAGES:
                column = node.name.rpartition(".")[2].strip('"')
                leaves.add((f"{node.source.db}.{node.source.name}", column))
    return sorted(leaves)
