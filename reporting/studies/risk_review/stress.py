"""What a review says of stress: cover against prefunded resources, families, reverse stress."""

from reporting.studies.risk_review.parts import (
    NONE,
    Conclusion,
    Grid,
    Section,
    Verdict,
    count,
    day,
    first_up,
    median,
    money,
    money_in_words,
    on_dates,
    percent,
    plain,
    up_to_dollars,
)
from reporting.studies.risk_review.window import Row, Window

NEAR_BPS = 8_000
"""From this share of prefunded resources on, cover that holds is watched."""
FAR_BPS = 500
"""Below this share of them, cover says little about whether they are enough."""


def stress_section(window: Window) -> Section:
    """Cover by date, peaks by family, and whether resources would have to rise."""
    rows = window.rows("cover")
    if not rows:
        return Section("Stress", (_no("a stress test"),))
    return Section(
        "Stress",
        (*_cover(rows, window.full_collateral), *_drivers(window, rows)),
        (_cover_grid(window, rows), _family_grid(window)),
    )


def reverse_section(window: Window) -> Section:
    """How few resolutions would exhaust prefunded resources."""
    rows = window.rows("reverse")
    if not rows:
        return Section("Reverse stress", (_no("a reverse stress test"),))
    return Section("Reverse stress", tuple(_reverse(rows)), (_reverse_grid(rows),))


def _no(what: str) -> Conclusion:
    return Conclusion(Verdict.UNKNOWN, f"No date of the window has {what}.")


def _cover(rows: list[Row], full_collateral: bool) -> list[Conclusion]:
    of = len(rows)
    found = []
    for number, who, rule in (
        (1, "the largest shortfall of one group", "17 CFR 39.11(a)(1)"),
        (2, "the two largest shortfalls together", "17 CFR 39.33(a)"),
    ):
        excess = f"excess_{number}"
        over = [row for row in rows if row[excess] > 0]
        if not over:
            continue
        # What Cover-1 and Cover-2 ask for are different scenarios and different resources.
        worst = max(over, key=lambda row: (row[excess], -row["business_date"].toordinal()))
        more = money_in_words(up_to_dollars(worst[excess]))
        found.append(
            Conclusion(
                Verdict.ACT,
                f"Cover-{number} ({who}, {rule}) was above what is prefunded"
                f" {on_dates(_days(over), of)}; most on {day(worst['business_date'])}. To hold on"
                f" every date, prefunded resources would have to rise by {more}.",
                f"How will prefunded resources, or the margin of the groups behind Cover-{number},"
                f" rise by {more}, and from when on?",
            )
        )
    if found:
        return found
    peak = max(rows, key=lambda row: (row["cover_2"], -row["business_date"].toordinal()))
    if not peak["cover_2"]:
        return [
            Conclusion(
                Verdict.HOLDS,
                f"{first_up(on_dates(_days(rows), of))} no scenario made a group lose more than"
                " its required margin and its own contribution: nothing prefunded was needed."
                + (
                    " Margin was full collateral: it could not have been otherwise."
                    if full_collateral
                    else ""
                ),
            )
        ]
    near = [row for row in rows if row["cover_2"] * 10_000 >= row["prefunded"] * NEAR_BPS]
    words = (
        f"Prefunded resources covered Cover-1 and Cover-2 {on_dates(_days(rows), of)}. Cover-2 took"
        f" at most {percent(peak['cover_2'], peak['prefunded'])} of them,"
        f" {money_in_words(peak['cover_2'])} on {day(peak['business_date'])}, in"
        f" {plain(peak['scenario_id'])} ({plain(peak['words'])}), groups"
        f" {plain(peak['affiliate_groups'])}."
    )
    if near:
        return [
            Conclusion(
                Verdict.WATCH,
                f"{words} It reached {percent(NEAR_BPS, 10_000, 0)} of them"
                f" {on_dates(_days(near), of)}.",
                "What is done before Cover-2 reaches prefunded resources?",
            )
        ]
    if peak["cover_2"] * 10_000 < peak["prefunded"] * FAR_BPS:
        words += " So far below says little about resources: they fit another size of book."
    return [Conclusion(Verdict.HOLDS, words)]


def _drivers(window: Window, rows: list[Row]) -> list[Conclusion]:
    """Which family is worst how often, and how far the peak stands out."""
    short = [row for row in rows if row["cover_2"]]
    found = []
    if short:
        families: dict[str, list] = {}
        for row in short:
            families.setdefault(row["family"], []).append(row["business_date"])
        family, days = max(families.items(), key=lambda item: (len(item[1]), item[0]))
        peak = max(rows, key=lambda row: (row["cover_2"], -row["business_date"].toordinal()))
        usual = median([row["cover_2"] for row in rows])
        found.append(
            Conclusion(
                Verdict.NOTE,
                f"Family {plain(family)} asked for the largest Cover-2"
                f" {on_dates(days, len(rows))}. The peak, {money_in_words(peak['cover_2'])} on"
                f" {day(peak['business_date'])}, is"
                f" {_multiple(peak['cover_2'], usual)} the median of the dates"
                f" ({money_in_words(usual)}).",
            )
        )
    losses = window.rows("losses")
    if losses:
        worst = max(losses, key=lambda row: (row["loss"], -row["business_date"].toordinal()))
        found.append(
            Conclusion(
                Verdict.NOTE,
                f"The largest loss of one group before its margin was"
                f" {money_in_words(worst['loss'])}, of {plain(worst['affiliate_group'])} on"
                f" {day(worst['business_date'])} in {plain(worst['scenario_id'])}.",
            )
        )
    return found


