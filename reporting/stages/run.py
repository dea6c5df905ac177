"""A whole business date, stage by stage, or many dates in order."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from reporting import files
from reporting.clock import dates_between
from reporting.engine.day import Workbench
from reporting.engine.run_record import to_json
from reporting.engine.stage import StageResult
from reporting.engine.tables import lake_columns
from reporting.errors import UserError
from reporting.feeds.api import list_days
from reporting.lake import Lake, ensure_tables, open_lake
from reporting.lake.selects import load_select
from reporting.settings import Settings
from reporting.stages.disclose.stage import disclose
from reporting.stages.land.stage import land
from reporting.stages.recompute.stage import recompute
from reporting.stages.stress.stage import stress
from reporting.stages.validate.stage import validate

# On small tables a second DuckDB thread costs more than it saves: a day of the real tape took twice
# the processor time with two threads. Results do not depend on it.
_SMALL_DAY_BYTES = 64 << 20


@contextmanager
def workbench(settings: Settings) -> Iterator[Workbench]:
    """The lake, open for writing by this process alone, with all tables in place."""
    settings.home.mkdir(parents=True, exist_ok=True)
    if not settings.threads and _largest_day_bytes(settings.input) < _SMALL_DAY_BYTES:
        settings = replace(settings, threads=1)
    with _single_writer(settings), open_lake(settings) as lake:
        ensure_tables(lake, lake_columns())
        yield Workbench(lake)


def _largest_day_bytes(inbox: Path) -> int:
    """Bytes of the largest day in the drop folder, 0 when there is none."""
    if not inbox.is_dir():
        return 0
    return max((_folder_bytes(inbox / day.isoformat()) for day in list_days(inbox)), default=0)


def _folder_bytes(folder: Path) -> int:
    with os.scandir(folder) as entries:
        return sum(entry.stat(follow_symlinks=False).st_size for entry in entries)


def run_stage_of(
    bench: Workbench, settings: Settings, stage: str, business_date: date, with_packs: bool = True
) -> StageResult:
    """Run one stage of one date and write its run record."""
    day = bench.day(business_date)
    if stage == "land":
        result = land(day, settings, datetime.now(UTC))
    elif stage == "validate":
        result = validate(day)
    elif stage == "recompute":
        result = recompute(day, settings.scenarios, settings.replica_draws)
    elif stage == "stress":
        result = stress(day)
    else:
        result = disclose(day, settings, with_packs)
    _write_record(settings, result)
    return result


def days_to_run(
    lake: Lake, settings: Settings, first: date, last: date, catch_up: bool = True
) -> list[date]:
    """The dates of the drop folder to run, in order.

    Positions are carried from day to day, so an earlier day that was never run, or only before its
    end-of-day data, is run first.
    """
    if not settings.input.is_dir():
        raise UserError(
            f"there is no drop folder {settings.input}; make one with"
            " `reporting simulate --out ...` or give another --input"
        )
    available = list_days(settings.input)
    wanted = [day for day in dates_between(first, last) if day in set(available)]
    if not wanted:
        raise UserError(
            f"{settings.input} has no folder for {first} to {last}"
            + (f"; it holds {available[0]} to {available[-1]}" if available else "; it is empty")
        )
    if not catch_up:
        return wanted
    whole = lake.connection.execute(load_select("engine/whole_days")).fetchall()
    done = {row[0] for row in whole}
    return [day for day in available if day < wanted[0] and day not in done] + wanted


def later_days(lake: Lake, business_date: date) -> list[date]:
    """Dates recomputed after ``business_date``: they carry its positions."""
    rows = lake.connection.execute(
        load_select("engine/later_dates"), {"business_date": business_date}
    ).fetchall()
    return [row[0] for row in rows]


def _write_record(settings: Settings, result: StageResult) -> None:
    folder = settings.runs / result.business_date.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    files.write(folder / f"{result.stage}.json", to_json(result) + "\n")


@contextmanager
def _single_writer(settings: Settings) -> Iterator[None]:
    """One writer at a time: the SQLite catalog takes no more, and days build on days."""
    path = settings.home / "writer.lock"
    with open(path, "a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(
                f"another run is writing to {settings.home}; wait for it to end"
            ) from None
        yield
