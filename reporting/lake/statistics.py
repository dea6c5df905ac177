"""Statistics for tables to which no row was ever written.

DuckLake keeps the statistics of tables in memory. For a table without statistics it reads those of
the whole lake again, for each column of each statement. That takes 5 ms each, so a wide empty table
takes fifty times as long to read as a full one. On the first date every table is empty.

Such a table gets statistics here that say: no rows. The first rows are added to them, with the same
result as if they had been there alone. Tables and columns of the catalog are those of the DuckLake
specification 1.0.
"""

import contextlib

import duckdb

from reporting.lake.statements import identifier, statement


def say_which_are_empty(connection: duckdb.DuckDBPyConnection, schema: str) -> None:
    """Give statistics to the tables of the attached lake that have none.

    ``schema`` is where the catalog database keeps DuckLake's own tables.
    """
    # With the schema in the name DuckDB does not look for it in the lake first: that would
    # hold a lock on the catalog which the commit waits for.
    catalog = identifier(f"__ducklake_metadata_lake.{schema}")
    connection.execute("BEGIN")
    try:
        connection.execute(
            statement(
                """
                INSERT INTO {catalog}.ducklake_table_column_stats
                    (table_id, column_id, contains_null)
                SELECT table_id, column_id, false
                FROM {catalog}.ducklake_column
                WHERE end_snapshot IS NULL
                  AND table_id NOT IN (SELECT table_id FROM {catalog}.ducklake_table_stats)
                """,
                catalog=catalog,
            )
        )
        connection.execute(
            statement(
                """
                INSERT INTO {catalog}.ducklake_table_stats
                    (table_id, record_count, next_row_id, file_size_bytes)
                SELECT table_id, 0, 0, 0
                FROM {catalog}.ducklake_table
                WHERE end_snapshot IS NULL
                  AND table_id NOT IN (SELECT table_id FROM {catalog}.ducklake_table_stats)
                """,
                catalog=catalog,
            )
        )
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(duckdb.TransactionException):
            connection.execute("ROLLBACK")
        raise
