"""The business dates that the lake holds."""

from datetime import date

from reporting.errors import UserError
from reporting.lake import Lake
from reporting.lake.selects import load_select

NOTHING_RUN = "no day has been run yet; start with `reporting run --help`"


def dates_run(lake: Lake) -> list[date]:
    """The dates that were recomputed, in order. Raises UserError if there are none."""
    rows = lake.connection.execute(load_select("studies/status/dates_run")).fetchall()
    if not rows:
        raise UserError(NOTHING_RUN)
    return [row[0] for row in rows]
