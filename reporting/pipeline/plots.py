"""Figures of a stage that the desk plots from date to date, beside the number of rows.

Belongs here: reading them. Which figures they are is ``sql/plots/<stage>.<table>.sql``: one
SELECT of one row from today's rows of the stage; a column is a plot, its name the label. A
column that is a map is a plot for each of its keys, which stands for the ``*`` of the label.
How they are shown is the desk's.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from reporting.lake.connection import STAGES
from reporting.lake.statements import records, select, statement
from reporting.pipeline.day import Day
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


def plotted_figures(day: Day, stage: str) -> dict[str, dict[str, float]]:
    """Figures of the tables of a stage that has been made, by table; without what is empty."""
    of_stage = plots()[stage]
    if not of_stage:
        return {}
    # One statement: each by itself would take longer to plan than to run.
    together = statement("{rows}", rows=records(select(sql) for sql in of_stage.values()))
    rows = day.query(together).fetchone()
    return {table: dict(_figures(row or {})) for table, row in zip(of_stage, rows, strict=True)}


def _figures(row: Mapping[str, object]) -> Iterator[tuple[str, float]]:
    for label, value in row.items():
        if isinstance(value, Mapping):
            yield from ((label.replace("*", key), float(each)) for key, each in value.items())
        elif value is not None:
            yield label, float(value)
