"""One business date at work: today's rows in memory, every other date in the lake."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date

import duckdb
import pyarrow

from reporting.engine.declaration import Rows
from reporting.engine.lake_copies import History
from reporting.engine.rewrite import localise, memory_name
from reporting.lake import Lake
from reporting.lake.selects import load_select
from reporting.lake.statements import (
    Part,
    column_definitions,
    identifier,
    lake_table,
    select,
    statement,
)


class Day:
    """The rows of one date. A table is made here first, then written to the lake.

    columns: columns and types of every lake table. stages_written: the stages that the lake
    already holds for the date. history: copies of lake tables, for a process that runs many dates.
    """

    def __init__(
        self,
        lake: Lake,
        business_date: date,
        columns: Mapping[str, Mapping[str, str]],
        history: History | None = None,
    ) -> None:
        self.lake = lake
        self.business_date = business_date
        self.columns = columns
        self.stages_written = lake.stages_written(business_date)
        self._present: set[str] = set()
        self._kept: dict[str, object] = {}
        self._history = history

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection to the lake, which also holds today's rows."""
        return self.lake.connection

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One lake snapshot for many reads; after an error, memory is as it was before."""
        present = set(self._present)
        try:
            with self._copies_undone(), self.lake.reading():
                yield
        except BaseException:
            self._present = present
            raise

    def query(self, sql: str, **parameters: object) -> duckdb.DuckDBPyConnection:
        """Run a SELECT on ``stage.table`` names.

        ``$business_date`` is bound to the date, every other parameter to that of ``parameters``.
        """
        local = self.local(sql)
        if "$business_date" in local:
            parameters["business_date"] = self.business_date
        return self.connection.execute(local, parameters)

    def read(self, name: str, **parameters: object) -> duckdb.DuckDBPyConnection:
        """Run the SELECT of ``sql/<name>.sql``, as ``query`` does."""
        return self.query(load_select(name), **parameters)

    def local(self, sql: str) -> str:
        """The SELECT that reads today's rows from memory, with those rows there."""
        localised = localise(sql)
        self.load(localised.today)
        if self._history and localised.others:
            localised = localise(sql, self._history.copied(localised.others))
        return localised.sql

    def load(self, names: Iterable[str]) -> None:
        """Bring today's rows of tables that an earlier process made into memory."""
        for name in sorted(set(names) - self._present):
            self._create(name)
            self.connection.execute(
                statement(
                    "INSERT INTO {today} BY NAME SELECT * FROM {table} WHERE business_date = ?",
                    today=_today(name),
                    table=lake_table(name),
                ),
                [self.business_date],
            )

    def put_select(self, name: str, sql: str) -> int:
        """Make today's rows of a table from its SELECT; returns their number."""
        local = self.local(sql)
        self._create(name)
        return self.connection.execute(
            statement("INSERT INTO {today} BY NAME {rows}", today=_today(name), rows=select(local)),
            {"business_date": self.business_date},
        ).fetchone()[0]

    def put_rows(self, name: str, rows: Rows) -> int:
        """Make today's rows of a table from rows without ``business_date``."""
        self._create(name)
        if isinstance(rows, str):
            return self._insert(name, rows)
        self.connection.register("made_rows", rows)
        try:
            return self._insert(name, "made_rows")
        finally:
            self.connection.unregister("made_rows")

    def keep(self, name: str, value: object) -> None:
        """Keep the value that a table was made from, until the table is made again.

        A later stage then need not read it back from the tables.
        """
        self._kept[name] = value

    def kept(self, name: str) -> object | None:
        """The value that a table was made from, None if another process made the table."""
        return self._kept.get(name)

    def earlier_rows(self, name: str, dates: Sequence[date]) -> pyarrow.Table:
        """Rows of a table on earlier dates, in no order."""
        first, last = min(dates, default=None), max(dates, default=None)
        # The lake skips files by the range, not by the list.
        read = statement(
            "SELECT * FROM {table} WHERE business_date >= CAST($first AS DATE)"
            " AND business_date <= CAST($last AS DATE)"
            " AND list_contains(CAST($dates AS DATE[]), business_date)",
            table=identifier(name),
        )
        return self.query(read, first=first, last=last, dates=list(dates)).to_arrow_table()

    def start(self, snapshot: int) -> None:
        """Set the snapshot of the lake that a stage begins with."""
        if self._history:
            self._history.at(snapshot)

    def committed(self, snapshot: int) -> None:
        """Set the snapshot that holds the rows just written."""
        if self._history:
            self._history.committed(snapshot)

    def put_nothing(self, name: str) -> int:
        """Make a table that has no rows today."""
        self._create(name)
        return 0

    def write(self, name: str) -> None:
        """Insert today's rows into the lake; must run inside ``Lake.commit``."""
        self.connection.execute(
            statement(
                "INSERT INTO {table} BY NAME SELECT * FROM {today}",
                table=lake_table(name),
                today=_today(name),
            )
        )
        if self._history:
            self._history.write(name, _today(name))

    def clear(self, name: str) -> None:
        """Remove the rows of the date from the lake, so that a re-run replaces them."""
        self.connection.execute(
            statement("DELETE FROM {table} WHERE business_date = ?", table=lake_table(name)),
            [self.business_date],
        )
        if self._history:
            self._history.clear(name, self.business_date)

    def _copies_undone(self) -> AbstractContextManager[None]:
        return self._history.undone_with() if self._history else nullcontext()

    def _create(self, name: str) -> None:
        """An empty table with the lake's columns, so that types are the same in both."""
        self.connection.execute(
            statement(
                "CREATE OR REPLACE TEMP TABLE {today} ({columns})",
                today=_today(name),
                columns=column_definitions(self.columns[name]),
            )
        )
        self._present.add(name)
        self._kept.pop(name, None)

    def _insert(self, name: str, source: str) -> int:
        return self.connection.execute(
            statement(
                "INSERT INTO {today} BY NAME"
                " SELECT CAST(? AS DATE) AS business_date, * FROM {source}",
                today=_today(name),
                source=identifier(source),
            ),
            [self.business_date],
        ).fetchone()[0]


def keep_beside(day: Day, name: str, rows: pyarrow.Table) -> None:
    """Rows as a temporary table beside those of the date, for its SELECTs.

    A copy: DuckDB pushes filters into joins that Arrow's tables do not know.
    """
    day.connection.register("rows_then", rows)
    try:
        day.connection.execute(
            statement(
                "CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM rows_then",
                name=identifier(name),
            )
        )
    finally:
        day.connection.unregister("rows_then")


def _today(name: str) -> Part:
    """The table in memory with today's rows of ``stage.table``."""
    return identifier(f"temp.{memory_name(name)}")


class Workbench:
    """The lake of an installation with the day that is being worked on."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self.columns = lake.columns()
        self._day: Day | None = None
        self._history: History | None = None

    def day(self, business_date: date) -> Day:
        """The day to work on. Tables in memory of another date are replaced when needed:
        a new day knows of none, and dropping them one by one takes longer.

        History is copied from the second day on: for a single one it would be read for nothing.
        """
        if self._day is None or self._day.business_date != business_date:
            if self._day is not None:
                self._history = self._history or History(self.lake.connection)
            self._day = Day(self.lake, business_date, self.columns, self._history)
        return self._day
