"""Column lineage of every SELECT, parsed from ``sql/``."""

from collections.abc import Mapping
from functools import cache

import dagster as dg
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

from reporting.engine.tables import Table, all_tables, parse
from reporting.lake.connection import STAGES

Columns = Mapping[str, list[tuple[str, str]]]
"""For each column, the (table, column) pairs it is computed from."""


def column_lineage(name: str) -> Columns:
    """Where the columns of a lake table come from; empty for a table computed in Python."""
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
    # Copies, because qualifying names changes a tree.
    trees = {t.name: parse(t.sql).copy() for t in all_tables().values() if t.sql}
    # Only names matter here: they show which table an unqualified column comes from.
    names = {table.name: dict.fromkeys(table.columns, "VARCHAR") for table in all_tables().values()}
    return {
        table.name: _of_select(table, trees[table.name], names) if table.sql else {}
        for table in all_tables().values()
    }


def _of_select(table: Table, tree: exp.Expr, names: Mapping[str, dict[str, str]]) -> Columns:
    schema: dict[str, dict[str, dict[str, str]]] = {}
    for source in table.reads:
        stage, _, short = source.partition(".")
        schema.setdefault(stage, {})[short] = names[source]
    try:
        tree = qualify(tree, schema=schema, dialect="duckdb")
        # One scope for all columns and no copies: otherwise it takes ten times as long.
        roots = lineage(
            None,
            tree,
            schema,
            dialect="duckdb",
            scope=build_scope(tree),
            trim_selects=False,
            copy=False,
        )
    except (SqlglotError, ValueError):
        return {}
    return {column: _leaves(root) for column, root in roots.items()}


def _leaves(root: Node) -> list[tuple[str, str]]:
    leaves = set()
    for node in root.walk():
        source = node.source
        if isinstance(source, exp.Table) and not node.downstream and source.db in STAGES:
            leaves.add((f"{source.db}.{source.name}", node.name.rpartition(".")[2].strip('"')))
    return sorted(leaves)
