"""The lake's tables in memory, with the columns that the project declares, to be filled by hand.

What rows a plausible venue has is in ``plausible_venue``.
"""

from datetime import date
from pathlib import Path

import duckdb
import pyarrow

from reporting.engine.tables import all_tables, lake_columns
from reporting.lake.connection import STAGES
from reporting.lake.statements import column_definitions, identifier, statement

DAY = date(2025, 4, 8)
PREVIOUS = date(2025, 4, 7)
SQL = Path(__file__).resolve().parents[2] / "sql" / "disclose"


class Lake:
    """An in-memory DuckDB with empty lake tables; ``insert`` takes one row by column name."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict]] = {}
        self.connection = _database()
        for name, columns in lake_columns().items():
            self.connection.execute(
                statement(
                    "CREATE TABLE {table} ({columns})",
                    table=identifier(name),
                    columns=column_definitions(columns),
                )
            )

    def insert(self, table: str, **row) -> None:
        self.rows.setdefault(table, []).append(row)

    def flush(self) -> None:
        for name, rows in self.rows.items():
            self.connection.register("incoming", pyarrow.Table.from_pylist(rows))
            self.connection.execute(
                statement(
                    "INSERT INTO {table} BY NAME SELECT * FROM incoming", table=identifier(name)
                )
            )
            self.connection.unregister("incoming")
        self.rows.clear()

    def disclose(self, business_date: date = DAY) -> dict[str, list[dict]]:
        """The result of every file of sql/disclose, as ``render_packs`` takes it.

        Earlier dates with margin are disclosed before it, as a backfill does.
        """
        self.flush()
        earlier = self.connection.execute(
            "SELECT DISTINCT business_date FROM recompute.account_margin"
            " WHERE business_date < ? ORDER BY business_date",
            [business_date],
        ).fetchall()
        for (day,) in earlier:
            self._disclose(day)
        return self._disclose(business_date)

    def _disclose(self, business_date: date) -> dict[str, list[dict]]:
        tables = {}
        for name, table in all_tables().items():
            stage, _, figure = name.partition(".")
            if stage not in ("stress", "disclose") or table.sql is None:
                continue
            cursor = self.connection.execute(table.sql, {"business_date": business_date})
            found = cursor.to_arrow_table()
            if stage == "disclose":
                tables[figure] = found.to_pylist()
            self.connection.register("made", found)
            self.connection.execute(
                statement("INSERT INTO {table} BY NAME SELECT * FROM made", table=identifier(name))
            )
            self.connection.unregister("made")
        return tables


def _database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    for stage in STAGES:
        connection.execute(statement("CREATE SCHEMA {stage}", stage=identifier(stage)))
    return connection
