"""Bring the tables of a lake to what the code says: create what is missing, add columns.

A lake that older code wrote is carried on: a table that has gained a column gets it, empty on
the dates before. A column with another type is refused: history is not recast.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from reporting.errors import UserError
from reporting.lake.connection import STAGES, Lake
from reporting.lake.statements import (
    column_definitions,
    identifier,
    lake_table,
    select,
    statement,
)
from reporting.lake.statistics import say_which_are_empty


@dataclass(frozen=True)
class SelectedColumns:
    """The columns of a table that a SELECT on ``$business_date`` makes: their names; their types
    are those that the engine gives."""

    sql: str
    names: Sequence[str]


Columns = Mapping[str, str] | SelectedColumns
"""Columns of a table: with their DuckDB types, or those of its SELECT."""


def ensure_tables(lake: Lake, tables: Mapping[str, Columns]) -> None:
    """Create missing tables and add missing columns, in one commit.

    ``tables`` maps ``stage.table`` to its columns; each must come after the tables that its
    SELECT reads. A declared column whose type differs from the stored one is refused.
    """
    have = lake.columns()
    missing = [table for table in tables if table not in have]
    wider = [
        table
        for table, columns in tables.items()
        if table in have and _lacks(table, columns, have[table])
    ]
    if missing or wider:
        _bring_up(lake, tables, missing, wider, have)
        say_which_are_empty(lake.connection, lake.catalog_schema)


def columns_of_select(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, str]:
    """Columns and types, as the lake stores them, of a SELECT on ``$business_date``."""
    rows = connection.execute(
        statement("DESCRIBE {select}", select=select(sql)), {"business_date": date(2000, 1, 1)}
    ).fetchall()
    # Sums are HUGEINT in DuckDB; stored they are BIGINT, and overflow is an error.
    wide = {"HUGEINT": "BIGINT", "INTEGER": "BIGINT"}
    return {row[0]: wide.get(row[1], row[1]) for row in rows}


def _lacks(table: str, columns: Columns, have: Mapping[str, str]) -> bool:
    """Whether the stored table lacks a column; refuses one that is stored with another type."""
    if isinstance(columns, SelectedColumns):
        return not have.keys() >= set(columns.names)
    for column, kind in columns.items():
        if have.get(column, kind) != kind:
            raise UserError(
                f"lake table {table}: column {column} is stored as {have[column]}, the code says"
                f" {kind}; use another --home or migrate it (docs/operations.md)"
            )
    return not have.keys() >= columns.keys()


def _bring_up(
    lake: Lake,
    tables: Mapping[str, Columns],
    missing: Sequence[str],
    wider: Sequence[str],
    have: Mapping[str, Mapping[str, str]],
) -> None:
    about = f"create {len(missing)} tables, add columns to {len(wider)}"
    with lake.commit("tables", "", about):
        for stage in STAGES:
            lake.connection.execute(
                statement(
                    "CREATE SCHEMA IF NOT EXISTS {schema}", schema=identifier(f"lake.{stage}")
                )
            )
        # In the order of the tables: a SELECT may read what another table has just gained.
        for table in tables:
            if table in missing:
                _create(lake.connection, table, tables[table])
            elif table in wider:
                _widen(lake.connection, table, tables[table], have[table])


def _create(connection: duckdb.DuckDBPyConnection, table: str, columns: Columns) -> None:
    typed = _typed(connection, columns)
    connection.execute(
        statement(
            "CREATE TABLE {table} ({columns})",
            table=lake_table(table),
            columns=column_definitions(typed),
        )
    )
    if "business_date" in typed:
        connection.execute(
            statement(
                "ALTER TABLE {table} SET PARTITIONED BY (business_date)",
                table=lake_table(table),
            )
        )


def _widen(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Columns, have: Mapping[str, str]
) -> None:
    for column, kind in _typed(connection, columns).items():
        if column not in have:
            connection.execute(
                statement(
                    "ALTER TABLE {table} ADD COLUMN {column}",
                    table=lake_table(table),
                    column=column_definitions({column: kind}),
                )
            )


def _typed(connection: duckdb.DuckDBPyConnection, columns: Columns) -> Mapping[str, str]:
    if isinstance(columns, SelectedColumns):
        return columns_of_select(connection, columns.sql)
    return columns
