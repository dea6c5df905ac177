"""Business dates and cycle times.

The business date is the New York calendar day, weekends and holidays included:
these markets trade round the clock (feeds.md). The end-of-day cycle is the
following midnight in New York, on both daylight-saving days too.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")


def business_date_of(moment: datetime) -> date:
    """Business date of an aware time stamp."""
    return moment.astimezone(NEW_YORK).date()


def end_of_day_utc(business_date: date) -> datetime:
    """Time of the end-of-day cycle of ``business_date``, as aware UTC."""
    following = business_date + timedelta(days=1)
    midnight = datetime(following.year, following.month, following.day, tzinfo=NEW_YORK)
    return midnight.astimezone(UTC)


def cycle_utc(business_date: date, cycle: str) -> datetime:
    """Time of an intraday cycle of ``business_date``, named by its New York time, as aware UTC."""
    moment = datetime.combine(business_date, time.fromisoformat(cycle), tzinfo=NEW_YORK)
    return moment.astimezone(UTC)


def dates_between(first: date, last: date) -> list[date]:
    """All business dates from ``first`` to ``last``, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
