"""What a review concludes of the backtests: which groups are covered, and by how much."""

from collections.abc import Sequence

from reporting.packs.document.markdown import plain
from reporting.packs.document.parts import Conclusion, Section
from reporting.studies.risk_review.coverage_rules import (
    LIQUIDATION,
    REJECTED,
    Multiples,
    name_of,
    share,
    verdict_of,
)
from reporting.studies.risk_review.coverage_tables import (
    breach_tables,
    date_table,
    group_table,
    what_if_table,
)
from reporting.studies.risk_review.parts import Verdict, decimal, first_up, without_data
from reporting.studies.risk_review.window import Row, Window
from reporting.wording.numbers import percent_of_bps
from reporting.wording.words import number_of


def backtest_section(window: Window) -> Section:
    """Coverage of each group, its tests in words, and each breach."""
    results = window.rows("backtest_results")
    if not results:
        words = (
            "No date of the window has a backtest result of a model-driven book: no book is old"
            " enough yet, or margin was the worst case of every book."
        )
        return without_data("Backtests", words)
    multiples = dict.fromkeys((row["portfolio"] for row in results), (None, None))
    multiples |= {
        row["portfolio"]: (row["for_level"], row["for_every_loss"])
        for row in window.rows("sufficient_multiples")
    }
    days, breaches = window.rows("observation_days"), window.rows("breaches")
    return Section(
        "Backtests",
        (
            group_table(results, multiples),
            date_table(days),
            *breach_tables(breaches),
            what_if_table(results),
        ),
        (
            *_below(results, multiples),
            *_covered(results),
            *_without_verdict(results),
            *_clustering(results),
            *_margin_needed(results, multiples),
            *_full_margin(days),
            *_evidence(results),
        ),
    )


def _below(results: Sequence[Row], multiples: Multiples) -> list[Conclusion]:
    conclusions = []
    for row in results:
        verdict = verdict_of(row)
        if not verdict.startswith("below"):
            continue
        is_certain = verdict == "below"
        level = percent_of_bps(row["required_coverage_bps"])
        words = (
            f"{first_up(name_of(row))}: margin covered {share(row['achieved_coverage'])} of"
            f" {row['observations']:,} losses; {level} is required. There were"
            f" {number_of(row['breaches'], 'breach', 'breaches')}, {row['jump_breaches']:,} caused"
            " by a jump."
        )
        if is_certain:
            words += " The intervals by resolution and by date both rule out chance."
        else:
            words += f" It may be chance: coverage lies between {_intervals(row)}."
        multiple = multiples[row["portfolio"]][0]
        if row["horizon"] == LIQUIDATION and row["bucket"] == "all" and multiple is not None:
            words += (
                f" To cover {level} of this window's losses, margin would have had to be"
                f" {max(0, multiple - 100)}% higher."
            )
        conclusions.append(
            Conclusion(
                Verdict.ACT if is_certain else Verdict.WATCH,
                words,
                f"Which risk does the margin of {name_of(row)} leave out, and what would close the"
                " gap?",
            )
        )
    return conclusions


def _intervals(row: Row) -> str:
    """The two intervals of a coverage, after ``between``."""
    return (
        f"{share(row['clustered_lowest_coverage'])} and {share(row['clustered_highest_coverage'])}"
        f" by resolution, {share(row['dated_lowest_coverage'])} and"
        f" {share(row['dated_highest_coverage'])} by date"
    )


def _covered(results: Sequence[Row]) -> list[Conclusion]:
    covered = [row for row in results if verdict_of(row) == "covered"]
    if not covered:
        return []
    groups = "; ".join(
        f"{name_of(row)} {share(row['achieved_coverage'])} ({row['breaches']:,} breaches in"
        f" {row['observations']:,} observations)"
        for row in covered
    )
    level = percent_of_bps(covered[0]["required_coverage_bps"])
    words = f"Coverage is at or above {level}, by resolution and by date: {groups}."
    return [Conclusion(Verdict.HOLDS, words)]


def _without_verdict(results: Sequence[Row]) -> list[Conclusion]:
    """Groups without a verdict, by the reason, and those whose intervals contain the level."""
    by_reason: dict[str, list[Row]] = {}
    for row in results:
        if verdict_of(row) == "no verdict":
            by_reason.setdefault(row["coverage_basis"], []).append(row)
    conclusions = []
    for reason, few in by_reason.items():
        groups = "; ".join(
            f"{name_of(row)} ({number_of(row['breaches'], 'breach', 'breaches')} in"
            f" {row['observations']:,} observations)"
            for row in few
        )
        conclusions.append(Conclusion(Verdict.UNKNOWN, f"{first_up(reason)}: {groups}."))
    return conclusions


def _clustering(results: Sequence[Row]) -> list[Conclusion]:
    groups = "; ".join(
        f"{name_of(row)} (p {decimal(row['independence_p_value'], 3)})"
        for row in results
        if row["independence_p_value"] is not None and row["independence_p_value"] < REJECTED
    )
    if not groups:
        return []
    return [
        Conclusion(
            Verdict.WATCH,
            f"Breaches follow each other from date to date: {groups}. Either margin reacts too"
            " slowly, or one resolution counts on several dates.",
            "Does the volatility of these categories follow the market fast enough?",
        )
    ]


def _margin_needed(results: Sequence[Row], multiples: Multiples) -> list[Conclusion]:
    """How much of the margin was needed, where it was enough."""
    groups = []
    for row in results:
        for_level, for_every_loss = multiples[row["portfolio"]]
        # A quantile of a few dates is their maximum.
        if (
            row["horizon"] != LIQUIDATION
            or row["bucket"] != "all"
            or verdict_of(row) not in ("covered", "not known")
            or for_level is None
        ):
            continue
        every = "no multiple" if for_every_loss is None else f"{for_every_loss / 100:.2f} times"
        groups.append(
            f"{plain(row['portfolio'])} {for_level / 100:.2f} times for"
            f" {percent_of_bps(row['required_coverage_bps'])}, {every} for every loss"
        )
    if not groups:
        return []
    return [
        Conclusion(
            Verdict.NOTE,
            "Margin needed at the liquidation period, as a multiple of margin held:"
            f" {'; '.join(groups)}. A multiple below 1.00 means that margin exceeded what these"
            " losses needed. That is no reason to lower it.",
        )
    ]


def _full_margin(days: Sequence[Row]) -> list[Conclusion]:
    """How many books were margined at their worst case, which no outcome can breach."""
    due, full = (sum(row[name] for row in days) for name in ("due", "full_margin"))
    if not full:
        return []
    return [
        Conclusion(
            Verdict.UNKNOWN if 2 * full >= due else Verdict.NOTE,
            f"In {full:,} of {due:,} observations of accounts at the liquidation period, margin"
            " equalled the worst case. No outcome can breach it, so these observations say nothing"
            " about the model.",
        )
    ]


def _evidence(results: Sequence[Row]) -> list[Conclusion]:
    """What the accounts' coverage rests on, where the intervals do not decide."""
    accounts = [
        row
        for row in results
        if (row["portfolio"], row["horizon"], row["bucket"]) == ("accounts", LIQUIDATION, "all")
        and verdict_of(row) in ("not known", "below, may be chance")
    ]
    return [
        Conclusion(
            Verdict.UNKNOWN,
            f"Accounts at the liquidation period rest on {number_of(row['days'], 'date')} and"
            f" {number_of(row['clusters'], 'resolution')}. Coverage lies between {_intervals(row)}."
            f" Whether {percent_of_bps(row['required_coverage_bps'])} is met is not known more"
            " closely.",
        )
        for row in accounts
    ]
