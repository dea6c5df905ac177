"""Figures of a date against windows of 30, 90 and 250 business dates and their peaks.

Belongs here: the one rule for windows of dates, and how it is said in print. A window counts the
loaded dates inside it, today included. A longer window is shown once it counts more dates than
the one before. Averages are rounded half to even, leave out dates without the figure, and of
equal peaks the latest is named. Which figures have a history is each pack's own.
"""

from collections.abc import Sequence

from reporting.columns import format_of
from reporting.packs.document.tables import FORMATS, Row, Table, table
from reporting.wording import numbers, words

WINDOWS = (30, 90, 250)
Dated = tuple[str, list[Row], str]
"""Label, rows by ascending ``history_date``, and the column of the figure."""


def fitting(loaded: int) -> tuple[int, ...]:
    """The windows that are shown where so many dates are loaded."""
    return tuple(
        days for days, shorter in zip(WINDOWS, (0, *WINDOWS), strict=False) if shorter < loaded
    )


def rule_in_words(loaded: int) -> str:
    """The rule, for the note under a table of windows."""
    return (
        f"{words.number_of(loaded, 'business date')} loaded. A window counts the loaded dates "
        "inside it; a longer window is shown once it counts more of them. Averages are rounded "
        "half to even; of equal peaks the latest is named."
    )


def average(values: Sequence[int | None]) -> int | None:
    """Mean of the values that are there; None where none is."""
    known = [value for value in values if value is not None]
    return numbers.round_half_even(sum(known), len(known)) if known else None


def peak(rows: Sequence[Row], column: str) -> Row | None:
    """The row with the largest value, the latest of equal ones; None without a value."""
    known = [row for row in rows if row[column] is not None]
    return max(reversed(known), key=lambda row: row[column], default=None)


def against_history(rows: list[Row], column: str, business_date: str) -> dict:
    """Today's value, its averages by window (``average_of_30``, ...), its peak and that day.

    A peak of zero has no day.
    """
    row: dict = {f"average_of_{days}": None for days in WINDOWS}
    for days in fitting(len(rows)):
        row[f"average_of_{days}"] = average([one[column] for one in rows[-days:]])
    top = peak(rows, column)
    today = (one[column] for one in rows if one["history_date"] == business_date)
    return row | {
        "today": next(today, None),
        "peak": top and top[column],
        "peak_on": top["history_date"] if top and top[column] else None,
    }


def windows_table(title: str, source: str, figures: Sequence[Dated], business_date: str) -> Table:
    """Figures against their windows. Amounts of money are exact; where others are among them,
    each is printed as its column's format says. A figure that no date has is left out."""
    loaded = max((len(rows) for _, rows, _ in figures), default=0)
    amounts = all(format_of(column) == "money" for _, _, column in figures)
    printed = []
    for label, rows, column in figures:
        values = against_history(rows, column, business_date)
        if values["peak"] is not None:
            show = {key: value for key, value in values.items() if key != "peak_on"}
            if not amounts:
                show = {key: _shown(column, value) for key, value in show.items()}
            printed.append({**values, **show, "figure": label})
    shown = "money" if amounts else "figure"
    averages = " ".join(f"average_of_{days}:{shown}" for days in fitting(loaded))
    return table(
        title,
        source,
        printed,
        f"figure today:{shown} {averages} peak:{shown} peak_on:day",
        "No history.",
        note=rule_in_words(loaded),
    )


def _shown(column: str, value: int | None) -> str:
    """Quantities with two decimals throughout: an average seldom has none."""
    if format_of(column) == "qty" and value is not None:
        return numbers.scaled(value, 2, 2)
    return FORMATS.get(format_of(column), numbers.count)(value)
