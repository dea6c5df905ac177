"""Stage land: the drop folder of a date becomes tables of text, with what was refused."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pyarrow

from reporting.clock import NEW_YORK
from reporting.contract import STREAMS
from reporting.engine.day import Day, Rows
from reporting.engine.stage import Producer, StageResult, run_stage
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
        _known(day),
        settings.staging,
        waiting_allowed=waiting_allowed,
        accepted=released(settings),
    )
    with day.reading():
        loaded = load(day.connection, landing)
        reached = progress(day.connection, business_date, waiting_allowed)
    produce = _Landed(reached)
    found = [
        (load_rulebook()[finding.rule_id], finding)
        for finding in [*reached.due(landing.findings), *loaded.findings]
    ]
    producers: dict[str, Producer] = {f"land.{name}": produce for name in STREAMS}
    producers |= dict.fromkeys(("land.files", "land.progress", "land.quarantine"), produce)
    result = run_stage(day, "land", producers, found)
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


class _Landed:
    """The temporary tables that loading made, by the lake table that they fill."""

    def __init__(self, reached: Progress) -> None:
        self._reached = reached

    def __call__(self, _: Day) -> Mapping[str, Rows]:
        names = [*STREAMS, "files", "quarantine"]
        made: dict[str, Rows] = {f"land.{name}": f"temp.landing_{name}" for name in names}
        return made | {"land.progress": _progress_row(self._reached)}


def _progress_row(reached: Progress) -> pyarrow.Table:
    moment = reached.complete_to_utc
    return pyarrow.table(
        {
            "latest_cycle": [reached.latest_cycle],
            "part_of_day": [reached.part_of_day],
            "complete_to_utc": pyarrow.array(
                [moment and moment.replace(tzinfo=None)], pyarrow.timestamp("us")
            ),
        }
    )


def _known(day: Day) -> list[KnownFile]:
    rows = day.connection.execute(
        "SELECT sender, stream, sequence, file_sha256, business_date, status"
        " FROM land.files WHERE business_date <> ? ORDER BY ALL",
        [day.business_date],
    ).fetchall()
    return [KnownFile(*row) for row in rows]
