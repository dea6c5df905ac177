"""The mark policies of a date, from the schedule in force."""

import pyarrow

from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.model.errors import ModelError
from reporting.model.margin.schedule import schedule_in_force
from reporting.stages.recompute.day_book import read_schedules


@table(
    "recompute.mark_policies",
    grain="one row per category that the margin schedule in force names, and one for all others",
    meaning=(
        "how marks are made: the last trade, or the volume-weighted price of the last trades before"
        " a cycle; empty, which means the last trade, where no schedule is in force"
    ),
    reads="validate.margin_schedule",
    columns="category mark_kind window_seconds least_volume_qty least_trade_qty",
)
def mark_policies(day: Day) -> pyarrow.Table:
    try:
        policies = schedule_in_force(read_schedules(day), day.business_date).mark_policy
    except ModelError:
        # Only margin needs a schedule, and says so. Positions and cash need marks without one.
        policies = {}
    rows = [
        {
            "category": category,
            "mark_kind": policy.kind,
            "window_seconds": policy.window_seconds,
            "least_volume_qty": policy.least_qty,
            "least_trade_qty": policy.least_trade_qty,
        }
        for category, policy in policies.items()
    ]
    return pyarrow.Table.from_pylist(rows, schema_of("recompute.mark_policies"))
