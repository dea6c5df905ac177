"""Business dates and cycle times.

A business date is a New York calendar day. Weekends and holidays are business dates too,
because these markets trade round the clock (docs/feeds.md). The end-of-day cycle is the
following midnight in New York, also on the two days when the clocks change.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")


def business_date_of(moment: datetime) -> date:
    """Business date of a timezone-aware moment."""
    return moment.astimezone(NEW_YORK).date()


def end_of_day_utc(business_date: date) -> datetime:
    """Time of the end-of-day cycle of ``business_date``, in UTC, timezone-aware."""
    following = business_date + timedelta(days=1)
    midnight = datetime(following.year, following.month, following.day, tzinfo=NEW_YORK)
    return midnight.astimezone(UTC)


def cycle_utc(business_date: date, cycle: str) -> datetime:
    """Time of an intraday cycle (named by its New York time), in UTC, timezone-aware."""
    moment = datetime.combine(business_date, time.fromisoformat(cycle), tzinfo=NEW_YORK)
    return moment.astimezone(UTC)


def dates_between(first: date, last: date) -> list[date]:
    """All business dates from ``first`` to ``last``, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
