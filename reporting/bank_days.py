"""Days on which banks send no wires: weekends and federal holidays, as the Reserve Banks keep them.

A holiday on a Sunday is kept on the Monday after; one on a Saturday closes no other day. The
calendar is that of the library ``holidays``.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import holidays

_SATURDAY, _MONDAY = 5, 0
_DAY = timedelta(days=1)


def why_closed(day: date) -> str:
    """Why banks send no wires on a day; "" if they do."""
    if day.weekday() >= _SATURDAY:
        return "weekend"
    name = _federal(day.year).get(day, "")
    if not name and day.weekday() == _MONDAY:
        sunday = day - _DAY
        name = _federal(sunday.year).get(sunday, "")
    return name


def coming_closed_days(day: date) -> Iterator[tuple[date, str]]:
    """The days without wires that follow a day at once, each with its reason."""
    following = day + _DAY
    while reason := why_closed(following):
        yield following, reason
        following += _DAY


@cache
def _federal(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("US", years=year, observed=False))
