"""What a review says of stress: cover against prefunded resources, by date and by family."""

from reporting.packs.document.markdown import plain
from reporting.packs.document.parts import Conclusion, Section
from reporting.packs.document.tables import Table, grid
from reporting.studies.risk_review.parts import (
    Verdict,
    day,
    first_up,
    median,
    money,
    money_in_words,
    on_dates,
    up_to_dollars,
    without_data,
)
from reporting.studies.risk_review.window import Row, Window, dates_of
from reporting.wording.numbers import NONE, count, percent

NEAR_BPS = 8_000
"""From this share of prefunded resources on, cover that holds is watched."""
FAR_BPS = 500
"""Below this share of them, cover says little about whether they are enough."""
SAYS_LITTLE = " At so small a share, the window says little about whether resources are enough."


def stress_section(window: Window) -> Section:
    """Cover by date, peaks by family, and by how much resources would have to rise."""
    rows = window.rows("cover")
    if not rows:
        return without_data("Stress", "No date of the window has a stress test.")
    return Section(
        "Stress",
        (_cover_table(window, rows), _family_table(window)),
        (*_cover(rows, window.full_collateral), *_drivers(window, rows)),
    )


def _cover(rows: list[Row], full_collateral: bool) -> list[Conclusion]:
    shortfalls = _shortfalls(rows)
    if shortfalls:
        return shortfalls
    total = len(rows)
    peak = max(rows, key=lambda row: (row["cover_2"], -row["business_date"].toordinal()))
    if not peak["cover_2"]:
        words = (
            f"{first_up(on_dates(dates_of(rows), total))} no group's loss in any scenario exceeded"
            " its required margin and its own contribution. No other prefunded resources were"
            " needed."
        )
        if full_collateral:
            words += " Margin was full collateral, so no other result was possible."
        return [Conclusion(Verdict.HOLDS, words)]
    near = [row for row in rows if row["cover_2"] * 10_000 >= row["prefunded"] * NEAR_BPS]
    words = (
        f"Prefunded resources covered Cover-1 and Cover-2 {on_dates(dates_of(rows), total)}."
        f" Cover-2 used at most {percent(peak['cover_2'], peak['prefunded'])} of them:"
        f" {money_in_words(peak['cover_2'])} on {day(peak['business_date'])}, in"
        f" {plain(peak['scenario_id'])} ({plain(peak['words'])}), groups"
        f" {plain(peak['affiliate_groups'])}."
    )
    if near:
        words += f" It reached {percent(NEAR_BPS, 10_000, 0)} {on_dates(dates_of(near), total)}."
        ask = "What will the venue do before Cover-2 reaches prefunded resources?"
        return [Conclusion(Verdict.WATCH, words, ask)]
    if peak["cover_2"] * 10_000 < peak["prefunded"] * FAR_BPS:
        words += SAYS_LITTLE
    return [Conclusion(Verdict.HOLDS, words)]


def _shortfalls(rows: list[Row]) -> list[Conclusion]:
    """Cover-1 and Cover-2 above prefunded resources, which differ by scenario."""
    conclusions = []
    for number, meaning, rule in (
        (1, "the largest shortfall of one group", "17 CFR 39.11(a)(1)"),
        (2, "the two largest shortfalls together", "17 CFR 39.33(a)"),
    ):
        excess = f"excess_{number}"
        above = [row for row in rows if row[excess] > 0]
        if not above:
            continue
        worst = max(above, key=lambda row: (row[excess], -row["business_date"].toordinal()))
        rise = money_in_words(up_to_dollars(worst[excess]))
        conclusions.append(
            Conclusion(
                Verdict.ACT,
                f"Cover-{number} ({meaning}, {rule}) exceeded prefunded resources"
                f" {on_dates(dates_of(above), len(rows))}, by most on"
                f" {day(worst['business_date'])}. To cover every date, prefunded resources would"
                f" have to rise by {rise}.",
                f"How and when will prefunded resources, or the margin of the groups behind"
                f" Cover-{number}, rise by {rise}?",
            )
        )
    return conclusions


