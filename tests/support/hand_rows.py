"""The lake's tables, empty, for a few rows made by hand, and the SELECTs of tables and rules
run on them. The fixture ``tables`` gives them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow

from reporting.engine.tables import all_tables
from reporting.lake.connection import STAGES
from reporting.lake.selects import load_select
from reporting.rulebook import load_rulebook


class Tables:
    """The lake's tables, empty, in a database in memory."""

    def __init__(self, columns: dict[str, dict[str, str]]) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'UTC'")
        for stage in STAGES:
            self.connection.execute(f"CREATE SCHEMA {stage}")
        for name, kinds in columns.items():
            body = ", ".join(f'"{column}" {kind}' for column, kind in kinds.items())
            self.connection.execute(f"CREATE TABLE {name} ({body})")

    def put(self, name: str, day: date, /, **values: object) -> None:
        row = {"business_date": day, **values}
        marks = ", ".join("?" * len(row))
        self.connection.execute(
            f"INSERT INTO {name} ({', '.join(row)}) VALUES ({marks})", list(row.values())
        )

    def make(self, day: date, *names: str) -> None:
        """Make tables of a date, in order, in place of what they hold of it."""
        for name in names:
            sql = all_tables()[name].sql
            made = self.connection.execute(sql, {"business_date": day}).to_arrow_table()
            self.connection.execute(f"DELETE FROM {name} WHERE business_date = ?", [day])
            self.connection.register("made", made)
            self.connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM made")
            self.connection.unregister("made")

    def rows(self, name: str, day: date, *columns: str) -> list[tuple]:
        return self.connection.execute(
            f"SELECT {', '.join(columns)} FROM {name} WHERE business_date = ? ORDER BY ALL", [day]
        ).fetchall()

    def found(self, rule: str, day: date) -> list[tuple]:
        """Subject, file and line of what a rule finds."""
        rows = self.connection.execute(load_rulebook()[rule].sql, {"business_date": day}).fetchall()
        return sorted((subject, file, line) for subject, _, file, line in rows)

    def file(self, day: date, name: str, sequence: int) -> None:
        self.put(
            "land.files",
            day,
            file_sha256=name,
            stream="trades",
            sequence=sequence,
            status="LANDED",
            history=False,
        )

    def trade(self, day: date, file: str, line: int, trade_id: str, **changes: str) -> None:
        """A landed trade: 10 contracts of K-A at 0.40 at noon of Monday."""
        usual = {
            "ticker": "K-A",
            "created_time": "2026-05-04T16:00:00Z",
            "taker_side": "yes",
            "count_fp": "10.00",
            "yes_price_dollars": "0.4000",
            "no_price_dollars": "0.6000",
        }
        self.put(
            "land.trades", day, file_sha256=file, line=line, trade_id=trade_id, **usual | changes
        )


@dataclass(frozen=True)
class HandDay:
    """As much of a day at work as reading hand-made rows needs."""

    tables: Tables
    business_date: date

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        return self.tables.connection

    def query(self, sql: str, **parameters: object) -> duckdb.DuckDBPyConnection:
        if "$business_date" in sql:
            parameters["business_date"] = self.business_date
        return self.tables.connection.execute(sql, parameters)

    def read(self, name: str, **parameters: object) -> duckdb.DuckDBPyConnection:
        return self.query(load_select(name), **parameters)

    def earlier_rows(self, name: str, dates: Sequence[date]) -> pyarrow.Table:
        return self.connection.execute(
            f"SELECT * FROM {name} WHERE list_contains(CAST(? AS DATE[]), business_date)",
            [list(dates)],
        ).to_arrow_table()
