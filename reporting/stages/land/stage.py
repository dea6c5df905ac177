"""Stage land: the drop folder of a date becomes tables of text, with what was refused."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from reporting.clock import NEW_YORK
from reporting.engine.day import Day
from reporting.engine.stage import StageResult, run_stage
from reporting.feeds.api import KnownFile, Progress, Store, land_day, load, progress
from reporting.rulebook import load_rulebook
from reporting.settings import Settings


def land(day: Day, settings: Settings, now: datetime) -> StageResult:
    """Land one date. ``now`` only decides whether a missing file may still come."""
    business_date = day.business_date
    waiting_allowed = now < cut_off_utc(settings, business_date)
    landing = land_day(
        settings.input,
        business_date,
        Store(settings.store),
        [KnownFile(*row) for row in day.read("land/reads/known_files").fetchall()],
        settings.staging,
        waiting_allowed=waiting_allowed,
        accepted=released(settings),
    )
    with day.reading():
        loaded = load(day.connection, landing)
        reached = progress(day.connection, business_date, waiting_allowed)
    findings = [
        (load_rulebook()[finding.rule_id], finding)
        for finding in [*reached.due(landing.findings), *loaded.findings]
    ]
    result = run_stage(day, "land", LandValues(reached), findings)
    for path in settings.staging.glob("*"):
        if path.is_file():
            path.unlink()
    return result


def cut_off_utc(settings: Settings, business_date: date) -> datetime:
    """Until when a file of the date is waited for: a New York time on the next day."""
    moment = datetime.combine(business_date + timedelta(days=1), settings.cut_off, tzinfo=NEW_YORK)
    return moment.astimezone(UTC)


def released(settings: Settings) -> frozenset[str]:
    """Hashes of files that a person released from a conflict over a sequence number.

    One hash per line in ``<home>/released-files.txt``; what follows a ``#`` says who and why.
    """
    path = settings.home / "released-files.txt"
    if not path.exists():
        return frozenset()
    hashes = (line.partition("#")[0].strip() for line in path.read_text().splitlines())
    return frozenset(text for text in hashes if text)


@dataclass(frozen=True)
class LandValues:
    """What the tables of the stage need beside the temporary tables of loading."""

    progress: Progress
