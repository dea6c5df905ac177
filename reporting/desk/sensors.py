"""Sensors: run a date when its files arrive, and alert a person to what runs find."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

import dagster as dg

from reporting.alerts import send_alert
from reporting.contract import CYCLES, END_OF_DAY, STREAMS
from reporting.desk.failures import reason_of
from reporting.desk.jobs import DAY, INTRADAY
from reporting.desk.partitions import BUSINESS_DATES
from reporting.feeds.api import Arrival, arrivals, folder_changed_ns, list_days
from reporting.lake import open_lake
from reporting.pipeline.land import cut_off_utc
from reporting.settings import Settings, from_environment

_NEWEST_DAYS = 7
_SECONDS_OF_QUIET = 60
# A folder that changed shortly before a tick is looked at again: its files still settled.
_SECONDS_LOOKED_BACK = 600
_LINES_IN_ALERT = 50
_PRICES = "market_price_snapshot"


@dg.sensor(
    jobs=[DAY, INTRADAY],
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Runs a business date when files of it arrived that were never landed, once nothing"
        f" has come for {_SECONDS_OF_QUIET} seconds; before its cut-off the whole day only when"
        " every daily stream is there, and its cycles so far when the prices of one have come."
        f" Watches the newest {_NEWEST_DAYS} dates, and older ones whose"
        " folder changes."
    ),
)
def files_arrived(
    context: dg.SensorEvaluationContext,
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    settings = from_environment()
    if not settings.input.is_dir():
        yield dg.SkipReason(f"there is no drop folder {settings.input}")
        return
    started_ns = time.time_ns()
    days = watched_days(settings, int(context.cursor) if context.cursor else None)
    landed = landed_files(settings, days)
    for day in days:
        if not BUSINESS_DATES.has_partition_key(day.isoformat()):
            continue
        files, cycle = ready_files(settings, day)
        if any((ascii(file.name), file.sha256) not in landed[day] for file in files):
            # Dagster drops a request whose key it has seen, so that a file that lands in no
            # way is tried once. The time is in the key because a file that was damaged on
            # its way comes again under the name and the hash that were right before.
            parts = [f"{file.name!a} {file.sha256} {file.changed_ns}" for file in files]
            digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
            job, name = (DAY, "") if cycle == END_OF_DAY else (INTRADAY, f" {cycle}")
            yield dg.RunRequest(
                f"{day}{name} {digest}", job_name=job.name, partition_key=day.isoformat()
            )
    context.update_cursor(str(started_ns - _SECONDS_LOOKED_BACK * 10**9))


def watched_days(settings: Settings, since_ns: int | None) -> list[date]:
    """The newest dates, and the older ones whose folder changed since the last tick.

    The first tick of all watches the newest only: a history that was there before the desk
    is for `reporting backfill`.
    """
    days = list_days(settings.input)
    older, newest = days[:-_NEWEST_DAYS], days[-_NEWEST_DAYS:]
    if since_ns is None:
        return newest
    return [day for day in older if folder_changed_ns(settings.input, day) >= since_ns] + newest


def ready_files(settings: Settings, business_date: date) -> tuple[Sequence[Arrival], str]:
    """Files of a date that have a manifest, and the cycle for which they can be run; none
    while it cannot be run.

    It cannot while files still come. Before the cut-off, the end of the day needs a file of
    every daily stream, and an intraday cycle its prices and what else margin cannot be
    computed without. Names are from outside: they are made printable, and only compared.
    """
    files = arrivals(settings.input, business_date)
    newest_ns = max((file.changed_ns for file in files), default=0)
    if time.time_ns() - newest_ns < _SECONDS_OF_QUIET * 10**9:
        return [], ""
    if datetime.now(UTC) >= cut_off_utc(settings, business_date):
        return files, END_OF_DAY
    there = {file.stream for file in files if file.is_there}
    prices = {file.cycle for file in files if file.is_there and file.stream == _PRICES}
    cycle = next((cycle for cycle in reversed(CYCLES) if cycle in prices), END_OF_DAY)
    whole = cycle == END_OF_DAY
    needed = {s.name for s in STREAMS.values() if (s.daily if whole else s.each_cycle)}
    return (files, cycle) if needed <= there else ([], "")


def landed_files(settings: Settings, days: Sequence[date]) -> dict[date, set[tuple[str, str]]]:
    """Name, printable, and hash of the files of each date that need not be landed again.

    A refused file may have come again, with a manifest that fits it now. All others can
    only become what they are; other bytes under the name are another file.
    """
    landed: dict[date, set[tuple[str, str]]] = {day: set() for day in days}
    if not days or not (settings.catalog or settings.lake_catalog.exists()):
        return landed
    with open_lake(settings, read_only=True) as lake:
        rows = lake.connection.execute(
            "SELECT business_date, name, file_sha256 FROM land.files"
            " WHERE business_date = ANY (?) AND status IS DISTINCT FROM 'REFUSED'",
            [list(days)],
        ).fetchall()
    for day, name, sha256 in rows:
        landed[day].add((ascii(name), sha256))
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
    _tell(settings, f"ERROR findings: {day}", error_findings(settings, date.fromisoformat(day)))


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[INTRADAY],
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Alerts to losses, shortfalls and exposures of the cycle that was run.",
)
def alerts_raised(context: dg.RunStatusSensorContext) -> None:
    settings = from_environment()
    day = context.dagster_run.tags["dagster/partition"]
    cycle, lines = newest_alerts(settings, date.fromisoformat(day))
    _tell(settings, f"intraday alerts: {day} {cycle}", lines)


def _tell(settings: Settings, subject: str, lines: list[str]) -> None:
    """Send lines, if there are any, the first ones if they are many."""
    if lines:
        shown = lines[:_LINES_IN_ALERT]
        if len(lines) > len(shown):
            shown.append(f"and {len(lines) - len(shown)} more; see `reporting status`")
        send_alert(settings, f"{len(lines)} {subject}", "\n".join(shown))


def newest_alerts(settings: Settings, business_date: date) -> tuple[str, list[str]]:
    """The latest cycle of a date and its alerts, one line each, calls for margin first."""
    with open_lake(settings, read_only=True) as lake:
        rows = lake.connection.execute(
            "SELECT cycle, kind, subject, words FROM recompute.cycle_alerts"
            " WHERE business_date = $day AND cycle = ("
            "  SELECT MAX(cycle) FROM recompute.cycles WHERE business_date = $day)"
            " ORDER BY kind NOT IN ('LOSS', 'SHORTFALL'), kind, subject",
            {"day": business_date},
        ).fetchall()
    return (rows[0][0] if rows else ""), [f"{row[1]}  {row[2]}: {row[3]}" for row in rows]


def error_findings(settings: Settings, business_date: date) -> list[str]:
    """The ERROR findings of a date, one line each."""
    with open_lake(settings, read_only=True) as lake:
        rows = lake.connection.execute(
            "SELECT rule_id, subject, detail FROM ("
            " SELECT * FROM land.findings UNION ALL SELECT * FROM validate.findings"
            " UNION ALL SELECT * FROM recompute.findings UNION ALL SELECT * FROM stress.findings"
            " UNION ALL SELECT * FROM disclose.findings"
            ") WHERE business_date = ? AND severity = 'ERROR' ORDER BY ALL",
            [business_date],
        ).fetchall()
    return [f"{rule}  {subject}: {detail}" for rule, subject, detail in rows]
