"""Tables of a review's backtests: groups, dates, breaches, other liquidation periods."""

from collections.abc import Sequence
from datetime import date

from reporting.studies.risk_review.coverage_rules import LIQUIDATION, Enough, share, verdict_of
from reporting.studies.risk_review.parts import (
    NONE,
    Grid,
    count,
    day,
    decimal,
    money,
    money_of_micros,
    plain,
)
from reporting.studies.risk_review.window import Row
from reporting.wording.words import number_of

LISTED = 40
"""Breaches that are listed one by one, the largest."""


def group_grid(results: Sequence[Row], enough: Enough) -> Grid:
    def hundredths(value: int | None) -> str:
        return NONE if value is None else f"{value / 100:.2f}"

    lines = []
    for row in results:
        own = row["horizon"] == LIQUIDATION and row["bucket"] == "all"
        least, every = enough[row["portfolio"]] if own else (None, None)
        lines.append(
            (
                plain(row["portfolio"]),
                plain(row["horizon"]),
                plain(row["bucket"]),
                verdict_of(row),
                plain(row["zone"] or NONE),
                count(row["days"]),
                count(row["observations"]),
                count(row["breaches"]),
                count(row["jump_breaches"]),
                share(row["achieved_coverage"]),
                decimal(row["kupiec_p_value"], 3),
                decimal(row["independence_p_value"], 3),
                decimal(row["binomial_p_value"], 3),
                count(row["clusters"]),
                share(row["clustered_lowest_coverage"]),
                share(row["clustered_highest_coverage"]),
                decimal(row["z2"], 2),
                hundredths(least),
                hundredths(every),
            )
        )
    at = results[0]["business_date"]
    return Grid(
        (
            "portfolio",
            "horizon",
            "group",
            "verdict",
            "traffic light",
            "dates",
            "observations",
            "breaches",
            "by a jump",
            "coverage",
            "Kupiec p",
            "independence p",
            "exact p",
            "resolutions",
            "clustered, low",
            "high",
            "Z2",
            "enough for the level",
            "for every loss",
        ),
        tuple(lines),
        5,
        f"As of {day(at)}, over the dates that docs/backtests.md says, which may begin before the"
        " window. The last two columns are multiples of margin over the observations of the"
        " window. Kupiec rejects (below 0.05) too few breaches as well, the exact test only too"
        " many: a small Kupiec p without a breach says that margin covers more than it promises.",
    )


def date_grid(days: Sequence[Row]) -> Grid:
    """Observations and breaches by date."""
    lines = [
        (
            str(row["business_date"]),
            count(row["due"]),
            count(row["due_breaches"]),
            count(row["next_close"]),
            count(row["next_close_breaches"]),
            count(row["hypothetical"]),
            count(row["hypothetical_breaches"]),
            money_of_micros(row["lost_micros"], 0),
            money_of_micros(row["peak_micros"]),
        )
        for row in days
    ]
    return Grid(
        (
            "date",
            "accounts, liquidation period",
            "breaches",
            "next close",
            "breaches",
            "made-up portfolios",
            "breaches",
            "lost to this close",
            "most above margin",
        ),
        tuple(lines),
        1,
        "US dollars. Lost to this close: by the accounts that lost, since the close before.",
    )


def breach_grids(breaches: Sequence[Row]) -> list[Grid]:
    """The breaches most above margin, in order of their dates."""
    if not breaches:
        return []
    largest = sorted(
        breaches,
        key=lambda row: (
            -row["uncovered_micros"],
            row["business_date"],
            row["book_id"],
            row["horizon_days"],
        ),
    )[:LISTED]
    largest.sort(key=lambda row: (row["business_date"], row["portfolio"], row["book_id"]))
    hidden = len(breaches) - len(largest)
    return [
        Grid(
            (
                "date",
                "portfolio",
                "book",
                "horizon",
                "cause",
                "resolution",
                "close of",
                "margin",
                "loss",
                "above margin",
            ),
            tuple(
                (
                    str(row["business_date"]),
                    plain(row["portfolio"]),
                    plain(row["book_id"]),
                    LIQUIDATION if row["at_liquidation"] else "next close",
                    plain(row["cause"]),
                    plain(row["cluster"]),
                    str(row["book_date"]),
                    money(row["margin"], 2),
                    money_of_micros(row["loss_micros"]),
                    money_of_micros(row["uncovered_micros"]),
                )
                for row in largest
            ),
            6,
            f"Every breach. {_causes(breaches)}"
            if not hidden
            else f"The {LISTED} breaches most above margin; {hidden:,} smaller ones are left out."
            f" {_causes(breaches)}",
        )
    ]


def _causes(breaches: Sequence[Row]) -> str:
    dates: list[date] = [row["business_date"] for row in breaches]
    of = len(set(dates))
    jumps = sum(row["cause"] == "jump" for row in breaches)
    return f"{len(breaches):,} in all, {jumps:,} by a jump, on {number_of(of, 'date')}."


def what_if_grid(results: Sequence[Row]) -> Grid:
    """Beside each group the margin and breaches of other liquidation periods."""
    rows = [row for row in results if row["what_if_observations"]]
    return Grid(
        (
            "portfolio",
            "horizon",
            "group",
            "margin of all observations",
            "breaches",
            "margin at one day",
            "breaches",
            "margin at five days",
            "breaches",
        ),
        tuple(
            (
                plain(row["portfolio"]),
                plain(row["horizon"]),
                plain(row["bucket"]),
                money(row["margin_centicents"]),
                count(row["breaches"]),
                money(row["one_day_margin_centicents"]),
                count(row["one_day_breaches"]),
                money(row["five_day_margin_centicents"]),
                count(row["five_day_breaches"]),
            )
            for row in rows
        ),
        3,
        "US dollars. Had every contract been margined at one or at five days, on the same losses.",
    )
