"""Sensors: run a date when its files arrive, and alert when a run or a check fails."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from datetime import date

import dagster as dg

from reporting.alerts import send_alert
from reporting.contract.manifest import SUFFIX
from reporting.desk.failures import reason_of
from reporting.desk.jobs import DAY
from reporting.desk.partitions import BUSINESS_DATES
from reporting.feeds.api import list_days
from reporting.lake import open_lake
from reporting.settings import Settings, from_environment

_DAYS_WATCHED = 7
_SECONDS_OF_QUIET = 60
_LINES_IN_ALERT = 50


@dg.sensor(
    job=DAY,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        f"Runs a business date when files of it arrived that were never landed: the newest"
        f" {_DAYS_WATCHED} dates, once nothing has come for {_SECONDS_OF_QUIET} seconds."
    ),
)
def files_arrived(_: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    settings = from_environment()
    if not settings.input.is_dir():
        yield dg.SkipReason(f"there is no drop folder {settings.input}")
        return
    days = list_days(settings.input)[-_DAYS_WATCHED:]
    landed = landed_files(settings, days)
    for day in days:
        files = arrived_files(settings, day)
        if BUSINESS_DATES.has_partition_key(day.isoformat()) and set(files) - landed[day]:
            digest = hashlib.sha256("\n".join(files).encode()).hexdigest()[:16]
            yield dg.RunRequest(f"{day} {digest}", partition_key=day.isoformat())


def arrived_files(settings: Settings, business_date: date) -> list[str]:
    """Names of the files of a date that have a manifest; none while files still come.

    Names are from outside: they are made printable, and only compared.
    """
    folder = settings.input / business_date.isoformat()
    manifests = [path for path in folder.iterdir() if path.name.endswith(SUFFIX)]
    # The time of the change of the entry itself: a sender cannot set it.
    newest = max((path.lstat().st_ctime for path in manifests), default=0)
    if time.time() - newest < _SECONDS_OF_QUIET:
        return []
    return sorted(ascii(path.name.removesuffix(SUFFIX)) for path in manifests)


def landed_files(settings: Settings, days: Sequence[date]) -> dict[date, set[str]]:
    """Names of the files of each date that the lake knows, printable."""
    landed: dict[date, set[str]] = {day: set() for day in days}
    if not days or not (settings.catalog or settings.lake_catalog.exists()):
        return landed
    with open_lake(settings, read_only=True) as lake:
        rows = lake.connection.execute(
            "SELECT business_date, name FROM land.files WHERE business_date BETWEEN ? AND ?",
            [days[0], days[-1]],
        ).fetchall()
    for day, name in rows:
        if day in landed:
            landed[day].add(ascii(name))
    return landed


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Alerts when a run fails (REPORTING_ALERT_WEBHOOK, REPORTING_ALERT_EMAIL).",
)
def run_failed(context: dg.RunFailureSensorContext) -> None:
    day = context.dagster_run.tags.get("dagster/partition", "no date")
    reason = reason_of([*context.get_step_failure_events(), context.failure_event])
    send_alert(from_environment(), f"run failed: {day}", reason)


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
        shown = lines[:_LINES_IN_ALERT]
        if len(lines) > len(shown):
            shown.append(f"and {len(lines) - len(shown)} more; see `reporting status`")
        send_alert(settings, f"{len(lines)} ERROR findings: {day}", "\n".join(shown))


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
