"""Tables of a review's backtests: groups, dates, breaches, other liquidation periods."""

from collections.abc import Sequence

from reporting.model.backtest.evidence import NO_VERDICT
from reporting.packs.document.markdown import plain
from reporting.packs.document.tables import Table, grid
from reporting.studies.risk_review.coverage_rules import LIQUIDATION, Multiples, share, verdict_of
from reporting.studies.risk_review.parts import day, decimal, money, money_of_micros
from reporting.studies.risk_review.window import Row, dates_of
from reporting.wording.numbers import NONE, count
from reporting.wording.words import number_of

LISTED = 40
"""Breaches that are listed one by one, the largest."""


def group_table(results: Sequence[Row], multiples: Multiples) -> Table:
    """Each group with its verdict, tests, and the multiples of margin that would have covered."""

    def hundredths(value: int | None) -> str:
        return NONE if value is None else f"{value / 100:.2f}"

    lines = []
    for row in results:
        is_whole = row["horizon"] == LIQUIDATION and row["bucket"] == "all"
        is_judged = row["coverage_verdict"] != NO_VERDICT
        for_level, for_every_loss = (
            multiples[row["portfolio"]] if is_whole and is_judged else (None, None)
        )
        lines.append(
            (
                plain(row["portfolio"]),
                plain(row["horizon"]),
                plain(row["bucket"]),
                verdict_of(row) if is_judged else row["coverage_basis"],
                plain(row["zone"] or NONE),
                count(row["days"]),
                count(row["observations"]),
                count(row["breaches"]),
                count(row["jump_breaches"]),
                share(row["achieved_coverage"]) if is_judged else NONE,
                decimal(row["kupiec_p_value"], 3),
                decimal(row["independence_p_value"], 3),
                decimal(row["binomial_p_value"], 3),
                count(row["clusters"]),
                *(
                    share(row[f"{kind}_{end}_coverage"]) if is_judged else NONE
                    for kind in ("clustered", "dated")
                    for end in ("lowest", "highest")
                ),
                decimal(row["z2"], 2),
                hundredths(for_level),
                hundredths(for_every_loss),
            )
        )
    at = results[0]["business_date"]
    return grid(
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
            "by resolution, low",
            "high",
            "by date, low",
            "high",
            "Z2",
            "multiple for the level",
            "for every loss",
        ),
        lines,
        5,
        f"As of {day(at)}, over the dates given in docs/backtests.md, which may begin before the"
        " window. Only model-driven books, with a margin below their worst case. Tests count draws,"
        " at most one per resolution and one per date. The last two columns are the multiples of"
        " margin that would have covered the window's losses. Kupiec also rejects (p below 0.05)"
        " when breaches are too few; the exact test rejects only when they are too many. A small"
        " Kupiec p without a breach means that margin covers more than it promises.",
    )


def date_table(days: Sequence[Row]) -> Table:
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
    return grid(
        (
            "date",
            "accounts, liquidation period",
            "breaches",
            "next close",
            "breaches",
            "hypothetical portfolios",
            "breaches",
            "lost to this close",
            "largest excess over margin",
        ),
        lines,
        1,
        "US dollars. Lost to this close: by the losing accounts, since the close before.",
    )


def breach_tables(breaches: Sequence[Row]) -> list[Table]:
    """The breaches with the largest excess over margin, in order of their dates."""
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
        grid(
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
                "excess over margin",
            ),
            (
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
            else f"The {LISTED} breaches with the largest excess; {hidden:,} smaller ones are left"
            f" out. {_causes(breaches)}",
        )
    ]


def _causes(breaches: Sequence[Row]) -> str:
    jumps = sum(row["cause"] == "jump" for row in breaches)
    dates = number_of(len(set(dates_of(breaches))), "date")
    return f"{len(breaches):,} in all, {jumps:,} caused by a jump, on {dates}."


def what_if_table(results: Sequence[Row]) -> Table:
    """Margin and breaches of each group under other liquidation periods."""
    rows = [row for row in results if row["what_if_observations"]]
    return grid(
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
        (
            (
                plain(row["portfolio"]),
                plain(row["horizon"]),
                plain(row["bucket"]),
                money(row["margin_centicents"]),
                count(row["all_breaches"]),
                money(row["one_day_margin_centicents"]),
                count(row["one_day_breaches"]),
                money(row["five_day_margin_centicents"]),
                count(row["five_day_breaches"]),
            )
            for row in rows
        ),
        3,
        "US dollars. What if: every contract margined over one or over five days, same losses.",
    )
