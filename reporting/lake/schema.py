"""Bring the tables of a lake up to date with the code: create tables, add columns.

A lake that older code wrote stays in use: a table that has gained a column gets it, and earlier
dates hold NULL in it. A column of another type is refused: history is not recast.
"""

from collections.abc import Mapping, Sequence

import duckdb

from reporting.errors import UserError
from reporting.lake.connection import STAGES, Lake
from reporting.lake.statements import column_definitions, identifier, lake_table, statement
from reporting.lake.statistics import say_which_are_empty

Columns = Mapping[str, str]
"""DuckDB type by column."""


def ensure_tables(lake: Lake, tables: Mapping[str, Columns]) -> None:
    """Create missing tables and add missing columns, in one commit.

    ``tables`` maps ``stage.table`` to its columns. Raises UserError when a column is stored with
    another type.
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


def _lacks(table: str, columns: Columns, have: Columns) -> bool:
    """Whether the stored table lacks a column. Raises UserError when a type differs."""
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
    have: Mapping[str, Columns],
) -> None:
    about = f"create {len(missing)} tables, add columns to {len(wider)}"
    with lake.commit("tables", "", about):
        for stage in STAGES:
            lake.connection.execute(
                statement(
                    "CREATE SCHEMA IF NOT EXISTS {schema}", schema=identifier(f"lake.{stage}")
                )
            )
        for table in missing:
            _create(lake.connection, table, tables[table])
        for table in wider:
            _widen(lake.connection, table, tables[table], have[table])


def _create(connection: duckdb.DuckDBPyConnection, table: str, columns: Columns) -> None:
    connection.execute(
        statement(
            "CREATE TABLE {table} ({columns})",
            table=lake_table(table),
            columns=column_definitions(columns),
        )
    )
    if "business_date" in columns:
        connection.execute(
            statement(
                "ALTER TABLE {table} SET PARTITIONED BY (business_date)", table=lake_table(table)
            )
        )


def _widen(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Columns, have: Columns
) -> None:
    for column, kind in columns.items():
        if column not in have:
            connection.execute(
                statement(
                    "ALTER TABLE {table} ADD COLUMN {column}",
                    table=lake_table(table),
                    column=column_definitions({column: kind}),
                )
            )
