"""The coming days without wires, as rows."""

import pyarrow

from reporting.bank_days import coming_closed_days
from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table


@table(
    "recompute.closed_dates",
    grain="one row per day without wires that follows the date at once",
    meaning=(
        "weekends and US federal holidays that follow the date without a day on which banks send"
        " wires between; no rows where such a day follows"
    ),
    reads="recompute.days",
    columns="closed_date reason",
)
def closed_date_rows(day: Day) -> pyarrow.Table:
    records = [
        {"closed_date": closed, "reason": reason}
        for closed, reason in coming_closed_days(day.business_date)
    ]
    return pyarrow.Table.from_pylist(records, schema_of("recompute.closed_dates"))
