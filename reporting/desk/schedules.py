"""Schedules: the whole day after the last cycle, once the cut-off has passed."""

import dagster as dg

from reporting.desk.jobs import DAY
from reporting.settings import from_environment

_CUT_OFF = from_environment().cut_off

AFTER_LAST_CYCLE = dg.build_schedule_from_partitioned_job(
    DAY,
    name="after_last_cycle",
    description="Runs yesterday's business date when its cut-off (REPORTING_CUT_OFF) is over.",
    hour_of_day=_CUT_OFF.hour,
    minute_of_hour=_CUT_OFF.minute,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
