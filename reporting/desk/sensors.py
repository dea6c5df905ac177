"""Sensors: run a date when its files arrive, and alert when a run or a check fails."""

import hashlib
from collections.abc import Iterator
from datetime import date

import dagster as dg

from reporting.alerts import send_alert
from reporting.contract.manifest import SUFFIX
from reporting.desk.jobs import DAY
from reporting.desk.partitions import BUSINESS_DATES
from reporting.feeds.api import list_days
from reporting.lake import open_lake
from reporting.settings import Settings, from_environment

_DAYS_WATCHED = 7


@dg.sensor(
    job=DAY,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Runs a recent business date again whenever a manifest arrives in its folder.",
)
def files_arrived(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest]:
    settings = from_environment()
    if not settings.input.is_dir():
        yield dg.SkipReason(f"there is no drop folder {settings.input}")
        return
    for day in list_days(settings.input)[-_DAYS_WATCHED:]:
        key = day.isoformat()
        names = arrived(settings, day)
        if names and BUSINESS_DATES.has_partition_key(key):
            digest = hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]
            yield dg.RunRequest(run_key=f"{key} {digest}", partition_key=key)


def arrived(settings: Settings, business_date: date) -> list[str]:
    """Names of the manifests of a date, printable, in order; a manifest comes last."""
    folder = settings.input / business_date.isoformat()
    return sorted(ascii(path.name) for path in folder.iterdir() if path.name.endswith(SUFFIX))


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Alerts when a run fails (REPORTING_ALERT_WEBHOOK, REPORTING_ALERT_EMAIL).",
)
def run_failed(context: dg.RunFailureSensorContext) -> None:
    settings = from_environment()
    day = context.dagster_run.tags.get("dagster/partition", "no date")
    send_alert(settings, f"run failed: {day}", context.failure_event.message or "no message")


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Alerts when a day ends with ERROR findings.",
)
def errors_found(context: dg.RunStatusSensorContext) -> None:
    settings = from_environment()
    day = context.dagster_run.tags.get("dagster/partition")
    if day is None:
        return
    lines = error_findings(settings, date.fromisoformat(day))
    if lines:
        send_alert(settings, f"{len(lines)} ERROR findings: {day}", "\n".join(lines))


def error_findings(settings: Settings, business_date: date) -> list[str]:
    """The ERROR findings of a date, one line each."""
    with open_lake(settings, read_only=True) as lake:
        rows = lake.connection.execute(
            "SELECT rule_id, subject, detail FROM ("
            " SELECT * FROM land.findings UNION ALL SELECT * FROM validate.findings"
            " UNION ALL SELECT * FROM recompute.findings UNION ALL SELECT * FROM stress.findings"
            ") WHERE business_date = ? AND severity = 'ERROR' ORDER BY ALL",
            [business_date],
        ).fetchall()
    return [f"{rule}  {subject}: {detail}" for rule, subject, detail in rows]