def _drivers(window: Window, rows: list[Row]) -> list[Conclusion]:
    """The family that is worst most often, how far the peak stands out, and the largest loss."""
    conclusions = []
    short = [row for row in rows if row["cover_2"]]
    if short:
        families: dict[str, list] = {}
        for row in short:
            families.setdefault(row["family"], []).append(row["business_date"])
        family, days = max(families.items(), key=lambda item: (len(item[1]), item[0]))
        peak = max(rows, key=lambda row: (row["cover_2"], -row["business_date"].toordinal()))
        usual = median([row["cover_2"] for row in rows])
        words = (
            f"Family {plain(family)} gave the largest Cover-2 {on_dates(days, len(rows))}. The"
            f" peak, {money_in_words(peak['cover_2'])} on {day(peak['business_date'])}, is"
            f" {_multiple(peak['cover_2'], usual)} the median of the dates"
            f" ({money_in_words(usual)})."
        )
        conclusions.append(Conclusion(Verdict.NOTE, words))
    losses = window.rows("losses")
    if losses:
        worst = max(losses, key=lambda row: (row["loss"], -row["business_date"].toordinal()))
        words = (
            f"The largest loss of one group before its margin was"
            f" {money_in_words(worst['loss'])}, of {plain(worst['affiliate_group'])} on"
            f" {day(worst['business_date'])} in {plain(worst['scenario_id'])}."
        )
        conclusions.append(Conclusion(Verdict.NOTE, words))
    return conclusions


def _multiple(value: int, usual: int) -> str:
    if usual <= 0:
        return "above"
    tenths = (20 * value + usual) // (2 * usual)
    return f"{tenths // 10}.{tenths % 10} times"


def _cover_table(window: Window, rows: list[Row]) -> Table:
    losses = window.by_date("losses")
    return grid(
        (
            "date",
            "worst scenario",
            "family",
            "groups",
            "scenarios",
            "largest group loss",
            "Cover-1",
            "Cover-2",
            "prefunded",
            "used",
            "shortfall",
        ),
        (
            (
                str(row["business_date"]),
                plain(row["scenario_id"]) if row["cover_2"] else NONE,
                plain(row["family"]) if row["cover_2"] else NONE,
                plain(row["affiliate_groups"]) if row["cover_2"] else NONE,
                count(row["scenarios"]),
                money(losses.get(row["business_date"], {}).get("loss")),
                money(row["cover_1"]),
                money(row["cover_2"]),
                money(row["prefunded"]),
                percent(row["cover_2"], row["prefunded"]),
                money(max(0, row["excess_1"], row["excess_2"])),
            )
            for row in rows
        ),
        4,
        "US dollars. Worst scenario: the one with the largest Cover-2. Prefunded: without the"
        " groups of that scenario. Shortfall: the most by which Cover-1 or Cover-2 of any scenario"
        " exceeds its prefunded resources.",
    )


def _family_table(window: Window) -> Table:
    peaks: dict[str, Row] = {}
    above_zero: dict[str, int] = {}
    for row in window.rows("families"):
        family = row["family"]
        above_zero[family] = above_zero.get(family, 0) + (row["cover_2"] > 0)
        if family not in peaks or row["cover_2"] > peaks[family]["cover_2"]:
            peaks[family] = row
    return grid(
        ("family", "scenario of the peak", "peak on", "dates with a shortfall", "Cover-2", "used"),
        (
            (
                plain(family),
                plain(row["scenario_id"]) if row["cover_2"] else NONE,
                str(row["business_date"]) if row["cover_2"] else NONE,
                count(above_zero[family]),
                money(row["cover_2"]),
                percent(row["cover_2"], row["prefunded"]),
            )
            for family, row in sorted(peaks.items(), key=lambda item: _family_order(item[0]))
        ),
        3,
        "Each family's largest Cover-2 in the window, on the first date that had it.",
    )


def _family_order(family: str) -> tuple[bool, int, str]:
    """S2 before S10, families without a number last."""
    digits = family[1:]
    return (not digits.isdigit(), int(digits) if digits.isdigit() else 0, family)
