"""New York business dates and UTC times of the simulated venue.

The business date is the New York calendar day; the end-of-day cycle is its midnight.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
MICROS = 1_000_000


def new_york(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> int:
    """UTC time in microseconds of a New York wall-clock time; ``hour`` 24 is next midnight."""
    if hour == 24:
        day, hour = day + timedelta(days=1), 0
    local = datetime.combine(day, time(hour, minute, second), NEW_YORK)
    return int(local.timestamp()) * MICROS


def cycle(day: date, name: str) -> int:
    """UTC time in microseconds of an intraday cycle, named by its New York time."""
    return new_york(day, *map(int, name.split(":")))


def day_bounds(day: date) -> tuple[int, int]:
    """First microsecond of the business date and of the one after it."""
    return new_york(day), new_york(day, 24)


def parse_utc(text: str) -> int:
    """UTC microseconds of an ISO time with offset (``Z``, ``+00`` or ``+00:00``)."""
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))


def business_date(text: str) -> date:
    """New York calendar day of an ISO time with offset."""
    return datetime.fromisoformat(text).astimezone(NEW_YORK).date()


def utc_text(micros: int) -> str:
    """``2026-05-04T14:00:00Z`` from UTC microseconds, whole seconds."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def days_between(first: date, last: date) -> list[date]:
    """Every calendar day from first to last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
