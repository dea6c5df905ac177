"""Figures of a stage that the desk plots from date to date.

Belongs here: reading them. The figures of a table are ``sql/plots/<stage>.<table>.sql``: one SELECT
of one row from today's rows of the stage. A column is a plot, and its name is the label. A column
that holds a map is one plot per key; the key replaces the ``*`` of the label. The desk shows them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

import duckdb

from reporting.engine.day import Day
from reporting.engine.tables import tables_read
from reporting.lake.connection import STAGES
from reporting.settings import ROOT

PLOTS = ROOT / "sql" / "plots"


@cache
def plots() -> Mapping[str, Mapping[str, str]]:
    """By stage and table, the SELECT of its plots. Raises ValueError for a name of no stage."""
    selects: dict[str, dict[str, str]] = {stage: {} for stage in STAGES}
    for path in sorted(PLOTS.glob("*.sql")):
        stage = path.stem.partition(".")[0]
        if stage not in selects:
            raise ValueError(f"sql/plots/{path.name} is of no stage")
        selects[stage][path.stem] = path.read_text()
    return selects


def plotted_figures(day: Day, stage: str, rows: Mapping[str, int]) -> dict[str, dict[str, float]]:
    """Figures of a stage that has been made, by table; columns that are NULL are left out.

    rows: number of rows by table. A plot that reads an empty table is not asked for.
    """
    figures = {}
    with _planned_as_written(day.connection):
        for table, sql in plots()[stage].items():
            if all(rows.get(name, 1) for name in tables_read(sql)):
                cursor = day.query(sql)
                labels = [column[0] for column in cursor.description]
                figures[table] = dict(_figures(zip(labels, cursor.fetchone(), strict=True)))
    return figures


def _figures(row: Iterator[tuple[str, object]]) -> Iterator[tuple[str, float]]:
    for label, value in row:
        if isinstance(value, Mapping):
            yield from ((label.replace("*", key), float(part)) for key, part in value.items())
        elif value is not None:
            yield label, float(value)


@contextmanager
def _planned_as_written(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Without the optimizer: a plot only sums a table, and optimizing takes longer than that."""
    connection.execute("PRAGMA disable_optimizer")
    try:
        yield
    finally:
        connection.execute("PRAGMA enable_optimizer")
