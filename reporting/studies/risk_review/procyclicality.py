"""What a review says of procyclicality: how margin of a constant portfolio moved."""

from reporting.packs.document.markdown import plain
from reporting.packs.document.parts import Conclusion, Section
from reporting.packs.document.tables import Table, grid
from reporting.studies.risk_review.parts import Verdict, day, money, money_in_words, without_data
from reporting.studies.risk_review.window import Row, Window, dates_of
from reporting.wording.numbers import NONE, count

FAST = 0.25
"""Growth over five dates from which it is watched: the anti-procyclicality buffer of Article
28(1)(a) of Regulation (EU) No 153/2013, the only figure that a rule gives."""


def procyclicality_section(window: Window) -> Section:
    """Growth by category as of the last date that has it, and the margin by date."""
    rows = window.rows("constant_margin")
    if not rows:
        words = "No date of the window has the margin of a constant portfolio."
        return without_data("Procyclicality", words)
    latest = {row["category"]: row for row in rows}
    return Section(
        "Procyclicality",
        (_growth_table(latest), _margin_table(rows)),
        tuple(_conclusion(row) for _, row in sorted(latest.items())),
    )


def _named(category: str) -> str:
    """A tape without categories has all its events in one without a name."""
    return plain(category) or "No category"


def _conclusion(row: Row) -> Conclusion:
    category, growth = _named(row["category"]), row["growth_5"]
    if growth is None:
        words = f"{category}: {row['days']} dates are too few for growth over five dates."
        return Conclusion(Verdict.UNKNOWN, words)
    smallest = money_in_words(row["least_centicents"])
    largest = money_in_words(row["largest_centicents"])
    if row["least_centicents"] == row["largest_centicents"]:
        return Conclusion(
            Verdict.UNKNOWN,
            f"{category}: margin of a constant portfolio stayed at {smallest} on all"
            f" {row['days']} dates. No observation moved the volatility behind it, so the window"
            " says nothing about procyclicality.",
        )
    words = (
        f"{category}: margin of a constant portfolio ranged from {smallest} to {largest} over"
        f" {row['days']} dates (peak to trough {row['peak_to_trough']:.2f}) and rose by at most"
        f" {_share(growth)} in five dates."
    )
    if growth > FAST:
        return Conclusion(
            Verdict.WATCH,
            f"{words} A buffer of 25% would not have absorbed that.",
            f"Does the venue hold a buffer or a volatility floor for {category}, and was it drawn?",
        )
    return Conclusion(Verdict.HOLDS, f"{words} A buffer of 25% would have absorbed that.")


def _share(value: float | None) -> str:
    return NONE if value is None else f"{100 * value:.1f}%"


def _growth_table(latest: dict[str, Row]) -> Table:
    return grid(
        (
            "category",
            "dates",
            "minimum",
            "maximum",
            "worst case",
            "peak to trough",
            "growth in 1 date",
            "in 5",
            "in 30",
        ),
        (
            (
                _named(category),
                count(row["days"]),
                money(row["least_centicents"], 2),
                money(row["largest_centicents"], 2),
                money(row["worst_case_centicents"], 2),
                f"{row['peak_to_trough']:.2f}" if row["peak_to_trough"] is not None else NONE,
                _share(row["growth_1"]),
                _share(row["growth_5"]),
                _share(row["growth_30"]) if row["growth_30"] is not None else "too few",
            )
            for category, row in sorted(latest.items())
        ),
        1,
        f"US dollars. As of {day(max(dates_of(list(latest.values()))))}.",
    )


def _margin_table(rows: list[Row]) -> Table:
    categories = sorted({row["category"] for row in rows})
    margin = {(row["business_date"], row["category"]): row["margin_centicents"] for row in rows}
    return grid(
        ("date", *map(_named, categories)),
        (
            (str(at), *(money(margin.get((at, category)), 2) for category in categories))
            for at in sorted(set(dates_of(rows)))
        ),
        1,
        "US dollars, for one contract of each of ten independent binary events at 0.50 that"
        " resolve in 30 days.",
    )
