"""Copies in memory of lake tables of which a process reads more than today's rows.

Each read of a lake table costs tens of milliseconds for its list of files alone, more with
every date that it holds, and a day reads some forty tables for what was before. A process
that runs many dates reads each of them once and from then on adds what it writes itself.

A copy is the table as the open transaction sees it: rows are added and removed in the same
transaction as in the lake, and a rollback takes both back. What somebody else has
committed meanwhile makes all copies void. Long tables are left in the lake: memory is for
the day, and there the list of files is the smaller part of the cost.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date

import duckdb

from reporting.lake.statements import Part, identifier, lake_table, statement

MOST_ROWS = 300_000
"""Rows from which on a table is read in the lake."""


def copy_name(table: str) -> str:
    """Name of the temporary table that is the copy of ``stage.table``."""
    return "every_" + table.replace(".", "_")


class History:
    """The copies of one process."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._rows: dict[str, int] = {}
        self._too_long: set[str] = set()
        self._snapshot: int | None = None

    def at(self, snapshot: int) -> None:
        """Say which snapshot is read next: copies of another one are void."""
        if snapshot != self._snapshot:
            self._rows.clear()
            self._too_long.clear()
        self._snapshot = snapshot

    def committed(self, snapshot: int) -> None:
        """Say which snapshot this process has made of the one before and what it wrote."""
        self._snapshot = snapshot

    def copied(self, names: Collection[str]) -> frozenset[str]:
        """Those of the tables of which there is a copy, made here if it can be."""
        for name in sorted(set(names) - self._rows.keys() - self._too_long):
            self._copy(name)
        return frozenset(self._rows.keys() & names)

    def write(self, name: str, today: Part) -> None:
        """Add the rows that were written to the lake."""
        if name in self._rows:
            added = self._connection.execute(
                statement(
                    "INSERT INTO {copy} BY NAME SELECT * FROM {today}",
                    copy=_copy(name),
                    today=today,
                )
            ).fetchone()[0]
            self._rows[name] += added
            if self._rows[name] > MOST_ROWS:
                self._forget(name)

    def clear(self, name: str, business_date: date) -> None:
        """Remove the rows of a date, as in the lake."""
        if name in self._rows:
            self._connection.execute(
                statement("DELETE FROM {copy} WHERE business_date = ?", copy=_copy(name)),
                [business_date],
            )

    @contextmanager
    def undone_with(self) -> Iterator[None]:
        """Copies made inside are gone when the transaction ends with an error."""
        rows, too_long = dict(self._rows), set(self._too_long)
        try:
            yield
        except BaseException:
            self._rows, self._too_long = rows, too_long
            raise

    def _copy(self, name: str) -> None:
        (rows,) = self._connection.execute(
            statement(
                "CREATE OR REPLACE TEMP TABLE {copy} AS SELECT * FROM {table} LIMIT ?",
                copy=_copy(name),
                table=lake_table(name),
            ),
            [MOST_ROWS + 1],
        ).fetchone()
        self._rows[name] = rows
        if rows > MOST_ROWS:
            self._forget(name)

    def _forget(self, name: str) -> None:
        self._connection.execute(statement("DROP TABLE {copy}", copy=_copy(name)))
        del self._rows[name]
        self._too_long.add(name)


def _copy(name: str) -> Part:
    return identifier(f"temp.{copy_name(name)}")
