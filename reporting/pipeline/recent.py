"""Rows of earlier dates that this process has committed or read.

A stage that looks back at dates before would read the lake for them, tens of milliseconds a
table and date. One process writes at a time, so these rows stay as they are until it commits
the date again. Long tables are left out: memory is for the day.
"""

from collections.abc import Sequence
from datetime import date

import pyarrow

_MOST_ROWS = 50_000
_MOST_DATES = 400


class Recent:
    """Rows by table and date, the dates remembered latest."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[date, pyarrow.Table]] = {}

    def put(self, name: str, business_date: date, rows: pyarrow.Table) -> None:
        """Remember the rows that the lake has of a table and date, not those of before."""
        dates = self._rows.setdefault(name, {})
        dates.pop(business_date, None)
        if len(rows) <= _MOST_ROWS:
            dates[business_date] = rows
        while len(dates) > _MOST_DATES:
            del dates[next(iter(dates))]

    def known(self, name: str, dates: Sequence[date]) -> list[pyarrow.Table]:
        """What is remembered of these dates."""
        found = self._rows.get(name, {})
        return [found[each] for each in dates if each in found]

    def missing(self, name: str, dates: Sequence[date]) -> list[date]:
        """The dates that are not remembered, ascending."""
        return sorted(set(dates) - self._rows.get(name, {}).keys())
