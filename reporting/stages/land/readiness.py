"""Which business dates of the drop folder are ready to be run.

For those who ask often whether something new arrived: only manifests and the lake's list of
landed files are read.
"""

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from reporting.contract import CYCLES, END_OF_DAY, STREAMS
from reporting.feeds.api import Arrival, arrivals, folder_changed_ns, list_days
from reporting.lake import open_lake
from reporting.lake.selects import load_select
from reporting.settings import Settings
from reporting.stages.land.stage import cut_off_utc

NEWEST_DAYS = 7
"""The newest dates of the drop folder are always watched."""
SECONDS_OF_QUIET = 60
"""A date is ready once none of its files has changed for this long."""
SECONDS_LOOKED_BACK = 600
"""A folder that changed shortly before one look is looked at again: its files were settling."""
_PRICES = "market_price_snapshot"


@dataclass(frozen=True)
class ReadyDate:
    """A date to run. ``cycle``: the end of the day, or the intraday cycle to run it for.
    ``key`` differs whenever the files do."""

    business_date: date
    cycle: str
    key: str


def ready_dates(settings: Settings, since_ns: int | None) -> Iterator[ReadyDate]:
    """The watched dates that can be run and have a file that was never landed.

    ``since_ns``: when the folders were last looked at, None for never.
    """
    days = _watched(settings, since_ns)
    landed = _landed_files(settings, days)
    for day in days:
        files, cycle = _ready_files(settings, day)
        if any((ascii(file.name), file.sha256) not in landed[day] for file in files):
            name = "" if cycle == END_OF_DAY else f" {cycle}"
            yield ReadyDate(day, cycle, f"{day}{name} {_digest(files)}")


def _digest(files: Sequence[Arrival]) -> str:
    """Names, hashes and times as one short text. The time counts because a file that was damaged
    on its way comes again under the name and the hash that were right before."""
    parts = [f"{file.name!a} {file.sha256} {file.changed_ns}" for file in files]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _watched(settings: Settings, since_ns: int | None) -> list[date]:
    """The newest dates, and older ones whose folder changed since the last look.

    The first look of all takes the newest only: a history that was there before is for
    `reporting backfill`.
    """
    days = list_days(settings.input)
    older, newest = days[:-NEWEST_DAYS], days[-NEWEST_DAYS:]
    if since_ns is None:
        return newest
    return [day for day in older if folder_changed_ns(settings.input, day) >= since_ns] + newest


def _ready_files(settings: Settings, business_date: date) -> tuple[Sequence[Arrival], str]:
    """Files of a date that have a manifest, and the cycle that they are enough for; no files
    while the date is not ready.

    It is not ready while files still arrive. Before the cut-off the end of the day needs a file
    of every daily stream; an intraday cycle needs its prices and every other stream that margin
    is computed from. Names are from outside: they are made printable, and only compared.
    """
    files = arrivals(settings.input, business_date)
    newest_ns = max((file.changed_ns for file in files), default=0)
    if time.time_ns() - newest_ns < SECONDS_OF_QUIET * 10**9:
        return [], ""
    if datetime.now(UTC) >= cut_off_utc(settings, business_date):
        return files, END_OF_DAY
    there = {file.stream for file in files if file.is_there}
    prices = {file.cycle for file in files if file.is_there and file.stream == _PRICES}
    cycle = next((cycle for cycle in reversed(CYCLES) if cycle in prices), END_OF_DAY)
    whole = cycle == END_OF_DAY
    needed = {s.name for s in STREAMS.values() if (s.daily if whole else s.each_cycle)}
    return (files, cycle) if needed <= there else ([], "")


def _landed_files(settings: Settings, days: Sequence[date]) -> dict[date, set[tuple[str, str]]]:
    """Name, printable, and hash of the files of each date that need not be landed again.

    A refused file may come again with a manifest that fits it. Any other file stays what it
    is; other bytes under its name are another file.
    """
    landed: dict[date, set[tuple[str, str]]] = {day: set() for day in days}
    if not days or not (settings.catalog or settings.lake_catalog.exists()):
        return landed
    with open_lake(settings, read_only=True) as lake:
        rows = lake.connection.execute(
            load_select("land/reads/files_not_to_land_again"), {"days": list(days)}
        ).fetchall()
    for day, name, sha256 in rows:
        landed[day].add((ascii(name), sha256))
    return landed
