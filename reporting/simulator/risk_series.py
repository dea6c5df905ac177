"""Broader risk series, such as the VIX, as files of real daily closes.

Belongs here: reading the files, and which closes are known on a date. Like the tape, they are
published data; nothing is simulated.
"""

import csv
import re
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from reporting.simulator.errors import SimulationError

HISTORY_DAYS = 366
"""Days of history that come with the first date: a move needs the value before it."""
COLUMNS = ("series_id", "date", "value", "unit")
"""The layout of the stream ``benchmarks`` that the files are written in."""
UNIT = "close"

_VALUES = ("close", "price", "value")
_NUMBER = re.compile(r"-?[0-9]{1,14}(\.[0-9]{1,12})?")


class Close(NamedTuple):
    """The value of a series on a date, as its file writes it."""

    series_id: str
    day: date
    value: str


def read_closes(folder: Path) -> list[Close]:
    """The closes of every CSV file in the folder, by date and series.

    A file holds one series, named by its file name up to the first ``_`` or ``-``. Its header has
    a column ``date`` and one of ``close``, ``price`` or ``value``, in any case. A date without a
    value is left out. Raises SimulationError, which names the file and the line.
    """
    closes, file_of = [], {}
    for path in sorted(folder.glob("*.csv")):
        series = re.split("[_-]", path.stem)[0].upper()
        if series in file_of:
            raise SimulationError(f"{path}: {file_of[series]} holds the series {series} already")
        file_of[series] = path.name
        closes += _read(path, series)
    if not closes:
        raise SimulationError(
            f"{folder}: no risk series here; expected CSV files with a date and a close"
        )
    return sorted(closes, key=lambda close: (close.day, close.series_id))


def known_since(closes: list[Close], first: date, day: date) -> list[Close]:
    """What becomes known on ``day``: its own closes, and on the first date the year before too.

    A close counts as known on its own date, since a date's files are sent the morning after.
    """
    start = first - timedelta(days=HISTORY_DAYS) if day == first else day
    return [close for close in closes if start <= close.day <= day]


def _read(path: Path, series: str) -> list[Close]:
    by_day: dict[date, Close] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file)
            names = [name.strip().lower() for name in next(rows, [])]
            at, value_at = _columns(path, names)
            for row in rows:
                if not row or len(row) <= max(at, value_at) or not row[value_at].strip():
                    continue
                close = _close(path, rows.line_num, series, row[at].strip(), row[value_at].strip())
                if close.day in by_day:
                    raise SimulationError(f"{path}, line {rows.line_num}: {close.day} comes twice")
                by_day[close.day] = close
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SimulationError(f"{path}: the series cannot be read: {error}") from error
    return list(by_day.values())


def _columns(path: Path, names: list[str]) -> tuple[int, int]:
    values = [name for name in _VALUES if name in names]
    if "date" not in names or not values:
        raise SimulationError(
            f"{path}: no column date with one of {', '.join(_VALUES)}; the header says"
            f" {', '.join(names) or 'nothing'}"
        )
    return names.index("date"), names.index(values[0])


def _close(path: Path, line: int, series: str, day: str, value: str) -> Close:
    try:
        at = date.fromisoformat(day)
    except ValueError:
        raise SimulationError(f"{path}, line {line}: {day!r} is not a date") from None
    if not _NUMBER.fullmatch(value):
        raise SimulationError(f"{path}, line {line}: {value!r} is not a number")
    return Close(series, at, value)
