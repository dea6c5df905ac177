"""What a person is told after a run: the findings worth a message, each told once.

A cycle is run again when another of its files arrives, and so is a whole day.
``<home>/alerts/<date>.jsonl`` has a line for each finding that was told: which, when, and where.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from reporting.contract import END_OF_DAY
from reporting.lake import open_lake
from reporting.lake.selects import load_select
from reporting.rulebook import Severity, load_rulebook
from reporting.settings import Settings

OF_CYCLES, AT_END_OF_DAY = "RECOMPUTE-CYCLE-", "RECOMPUTE-"
"""How the ids of surveillance rules begin. The kind of alert follows and is the same in both."""
_MAX_LINES = 50


@dataclass(frozen=True)
class Notification:
    """A finding to tell a person. ``cycle``: an intraday cycle, the end of the day, or "" for a
    finding on the data of the date. A re-run may change the detail; cycle, rule and subject
    identify the notification."""

    rule_id: str
    severity: str
    owner: str
    subject: str
    detail: str
    cycle: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What identifies it."""
        return self.cycle, self.rule_id, self.subject

    @property
    def line(self) -> str:
        """The finding as a line of a message."""
        return f"{self.rule_id}  {self.subject}: {self.detail}"


@dataclass(frozen=True)
class Message:
    """A message to send. ``notifications``: what it tells, to be recorded once it is sent."""

    subject: str
    lines: list[str]
    notifications: list[Notification] = field(default_factory=list)

    @property
    def body(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def findings_message(settings: Settings, business_date: date, whole_day: bool) -> Message | None:
    """The ERROR findings of a date: after an intraday run those not told before, after a whole
    day all of them, and a line for each rule with WARN findings."""
    findings = _findings(settings, business_date)
    errors = [finding for finding in findings if finding.severity == Severity.ERROR]
    if not whole_day:
        errors = not_told(settings, business_date, errors)
    lines = _first_lines([error.line for error in errors])
    subject = f"{len(errors)} ERROR findings: {business_date}"
    warnings = [finding for finding in findings if finding.severity == Severity.WARN]
    if whole_day and warnings:
        lines += _lines_by_rule(warnings)
        subject = f"{len(errors)} ERROR and {len(warnings)} WARN findings: {business_date}"
    return Message(subject, lines, errors) if lines else None


def alerts_message(settings: Settings, business_date: date, whole_day: bool) -> Message | None:
    """The alerts of a date that were not told before: after an intraday run those of its latest
    cycle, after a whole day the exposures at its end."""
    alerts = _exposures if whole_day else _alerts_of_newest_cycle
    notifications = not_told(settings, business_date, alerts(settings, business_date))
    if not notifications:
        return None
    warnings = sum(alert.severity == Severity.WARN for alert in notifications)
    kind = "exposures" if whole_day else f"intraday alerts ({warnings} WARN)"
    return Message(
        f"{len(notifications)} {kind}: {business_date} {notifications[0].cycle}",
        _first_lines([f"{alert.severity}  {alert.line}" for alert in notifications]),
        notifications,
    )


def _first_lines(lines: list[str]) -> list[str]:
    """The lines; of very many the first, and how many more there are."""
    shown = lines[:_MAX_LINES]
    if len(lines) > len(shown):
        shown.append(f"and {len(lines) - len(shown)} more; see `reporting status`")
    return shown


def _lines_by_rule(findings: Sequence[Notification]) -> list[str]:
    """A line for each rule, with its owner and first finding: a rule may have hundreds, and its
    owner must investigate them."""
    lines = []
    for rule_id, group in groupby(findings, attrgetter("rule_id")):
        of_rule = list(group)
        first = of_rule[0]
        lines.append(
            f"{rule_id}  {len(of_rule)} for {first.owner}, the first: {first.subject}:"
            f" {first.detail}"
        )
    return lines


def _alerts_of_newest_cycle(settings: Settings, business_date: date) -> list[Notification]:
    """The alerts of the date's latest cycle, those that call for margin (WARN) first."""
    with open_lake(settings, read_only=True) as lake:
        (cycle,) = lake.connection.execute(
            load_select("studies/notifications/newest_cycle"), {"day": business_date}
        ).fetchone()
    alerts = [
        replace(finding, subject=finding.subject.removeprefix(f"{cycle} "), cycle=cycle)
        for finding in _findings(settings, business_date)
        if finding.rule_id.startswith(OF_CYCLES) and finding.subject.startswith(f"{cycle} ")
    ]
    return sorted(alerts, key=_margin_calls_first)


def _margin_calls_first(alert: Notification) -> tuple[bool, str, str]:
    return alert.severity != Severity.WARN, alert.rule_id, alert.subject


def _exposures(settings: Settings, business_date: date) -> list[Notification]:
    """The exposures at the end of the date."""
    rules = {rule.id for rule in load_rulebook().values() if rule.table == "recompute.exposures"}
    findings = _findings(settings, business_date)
    return [replace(finding, cycle=END_OF_DAY) for finding in findings if finding.rule_id in rules]


def _findings(settings: Settings, business_date: date) -> list[Notification]:
    """All findings of the date, in order of rule and subject."""
    with open_lake(settings, read_only=True) as lake:
        rows = lake.connection.execute(
            load_select("studies/notifications/findings"), {"day": business_date}
        ).fetchall()
    return [Notification(*row) for row in rows]


def not_told(
    settings: Settings, business_date: date, notifications: Sequence[Notification]
) -> list[Notification]:
    """Those that nobody was told, in order. An exposure at the end of the day counts as told if
    a cycle of the date told it."""
    path = _record(settings, business_date)
    told = set()
    if path.exists():
        records = [json.loads(line) for line in path.read_text().splitlines()]
        told = {(record["cycle"], record["rule_id"], record["subject"]) for record in records}
        told |= {
            (END_OF_DAY, rule_id.replace(OF_CYCLES, AT_END_OF_DAY, 1), subject)
            for _, rule_id, subject in told
        }
    return [notification for notification in notifications if notification.key not in told]


def record_told(
    settings: Settings,
    business_date: date,
    notifications: Sequence[Notification],
    places: Sequence[str],
) -> None:
    """Record that the notifications were sent to ``places``; without a place nothing was told."""
    if not places:
        return
    now = datetime.now(UTC).isoformat(timespec="seconds")
    lines = [
        json.dumps(
            {
                "cycle": notification.cycle,
                "rule_id": notification.rule_id,
                "subject": notification.subject,
                "severity": notification.severity,
                "words": notification.detail,
                "told_utc": now,
                "places": list(places),
            }
        )
        for notification in notifications
    ]
    path = _record(settings, business_date)
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write("".join(f"{line}\n" for line in lines))


def _record(settings: Settings, business_date: date) -> Path:
    return settings.home / "alerts" / f"{business_date}.jsonl"
