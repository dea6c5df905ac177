"""Figures of a stage that the desk plots from date to date, beside the number of rows.

Belongs here: reading them. Which figures they are is ``sql/plots/<stage>.<table>.sql``: one
SELECT of one row from today's rows of the stage; a column is a plot, its name the label. A
column that is a map is a plot for each of its keys, which stands for the ``*`` of the label.
How they are shown is the desk's.
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
    found: dict[str, dict[str, str]] = {stage: {} for stage in STAGES}
    for path in sorted(PLOTS.glob("*.sql")):
        stage = path.stem.partition(".")[0]
        if stage not in found:
            raise ValueError(f"sql/plots/{path.name} is of no stage")
        found[stage][path.stem] = path.read_text()
    return found


def plotted_figures(day: Day, stage: str, rows: Mapping[str, int]) -> dict[str, dict[str, float]]:
    """Figures of the tables of a stage that has been made, by table; without what is empty.

    rows: of each table. What is made of no rows has no figures, and is not asked for.
    """
    found = {}
    with _planned_as_written(day.connection):
        for table, sql in plots()[stage].items():
            if all(rows.get(name, 1) for name in tables_read(sql)):
                made = day.query(sql)
                labels = [column[0] for column in made.description]
                found[table] = dict(_figures(zip(labels, made.fetchone(), strict=True)))
    return found


def _figures(row: Iterator[tuple[str, object]]) -> Iterator[tuple[str, float]]:
    for label, value in row:
        if isinstance(value, Mapping):
            yield from ((label.replace("*", key), float(each)) for key, each in value.items())
        elif value is not None:
            yield label, float(value)


@contextmanager
def _planned_as_written(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Plots add up a table: to think about how takes twice as long as to do it."""
    connection.execute("PRAGMA disable_optimizer")
    try:
        yield
    finally:
        connection.execute("PRAGMA enable_optimizer")
