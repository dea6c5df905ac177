"""Copies in memory of lake tables, for a process that runs many dates.

Each read of a lake table costs tens of milliseconds for its list of files alone, more with every
date that it holds, and a day reads earlier rows of some forty tables. A process that runs many
dates reads each table once and then adds the rows that it writes itself.

A copy is the table as the open transaction sees it: rows are added and removed in the same
transaction as in the lake, and a rollback undoes both. A commit by another process makes all
copies void. Long tables stay in the lake: memory is for the day, and for them the list of files is
the smaller cost.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date

import duckdb

from reporting.lake.statements import Part, identifier, lake_table, statement

MAX_ROWS = 300_000
"""Longer tables are read in the lake."""


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
        """Set the snapshot that is read next; copies of another one are void."""
        if snapshot != self._snapshot:
            self._rows.clear()
            self._too_long.clear()
        self._snapshot = snapshot

    def committed(self, snapshot: int) -> None:
        """Set the snapshot that this process has just committed."""
        self._snapshot = snapshot

    def copied(self, names: Collection[str]) -> frozenset[str]:
        """The tables that have a copy; a missing one is made unless the table is too long."""
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
            if self._rows[name] > MAX_ROWS:
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
        """Copies made inside are dropped when the transaction ends with an error."""
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
            [MAX_ROWS + 1],
        ).fetchone()
        self._rows[name] = rows
        if rows > MAX_ROWS:
            self._forget(name)

    def _forget(self, name: str) -> None:
        self._connection.execute(statement("DROP TABLE {copy}", copy=_copy(name)))
        del self._rows[name]
        self._too_long.add(name)


def _copy(name: str) -> Part:
    return identifier(f"temp.{copy_name(name)}")
