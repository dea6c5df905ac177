"""The move of each category on each date, which the library's replays use.

Belongs here: from the marks of a date to its row per category (``stress.category_moves``), and
the rows of the past year. The measure is in ``model/stress/gaps``.
"""

import numpy as np
import pyarrow

from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.engine.past_dates import earlier_dates
from reporting.model.stress.gaps import category_moves
from reporting.model.stress.stress_book import PastMoves

TABLE = "stress.category_moves"
_DAYS = 365


@table(
    "stress.category_moves",
    grain="one row per category with a market that traded on the date and on the date before",
    meaning=(
        "how far the category moved, in standard normal units: the 95 % quantile over its markets;"
        " the replays read the rows of the past year"
    ),
    reads="recompute.marks recompute.contracts",
    columns="category move",
)
def category_move_rows(day: Day) -> pyarrow.Table:
    """The rows of ``stress.category_moves``, from the marks of the date."""
    marks = day.read("stress/reads/category_marks").fetchnumpy()
    moves = category_moves(
        marks["category"].tolist(),
        np.asarray(marks["before"], dtype=np.int64),
        np.asarray(marks["after"], dtype=np.int64),
    )
    columns = {"category": list(moves), "move": list(moves.values())}
    return pyarrow.table(columns, schema_of(TABLE))


def read_past_moves(day: Day) -> tuple[PastMoves, ...]:
    """The moves of the dates stressed in the year up to this one, by date and category."""
    rows = day.read("stress/reads/category_moves").fetchall()
    earlier = day.earlier_rows(TABLE, earlier_dates(day, _DAYS))
    names = ("business_date", "category", "move")
    rows += zip(*(earlier[name].to_pylist() for name in names), strict=True)
    return tuple(PastMoves(date.isoformat(), *more) for date, *more in sorted(rows))
