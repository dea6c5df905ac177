"""Sensors: run a date when its files arrive, and tell a person what runs find.

When a date is ready is in ``reporting/stages/land/readiness.py``, what is told in
``reporting/studies/notifications.py``.
"""

import time
from collections.abc import Callable, Iterator
from datetime import date

import dagster as dg

from reporting.contract import END_OF_DAY
from reporting.desk.failures import reason_of
from reporting.desk.jobs import DAY, INTRADAY
from reporting.desk.notify import send_message
from reporting.desk.partitions import BUSINESS_DATES
from reporting.settings import Settings, from_environment
from reporting.stages.land.readiness import (
    NEWEST_DAYS,
    SECONDS_LOOKED_BACK,
    SECONDS_OF_QUIET,
    ready_dates,
)
from reporting.studies.notifications import Message, alerts_message, findings_message, record_told


@dg.sensor(
    jobs=[DAY, INTRADAY],
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Runs a business date when it has new files and nothing has arrived for"
        f" {SECONDS_OF_QUIET} seconds. Before the cut-off it runs the whole day once every daily"
        " stream is there, and the cycles so far once one of them has prices. Watches the"
        f" {NEWEST_DAYS} newest dates, and older dates whose folder changes."
    ),
)
def files_arrived(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    settings = from_environment()
    if not settings.input.is_dir():
        yield dg.SkipReason(f"there is no drop folder {settings.input}")
        return
    started_ns = time.time_ns()
    for ready in ready_dates(settings, int(context.cursor) if context.cursor else None):
        day = ready.business_date.isoformat()
        if BUSINESS_DATES.has_partition_key(day):
            # Dagster drops a request whose key it has seen, so files that can never be landed
            # are tried once.
            job = DAY if ready.cycle == END_OF_DAY else INTRADAY
            yield dg.RunRequest(ready.key, job_name=job.name, partition_key=day)
    context.update_cursor(str(started_ns - SECONDS_LOOKED_BACK * 10**9))


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells when a run fails (REPORTING_ALERT_WEBHOOK, REPORTING_ALERT_EMAIL).",
)
def run_failed(context: dg.RunFailureSensorContext) -> None:
    day = context.dagster_run.tags.get("dagster/partition", "no date")
    reason = reason_of([*context.get_step_failure_events(), context.failure_event])
    send_message(from_environment(), f"run failed: {day}", reason)


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Tells the ERROR findings of a run. An intraday run tells those that no earlier run"
        " told. A whole day tells all of them, and one line for each rule with WARN findings."
        " INFO findings are for the record and are not sent."
    ),
)
def errors_found(context: dg.RunStatusSensorContext) -> None:
    _tell(context, findings_message)


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[DAY, INTRADAY],
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Tells the losses, shortfalls and exposures of the cycle that was run. A whole day tells"
        " the exposures at its end that no cycle told. A re-run does not tell an alert again."
    ),
)
def alerts_raised(context: dg.RunStatusSensorContext) -> None:
    _tell(context, alerts_message)


def _tell(
    context: dg.RunStatusSensorContext, message_of: Callable[[Settings, date, bool], Message | None]
) -> None:
    """Send the message on a run, if there is one, and record what it told."""
    day = context.dagster_run.tags.get("dagster/partition")
    if day is None:
        return
    settings, business_date = from_environment(), date.fromisoformat(day)
    message = message_of(settings, business_date, context.dagster_run.job_name == DAY.name)
    if message is not None:
        places = send_message(settings, message.subject, message.body)
        record_told(settings, business_date, message.notifications, places)
