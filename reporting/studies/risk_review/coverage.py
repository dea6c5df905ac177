"""What a review concludes of the backtests: which groups are covered, and by how much."""

from collections.abc import Sequence

from reporting.studies.risk_review.coverage_rules import (
    LIQUIDATION,
    REJECTED,
    Enough,
    name_of,
    share,
    verdict_of,
)
from reporting.studies.risk_review.coverage_tables import (
    breach_grids,
    date_grid,
    group_grid,
    what_if_grid,
)
from reporting.studies.risk_review.parts import (
    Conclusion,
    Section,
    Verdict,
    bps,
    decimal,
    first_up,
    plain,
)
from reporting.studies.risk_review.window import Row, Window
from reporting.units import BPS
from reporting.wording.words import number_of


def backtest_section(window: Window) -> Section:
    """Coverage of each group, its tests in words, and each breach."""
    results = window.rows("backtest_results")
    if not results:
        words = "No date of the window has a backtest result: no book is old enough yet."
        return Section("Backtests", (Conclusion(Verdict.UNKNOWN, words),))
    enough = dict.fromkeys((row["portfolio"] for row in results), (None, None))
    enough |= {
        row["portfolio"]: (row["for_level"], row["for_every_loss"])
        for row in window.rows("sufficient_multiples")
    }
    days, breaches = window.rows("observation_days"), window.rows("breaches")
    return Section(
        "Backtests",
        (
            *_failing(results, enough),
            *_held(results),
            *_unknown(results),
            *_clustering(results),
            *_how_much(results, enough),
            *_full_margin(days),
            *_window_note(results),
        ),
        (
            group_grid(results, enough),
            date_grid(days),
            *breach_grids(breaches),
            what_if_grid(results),
        ),
    )


def _failing(results: Sequence[Row], enough: Enough) -> list[Conclusion]:
    found = []
    for row in results:
        verdict = verdict_of(row)
        if not verdict.startswith("below"):
            continue
        sure = verdict == "below"
        words = (
            f"{first_up(name_of(row))}: margin covered {share(row['achieved_coverage'])} of"
            f" {row['observations']:,} losses, {bps(row['required_coverage_bps'])} is promised:"
            f" {row['breaches']:,} breaches, {row['jump_breaches']:,} by a jump."
        )
        if sure:
            words += " Neither the exact test nor the clustered interval allows for chance."
        else:
            words += (
                " It may be chance: with each resolution as one draw, coverage lies between"
                f" {share(row['clustered_lowest_coverage'])} and"
                f" {share(row['clustered_highest_coverage'])}."
            )
        least = enough[row["portfolio"]][0]
        more = ""
        if row["horizon"] == LIQUIDATION and row["bucket"] == "all" and least is not None:
            rise = max(0, least - 100)
            more = f" For {bps(row['required_coverage_bps'])} of the losses of this window margin"
            more += f" would have had to be {rise}% higher."
        found.append(
            Conclusion(
                Verdict.ACT if sure else Verdict.WATCH,
                words + more,
                f"What does the margin of {name_of(row)} leave out, and what would close the gap?",
            )
        )
    return found


def _held(results: Sequence[Row]) -> list[Conclusion]:
    held = [row for row in results if verdict_of(row) == "covered"]
    if not held:
        return []
    said = "; ".join(
        f"{name_of(row)} {share(row['achieved_coverage'])} ({row['breaches']:,} breaches of"
        f" {row['observations']:,})"
        for row in held
    )
    level = held[0]["required_coverage_bps"]
    return [Conclusion(Verdict.HOLDS, f"Coverage is at or above {bps(level)}: {said}.")]


def _unknown(results: Sequence[Row]) -> list[Conclusion]:
    few = [row for row in results if verdict_of(row) == "not enough"]
    if not few:
        return []
    needed = -(-BPS // max(1, BPS - few[0]["required_coverage_bps"]))
    breached = [row for row in few if row["breaches"]]
    but = ""
    if breached:
        but = " Of these, breached all the same: " + "; ".join(
            f"{name_of(row)} ({row['breaches']:,} of {row['observations']:,})" for row in breached
        )
        but += "."
    return [
        Conclusion(
            Verdict.UNKNOWN,
            f"{number_of(len(few), 'group')} with fewer than {needed:,} observations, with which"
            f" not one breach is to be expected: not enough for a verdict.{but}",
        )
    ]


def _clustering(results: Sequence[Row]) -> list[Conclusion]:
    rows = [
        row
        for row in results
        if row["independence_p_value"] is not None and row["independence_p_value"] < REJECTED
    ]
    if not rows:
        return []
    said = "; ".join(
        f"{name_of(row)} (p {decimal(row['independence_p_value'], 3)})" for row in rows
    )
    return [
        Conclusion(
            Verdict.WATCH,
            f"Breaches follow each other from date to date: {said}. Margin reacts too slowly, or"
            " the same resolution is seen on several dates.",
            "Does the volatility of these categories follow the market fast enough?",
        )
    ]


def _how_much(results: Sequence[Row], enough: Enough) -> list[Conclusion]:
    """How much of margin the losses took, where it was enough."""
    said = []
    for row in results:
        if (
            row["horizon"] != LIQUIDATION
            or row["bucket"] != "all"
            or verdict_of(row) != "covered"
            or enough[row["portfolio"]][0] is None
        ):
            continue
        least, every = enough[row["portfolio"]]
        last = "no multiple" if every is None else f"{every / 100:.2f} times"
        said.append(
            f"{plain(row['portfolio'])} {least / 100:.2f} times for"
            f" {bps(row['required_coverage_bps'])}, {last} for every loss"
        )
    if not said:
        return []
    return [
        Conclusion(
            Verdict.NOTE,
            "Margin that would have been enough at the liquidation period, as a multiple of what"
            f" was held: {'; '.join(said)}. Below 1.00 it was more than these losses needed, which"
            " is no reason to lower it.",
        )
    ]


def _full_margin(days: Sequence[Row]) -> list[Conclusion]:
    """How many books were margined at their worst case, so that nothing could be breached."""
    due, full = (sum(row[name] for row in days) for name in ("due", "full_margin"))
    if not full:
        return []
    return [
        Conclusion(
            Verdict.UNKNOWN if 2 * full >= due else Verdict.NOTE,
            f"In {full:,} of {due:,} observations of accounts at the liquidation period"
            " margin was the worst case itself. No outcome can breach that, so these observations"
            " say nothing of the model.",
        )
    ]


def _window_note(results: Sequence[Row]) -> list[Conclusion]:
    accounts = [
        row
        for row in results
        if (row["portfolio"], row["horizon"], row["bucket"]) == ("accounts", LIQUIDATION, "all")
    ]
    if not accounts:
        return []
    (row,) = accounts
    return [
        Conclusion(
            Verdict.UNKNOWN,
            f"Accounts at the liquidation period rest on {number_of(row['days'], 'date')} and"
            f" {number_of(row['clusters'], 'resolution')}. With each resolution as one draw their"
            " coverage lies between"
            f" {share(row['clustered_lowest_coverage'])} and"
            f" {share(row['clustered_highest_coverage'])}: no more than that is known of"
            f" {bps(row['required_coverage_bps'])}.",
        )
    ]
