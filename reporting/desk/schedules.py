"""Schedules: the whole day after the last cycle, once the cut-off has passed."""

from datetime import timedelta

import dagster as dg

from reporting.clock import NEW_YORK
from reporting.desk.jobs import DAY
from reporting.settings import from_environment

_CUT_OFF = from_environment().cut_off


@dg.schedule(
    job=DAY,
    cron_schedule=f"{_CUT_OFF.minute} {_CUT_OFF.hour} * * *",
    execution_timezone=str(NEW_YORK),
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Runs yesterday's business date once its cut-off (REPORTING_CUT_OFF) has passed.",
)
def after_last_cycle(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    today = context.scheduled_execution_time.astimezone(NEW_YORK).date()
    yesterday = (today - timedelta(days=1)).isoformat()
    return dg.RunRequest(run_key=yesterday, partition_key=yesterday)