def _multiple(value: int, usual: int) -> str:
    if usual <= 0:
        return "above"
    tenths = (20 * value + usual) // (2 * usual)
    return f"{tenths // 10}.{tenths % 10} times"


def _cover_grid(window: Window, rows: list[Row]) -> Grid:
    losses = window.by_date("losses")
    return Grid(
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
            "missing",
        ),
        tuple(
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
        "US dollars. Worst scenario: the largest Cover-2. Prefunded: without the groups of that"
        " scenario. Missing: the most by which Cover-1 or Cover-2 of a scenario is above what is"
        " prefunded then.",
    )


def _family_grid(window: Window) -> Grid:
    peaks: dict[str, Row] = {}
    above_zero: dict[str, int] = {}
    for row in window.rows("families"):
        family = row["family"]
        above_zero[family] = above_zero.get(family, 0) + (row["cover_2"] > 0)
        if family not in peaks or row["cover_2"] > peaks[family]["cover_2"]:
            peaks[family] = row
    return Grid(
        ("family", "scenario of the peak", "peak on", "dates with a shortfall", "Cover-2", "used"),
        tuple(
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
        "Each family's largest Cover-2 of the window, the first date of equal ones.",
    )


def _family_order(family: str) -> tuple[bool, int, str]:
    """S2 before S10, families without a number last."""
    digits = family[1:]
    return (not digits.isdigit(), int(digits) if digits.isdigit() else 0, family)


def _reverse(rows: list[Row]) -> list[Conclusion]:
    of = len(rows)
    few = [row for row in rows if row["proven"] and _exhausts(row, row["resolutions"])]
    open_ = [row for row in rows if not row["proven"] and _exhausts(row, row["at_least"])]
    known = [row for row in rows if row["resolutions"] is not None]
    never = [row for row in rows if row["resolutions"] is None and row["proven"]]
    found = []
    if few:
        least = min(few, key=lambda row: (row["resolutions"], row["business_date"]))
        found.append(
            Conclusion(
                Verdict.ACT,
                f"{_resolutions(least['resolutions'])} at once would have exhausted prefunded"
                f" resources, first on {day(least['business_date'])}; as few as"
                f" {least['least_resolutions']} or fewer {on_dates(_days(few), of)}.",
                "Which events are these (stress.reverse_resolutions), and will their position"
                " limits or margins change?",
            )
        )
    if open_:
        found.append(
            Conclusion(
                Verdict.UNKNOWN,
                f"{first_up(on_dates(_days(open_), of))} it is not proven that"
                f" {open_[0]['least_resolutions']} resolutions or fewer do not exhaust prefunded"
                " resources: the search stopped at its limit.",
                "Run these dates again with a higher node limit (data_checks/scenarios.yaml).",
            )
        )
    if known and not few:
        least = min(known, key=lambda row: (row["resolutions"], row["business_date"]))
        sure = "" if least["proven"] else ", found but not proven to be the fewest"
        found.append(
            Conclusion(
                Verdict.HOLDS if not open_ else Verdict.NOTE,
                f"The fewest resolutions that exhaust prefunded resources are"
                f" {least['resolutions']}{sure}, on {day(least['business_date'])}; together they"
                f" have a probability of {_odds(least['correlated_probability'])} under the"
                " model's correlation.",
            )
        )
    if never:
        found.append(
            Conclusion(
                Verdict.HOLDS,
                f"{first_up(on_dates(_days(never), of))} no set of resolutions of the events"
                " that are looked at exhausts prefunded resources, however many.",
            )
        )
    return found


def _exhausts(row: Row, resolutions: int | None) -> bool:
    return resolutions is not None and resolutions <= row["least_resolutions"]


def _resolutions(number: int) -> str:
    return "1 resolution" if number == 1 else f"{number} resolutions"


def _odds(probability: float | None) -> str:
    """Three digits, as far as they are known."""
    return NONE if probability is None else f"{probability:.3g}"


def _reverse_grid(rows: list[Row]) -> Grid:
    return Grid(
        (
            "date",
            "proven",
            "resolutions",
            "not fewer than",
            "above resources by",
            "resources",
            "probability if independent",
            "with correlation",
            "events",
        ),
        tuple(
            (
                str(row["business_date"]),
                "yes" if row["proven"] else "no",
                "none" if row["resolutions"] is None else count(row["resolutions"]),
                count(row["at_least"]),
                money(row["excess"]),
                money(row["resources"]),
                _odds(row["independent_probability"]),
                _odds(row["correlated_probability"]),
                count(row["events"]),
            )
            for row in rows
        ),
        2,
        "None: no set of the events looked at exhausts prefunded resources.",
    )


def _days(rows: list[Row]) -> list:
    return [row["business_date"] for row in rows]
