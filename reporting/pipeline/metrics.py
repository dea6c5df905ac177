"""Market metrics that are no SELECT: the policy numbers of the date, and trends over many dates.

Belongs here: which dates and series go into a statistic. The statistics are in
``model/metrics``; what a date alone can say is ``sql/recompute/metrics.sql``.
"""

from collections.abc import Mapping
from dataclasses import asdict

import pyarrow

from reporting.model.errors import ModelError
from reporting.pipeline.day import Day
from reporting.pipeline.model_tables import schema_of
from reporting.rulebook.thresholds import thresholds_in_force


def threshold_rows(day: Day) -> Mapping[str, pyarrow.Table]:
    """The row of ``recompute.thresholds``. Raises ModelError where none is in force."""
    try:
        found = asdict(thresholds_in_force(day.business_date))
    except ValueError as error:
        raise ModelError("thresholds", str(error)) from error
    schema = schema_of("recompute.thresholds")
    row = {name: found[name] for name in schema.names}
    return {"recompute.thresholds": pyarrow.Table.from_pylist([row], schema)}
