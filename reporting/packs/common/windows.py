"""A figure today against the windows of 30, 90 and 250 business dates and its peak.

Belongs here: which dates a window counts and what is printed of them, alike in every pack.
Which figures are held against their history is each pack's own.
"""

from collections.abc import Callable, Sequence

from reporting.packs.document.tables import Column, Table, table
from reporting.wording import numbers, words

WINDOWS = (30, 90, 250)
Dated = Sequence[tuple[str, int | None]]
"""Values by date, ascending; None where a date has no such number."""


def fitting(loaded: int) -> tuple[int, ...]:
    """The windows that say something of their own: 30, and each longer one that counts more
    of the ``loaded`` dates than the one before it."""
    return tuple(
        days for days, shorter in zip(WINDOWS, (0, *WINDOWS), strict=False) if shorter < loaded
    )


def against_history(dated: Dated, business_date: str) -> dict:
    """One row of ``windows_table``: today, averages by window (``of_30``, ...), peak and its
    day. A value that is not there has no average; averages are rounded half-even."""
    shown = fitting(len(dated))
    row: dict = {f"of_{days}": None for days in WINDOWS}
    for days in shown:
        inside = [value for _, value in dated[-days:] if value is not None]
        if inside:
            row[f"of_{days}"] = numbers.round_half_even(sum(inside), len(inside))
    row["today"] = next((value for day, value in dated if day == business_date), None)
    row["peak"] = max((value for _, value in dated if value is not None), default=None)
    # A peak of nothing has no day; of equal ones the latest is named.
    at_peak = [day for day, value in dated if value and value == row["peak"]]
    row["day"] = at_peak[-1] if at_peak else None
    return row


def money_windows(title: str, source: str, figures: Sequence[tuple[str, Dated]], on: str) -> Table:
    """Amounts over the windows, exact; ``on``: the business date. A figure that no date has is
    left out: a row of dashes says nothing."""
    rows = [{"figure": name, **against_history(dated, on)} for name, dated in figures]
    told = [row for row in rows if row["peak"] is not None]
    return _table(title, source, told, "money", _loaded(figures))


def mixed_windows(
    title: str, source: str, figures: Sequence[tuple[str, Dated, Callable]], on: str
) -> Table:
    """Shares, numbers and quantities over the windows, each printed by its own function."""
    rows = []
    for name, dated, show in figures:
        found = against_history(dated, on)
        if found["peak"] is None:
            continue
        printed = {key: show(value) for key, value in found.items() if key != "day"}
        rows.append({"figure": name, **printed, "day": found["day"]})
    return _table(title, source, rows, "figure", _loaded(figures))


def _loaded(figures: Sequence[tuple]) -> int:
    return max((len(dated) for _, dated, *_ in figures), default=0)


def _table(title: str, source: str, rows: list[dict], kind: str, loaded: int) -> Table:
    return table(
        title,
        source,
        rows,
        (
            Column("figure", "Figure", width=30),
            Column("today", "Today", kind),
            *(Column(f"of_{days}", f"Average of {days}", kind) for days in fitting(loaded)),
            Column("peak", "Peak", kind),
            Column("day", "Peak on", "day"),
        ),
        "No history.",
        note=f"{words.number_of(loaded, 'business date')} loaded; a window counts those inside it, "
        "and a longer one is shown once it counts more. Averages are rounded half to even.",
    )
