"""Which alerts a person has been told of, so that each is told once.

A cycle is run again when another file of it comes, and so is a whole day.
``<home>/alerts/<date>.jsonl`` has a line for each alert that was sent: which, when, and to which
places.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from reporting.contract import END_OF_DAY
from reporting.settings import Settings

OF_CYCLES, AT_END_OF_DAY = "RECOMPUTE-CYCLE-", "RECOMPUTE-"
"""How the ids of rules on alerts begin; what follows is the kind, the same in both."""


@dataclass(frozen=True)
class Alert:
    """A finding of an intraday cycle, of the end of the day, or ("") of the data of a date. What it
    says may change when that is run again; it is the same alert as long as cycle, rule and subject
    are the same."""

    cycle: str
    rule_id: str
    subject: str
    severity: str
    words: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.cycle, self.rule_id, self.subject

    @property
    def line(self) -> str:
        return f"{self.severity}  {self.finding}"

    @property
    def finding(self) -> str:
        return f"{self.rule_id}  {self.subject}: {self.words}"


def not_told(settings: Settings, business_date: date, alerts: Sequence[Alert]) -> list[Alert]:
    """Those of the alerts that nobody was told of, in order. What is still so at the end of the
    day was told if a cycle of the date told of it."""
    path = _record(settings, business_date)
    told = set()
    if path.exists():
        records = [json.loads(line) for line in path.read_text().splitlines()]
        told = {(each["cycle"], each["rule_id"], each["subject"]) for each in records}
        told |= {(END_OF_DAY, _at_end_of_day(rule), subject) for _, rule, subject in told}
    return [alert for alert in alerts if alert.key not in told]


def note_told(
    settings: Settings, business_date: date, alerts: Sequence[Alert], places: Sequence[str]
) -> None:
    """Put on record that the alerts were sent to ``places``; nothing where that is nowhere."""
    if not places:
        return
    now = datetime.now(UTC).isoformat(timespec="seconds")
    lines = [
        json.dumps(
            {
                "cycle": alert.cycle,
                "rule_id": alert.rule_id,
                "subject": alert.subject,
                "severity": alert.severity,
                "words": alert.words,
                "told_utc": now,
                "places": list(places),
            }
        )
        for alert in alerts
    ]
    path = _record(settings, business_date)
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write("".join(f"{line}\n" for line in lines))


def _at_end_of_day(rule_id: str) -> str:
    return rule_id.replace(OF_CYCLES, AT_END_OF_DAY, 1)


def _record(settings: Settings, business_date: date) -> Path:
    return settings.home / "alerts" / f"{business_date}.jsonl"
