"""What a review says of procyclicality: how margin of a constant portfolio moved."""

from reporting.studies.risk_review.parts import (
    NONE,
    Conclusion,
    Grid,
    Section,
    Verdict,
    count,
    day,
    money,
    money_in_words,
    plain,
)
from reporting.studies.risk_review.window import Row, Window

FAST = 0.25
"""Growth over five dates from which it is watched: the anti-procyclicality buffer of Article
28(1)(a) of Regulation (EU) No 153/2013, the only figure that a rule gives."""


def procyclicality_section(window: Window) -> Section:
    """Growth by category as of the last date that has it, and the margin by date."""
    rows = window.rows("constant_margin")
    if not rows:
        words = "No date of the window has the margin of a constant portfolio."
        return Section("Procyclicality", (Conclusion(Verdict.UNKNOWN, words),))
    latest = {row["category"]: row for row in rows}
    return Section(
        "Procyclicality",
        tuple(_conclusion(row) for _, row in sorted(latest.items())),
        (_growth_grid(latest), _margin_grid(rows)),
    )


def _named(category: str) -> str:
    """A tape that tells no category has all its events in one without a name."""
    return plain(category) or "No category"


def _conclusion(row: Row) -> Conclusion:
    category, growth = _named(row["category"]), row["growth_5"]
    if growth is None:
        words = f"{category}: {row['days']} dates are not enough for growth over five."
        return Conclusion(Verdict.UNKNOWN, words)
    least, largest = (money_in_words(row[f"{name}_centicents"]) for name in ("least", "largest"))
    if row["least_centicents"] == row["largest_centicents"]:
        return Conclusion(
            Verdict.UNKNOWN,
            f"{category}: margin of a constant portfolio stood at {least} on all {row['days']}"
            " dates. It rests on a volatility that nothing observed moved, so the window says"
            " nothing of procyclicality.",
        )
    words = (
        f"{category}: margin of a constant portfolio moved between {least} and {largest} over"
        f" {row['days']} dates (peak to trough {row['peak_to_trough']:.2f}), and rose by"
        f" {_share(growth)} at most in five dates."
    )
    if growth > FAST:
        return Conclusion(
            Verdict.WATCH,
            f"{words} That is more than a buffer of 25 % would have taken up.",
            f"Is a buffer or a floor of volatility held for {category}, and was it drawn?",
        )
    return Conclusion(Verdict.HOLDS, f"{words} A buffer of 25 % would have taken that up.")


def _share(value: float | None) -> str:
    return NONE if value is None else f"{100 * value:.1f}%"


def _growth_grid(latest: dict[str, Row]) -> Grid:
    return Grid(
        (
            "category",
            "dates",
            "least",
            "largest",
            "worst case",
            "peak to trough",
            "growth in 1 date",
            "in 5",
            "in 30",
        ),
        tuple(
            (
                _named(category),
                count(row["days"]),
                money(row["least_centicents"], 2),
                money(row["largest_centicents"], 2),
                money(row["worst_case_centicents"], 2),
                f"{row['peak_to_trough']:.2f}" if row["peak_to_trough"] is not None else NONE,
                _share(row["growth_1"]),
                _share(row["growth_5"]),
                _share(row["growth_30"]) if row["growth_30"] is not None else "not enough",
            )
            for category, row in sorted(latest.items())
        ),
        1,
        f"US dollars. As of {day(max(row['business_date'] for row in latest.values()))}.",
    )


def _margin_grid(rows: list[Row]) -> Grid:
    categories = sorted({row["category"] for row in rows})
    of = {(row["business_date"], row["category"]): row for row in rows}
    return Grid(
        ("date", *map(_named, categories)),
        tuple(
            (
                str(at),
                *(money(of.get((at, name), {}).get("margin_centicents"), 2) for name in categories),
            )
            for at in sorted({row["business_date"] for row in rows})
        ),
        1,
        "US dollars: one contract of each of ten binary events at 0.50 that resolve apart in 30"
        " days.",
    )
