"""How far each category moved, date by date: what the replays of the library are made from.

Belongs here: from the marks of a date to its row per category (``stress.category_moves``), and
those rows of the year back. The measure itself is in ``model/stress/gaps``.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow

from reporting.model.stress.books import PastMoves
from reporting.model.stress.gaps import category_moves
from reporting.pipeline.day import Day

_DAYS = 365

_MARKS = """
SELECT contracts.category, marks.previous_mark_centicents AS before,
    marks.mark_centicents AS after
FROM recompute.marks AS marks
JOIN recompute.contracts AS contracts
    ON contracts.ticker = marks.ticker
    AND contracts.business_date = marks.business_date
WHERE marks.business_date = $business_date
    AND marks.mark_source = 'trade'
    AND marks.previous_mark_centicents IS NOT NULL
    AND NOT marks.settled
"""

# Two reads, not one up to the date: today's rows are in memory, the others in the lake.
_MOVES = """
SELECT CAST(business_date AS VARCHAR), category, move
FROM stress.category_moves
WHERE business_date = $business_date
UNION ALL
SELECT CAST(business_date AS VARCHAR), category, move
FROM stress.category_moves
WHERE business_date < $business_date AND business_date > $business_date - $days
ORDER BY 1, 2
"""


def category_move_rows(day: Day) -> Mapping[str, pyarrow.Table]:
    """The rows of ``stress.category_moves``, from the marks of the date."""
    marks = day.query(_MARKS).fetchnumpy()
    found = category_moves(
        marks["category"].tolist(),
        np.asarray(marks["before"], dtype=np.int64),
        np.asarray(marks["after"], dtype=np.int64),
    )
    rows = pyarrow.table(
        {
            "category": pyarrow.array(list(found), pyarrow.string()),
            "move": pyarrow.array(list(found.values()), pyarrow.float64()),
        }
    )
    return {"stress.category_moves": rows}


def read_past_moves(day: Day) -> tuple[PastMoves, ...]:
    """The moves of the dates stressed in the year up to this one, by date and category."""
    return tuple(PastMoves(*row) for row in day.query(_MOVES, days=_DAYS).fetchall())
