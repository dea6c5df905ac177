"""Sensors: run a date when its files arrive, and alert a person to what runs find."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

import dagster as dg

from reporting.contract import CYCLES, END_OF_DAY, STREAMS
from reporting.desk.failures import reason_of
from reporting.desk.jobs import DAY, INTRADAY
from reporting.desk.notify import send_alert
from reporting.desk.partitions import BUSINESS_DATES
from reporting.desk.told import Alert, not_told, note_told
from reporting.feeds.api import Arrival, arrivals, folder_changed_ns, list_days
from reporting.lake import open_lake
from reporting.lake.statements import select, statement
from reporting.rulebook import Severity, load_rulebook
from reporting.settings import Settings, from_environment
from reporting.stages.land.stage import cut_off_utc

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
    description=(
        "Alerts when a run ends with ERROR findings, within the day to those that no earlier run"
        " told of; after a whole day to all, and to its WARN findings, a line for each rule. INFO"
        " findings are for the record and are not sent."
    ),
)
def errors_found(context: dg.RunStatusSensorContext) -> None:
    settings = from_environment()
    day = context.dagster_run.tags.get("dagster/partition")
    if day is None:
        return
    business_date = date.fromisoformat(day)
    whole_day = context.dagster_run.job_name == DAY.name
    errors = error_findings(settings, business_date)
    if not whole_day:
        errors = not_told(settings, business_date, errors)
    lines = _first([error.finding for error in errors])
    subject = f"{len(errors)} ERROR findings: {day}"
    if whole_day:
        warned, count = warn_findings(settings, business_date)
        if warned:
            lines += warned
            subject = f"{len(errors)} ERROR and {count} WARN findings: {day}"
    if lines:
        places = send_alert(settings, subject, "\n".join(lines))
        note_told(settings, business_date, errors, places)


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[DAY, INTRADAY],
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Alerts to losses, shortfalls and exposures of the cycle that was run, and after a whole"
        " day to the exposures at its end that no cycle told of; each alert is told once, however"
        " often the cycle or the day is run again."
    ),
)
def alerts_raised(context: dg.RunStatusSensorContext) -> None:
    settings = from_environment()
    day = context.dagster_run.tags.get("dagster/partition")
    if day is None:
        return
    business_date = date.fromisoformat(day)
    whole_day = context.dagster_run.job_name == DAY.name
    raised = exposures_at_end if whole_day else newest_alerts
    alerts = not_told(settings, business_date, raised(settings, business_date))
    if alerts:
        calls = sum(alert.severity == Severity.WARN for alert in alerts)
        kind = "exposures" if whole_day else f"intraday alerts ({calls} WARN)"
        subject = f"{len(alerts)} {kind}: {day} {alerts[0].cycle}"
        lines = _first([alert.line for alert in alerts])
        places = send_alert(settings, subject, "\n".join(lines))
        note_told(settings, business_date, alerts, places)


def _first(lines: list[str]) -> list[str]:
    """The first lines, if they are many."""
    shown = lines[:_LINES_IN_ALERT]
    if len(lines) > len(shown):
        shown.append(f"and {len(lines) - len(shown)} more; see `reporting status`")
    return shown


def newest_alerts(settings: Settings, business_date: date) -> list[Alert]:
    """The alerts of the latest cycle of a date, those that call for margin (WARN) first."""
    with open_lake(settings, read_only=True) as lake:
        rows = lake.connection.execute(
            "SELECT cycles.cycle, found.rule_id, found.subject, found.severity, found.detail"
            " FROM recompute.findings AS found"
            " JOIN (SELECT MAX(cycle) AS cycle FROM recompute.cycles WHERE business_date = $day)"
            "  AS cycles ON starts_with(found.subject, cycles.cycle || ' ')"
            " WHERE found.business_date = $day AND found.rule_id LIKE 'RECOMPUTE-CYCLE-%'"
            " ORDER BY found.severity <> 'WARN', found.rule_id, found.subject",
            {"day": business_date},
        ).fetchall()
    return [
        Alert(cycle, rule, subject.removeprefix(f"{cycle} "), severity, detail)
        for cycle, rule, subject, severity, detail in rows
    ]


def exposures_at_end(settings: Settings, business_date: date) -> list[Alert]:
    """The exposures of a date at its end of day, by rule and subject."""
    rules = [rule.id for rule in load_rulebook().values() if rule.table == "recompute.exposures"]
    with open_lake(settings, read_only=True) as lake:
        rows = lake.connection.execute(
            "SELECT rule_id, subject, severity, detail FROM recompute.findings"
            " WHERE business_date = $day AND rule_id = ANY ($rules) ORDER BY ALL",
            {"day": business_date, "rules": rules},
        ).fetchall()
    return [Alert(END_OF_DAY, *row) for row in rows]


_FINDINGS = """
SELECT * FROM land.findings UNION ALL SELECT * FROM validate.findings
UNION ALL SELECT * FROM recompute.findings UNION ALL SELECT * FROM stress.findings
UNION ALL SELECT * FROM disclose.findings
"""


def error_findings(settings: Settings, business_date: date) -> list[Alert]:
    """The ERROR findings of a date."""
    with open_lake(settings, read_only=True) as lake:
        rows = lake.connection.execute(
            statement(
                "SELECT rule_id, subject, detail FROM ({findings})"
                " WHERE business_date = $day AND severity = 'ERROR' ORDER BY ALL",
                findings=select(_FINDINGS),
            ),
            {"day": business_date},
        ).fetchall()
    return [Alert("", rule, subject, Severity.ERROR, detail) for rule, subject, detail in rows]


def warn_findings(settings: Settings, business_date: date) -> tuple[list[str], int]:
    """The WARN findings of a date, one line for each rule with the first of them, and their
    number: a rule may find hundreds, and whose it is has to look."""
    with open_lake(settings, read_only=True) as lake:
        rows = lake.connection.execute(
            statement(
                "SELECT rule_id, ANY_VALUE(owner), COUNT(*),"
                " MIN_BY(subject || ': ' || detail, (subject, detail))"
                " FROM ({findings}) WHERE business_date = $day AND severity = 'WARN'"
                " GROUP BY rule_id ORDER BY rule_id",
                findings=select(_FINDINGS),
            ),
            {"day": business_date},
        ).fetchall()
    lines = [
        f"{rule}  {count} for {owner}, the first: {first}" for rule, owner, count, first in rows
    ]
    return lines, sum(count for _, _, count, _ in rows)
