"""The business dates before a date, as the table ``recompute.days`` lists them."""

from datetime import date, timedelta

from reporting.engine.day import Day


def earlier_dates(day: Day, days: int | None = None) -> list[date]:
    """Dates recomputed before the date, latest first, up to 365.

    days: only the dates less than so many days before it.
    """
    (listed,) = day.read("engine/earlier_dates").fetchone()
    dates = [date.fromisoformat(text) for text in listed.split()]
    if days is None:
        return dates
    return [earlier for earlier in dates if earlier > day.business_date - timedelta(days)]
