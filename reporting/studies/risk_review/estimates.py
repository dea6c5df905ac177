"""What a review says of the margin schedule's parameters: each beside its estimate from history."""

from reporting.packs.document.markdown import plain
from reporting.packs.document.parts import Conclusion, Section
from reporting.packs.document.tables import Table, grid
from reporting.studies.risk_review.parts import Verdict, day, without_data
from reporting.studies.risk_review.window import Row, Window, dates_of
from reporting.wording.numbers import count, ratio

ENOUGH = 30
"""Observations from which an estimate is held against the schedule."""


def estimates_section(window: Window) -> Section:
    """The estimates as of the last date that has any."""
    rows = window.rows("estimates")
    if not rows:
        words = "No date of the window has an estimate of a parameter."
        return without_data("Margin parameters", words)
    last = max(dates_of(rows))
    latest = [row for row in rows if row["business_date"] == last]
    return Section("Margin parameters", (_table(latest),), tuple(map(_conclusion, latest)))


def _named(row: Row) -> str:
    return f"{plain(row['category']) or 'No category'}, {row['parameter']}"


def _conclusion(row: Row) -> Conclusion:
    interval = f"{ratio(row['low_ratio'])} to {ratio(row['high_ratio'])}"
    words = (
        f"{_named(row)}: estimated at {ratio(row['estimated_ratio'])} ({interval}) from"
        f" {count(row['observations'])} observations; the schedule has"
        f" {ratio(row['scheduled_ratio'])}."
    )
    if row["observations"] < ENOUGH:
        return Conclusion(Verdict.UNKNOWN, f"{words} Fewer than {ENOUGH} support no conclusion.")
    if row["below_estimate"]:
        return Conclusion(
            Verdict.WATCH,
            f"{words} The schedule's number is below the whole interval.",
            f"On what history does the schedule's {row['parameter']} of"
            f" {plain(row['category']) or 'events without a category'} rest?",
        )
    return Conclusion(Verdict.HOLDS, f"{words} It is not below the interval.")


def _table(rows: list[Row]) -> Table:
    return grid(
        ("category", "parameter", "schedule", "estimate", "from", "to", "observations"),
        (
            (
                plain(row["category"]) or "No category",
                row["parameter"],
                ratio(row["scheduled_ratio"]),
                ratio(row["estimated_ratio"]),
                ratio(row["low_ratio"]),
                ratio(row["high_ratio"]),
                count(row["observations"]),
            )
            for row in rows
        ),
        2,
        f"Intervals at 95 %, from the loaded history up to {day(max(dates_of(rows)))}. The"
        " schedule's number of the volatility ratio is its floor.",
    )
