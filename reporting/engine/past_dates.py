"""The business dates before a date, as the table ``recompute.days`` lists them."""

from datetime import date, timedelta

from reporting.engine.day import Day

_EARLIER = """
SELECT earlier_business_dates
FROM recompute.days
WHERE business_date = $business_date
"""


def earlier_dates(day: Day, days: int | None = None) -> list[date]:
    """Dates recomputed before the date, latest first: all that are known (up to 365), or those
    less than so many ``days`` before it."""
    (found,) = day.query(_EARLIER).fetchone()
    dates = [date.fromisoformat(each) for each in found.split()]
    if days is None:
        return dates
    return [each for each in dates if each > day.business_date - timedelta(days)]
