"""What a review says of reverse stress: how few resolutions would exhaust prefunded resources."""

from reporting.packs.document.parts import Conclusion, Section
from reporting.packs.document.tables import Table, grid
from reporting.studies.risk_review.parts import (
    Verdict,
    day,
    first_up,
    money,
    on_dates,
    without_data,
)
from reporting.studies.risk_review.window import Row, Window, dates_of
from reporting.wording.numbers import NONE, count
from reporting.wording.words import number_of


def reverse_section(window: Window) -> Section:
    """The fewest resolutions by date, and whether they are below the policy minimum."""
    rows = window.rows("reverse")
    if not rows:
        words = "No date of the window has a reverse stress test."
        return without_data("Reverse stress", words)
    return Section("Reverse stress", (_table(rows),), tuple(_conclusions(rows)))


def _conclusions(rows: list[Row]) -> list[Conclusion]:
    total = len(rows)
    few = [row for row in rows if row["proven"] and _is_few(row, row["resolutions"])]
    unproven = [row for row in rows if not row["proven"] and _is_few(row, row["at_least"])]
    known = [row for row in rows if row["resolutions"] is not None]
    never = [row for row in rows if row["resolutions"] is None and row["proven"]]
    conclusions = []
    if few:
        fewest = min(few, key=lambda row: (row["resolutions"], row["business_date"]))
        conclusions.append(
            Conclusion(
                Verdict.ACT,
                f"{first_up(number_of(fewest['resolutions'], 'simultaneous resolution'))} would"
                f" have exhausted prefunded resources, first on {day(fewest['business_date'])}."
                f" {fewest['least_resolutions']} or fewer were enough"
                f" {on_dates(dates_of(few), total)}.",
                "Which events are these (stress.reverse_resolutions), and will their position"
                " limits or margins change?",
            )
        )
    if unproven:
        limit = unproven[0]["least_resolutions"]
        conclusions.append(
            Conclusion(
                Verdict.UNKNOWN,
                f"{first_up(on_dates(dates_of(unproven), total))}, the search stopped at its limit."
                f" Whether {limit} resolutions or fewer exhaust prefunded resources is not proven.",
                "Run these dates again with a higher node limit (data_checks/scenarios.yaml).",
            )
        )
    if known and not few:
        fewest = min(known, key=lambda row: (row["resolutions"], row["business_date"]))
        unsure = "" if fewest["proven"] else " (found, but not proven to be the fewest)"
        conclusions.append(
            Conclusion(
                Verdict.NOTE if unproven else Verdict.HOLDS,
                "The fewest resolutions that exhaust prefunded resources are"
                f" {fewest['resolutions']}{unsure}, on {day(fewest['business_date'])}. Their joint"
                f" probability is {_odds(fewest['correlated_probability'])} under the model's"
                " correlation.",
            )
        )
    if never:
        conclusions.append(
            Conclusion(
                Verdict.HOLDS,
                f"{first_up(on_dates(dates_of(never), total))}, no set of resolutions of the"
                " searched events exhausts prefunded resources.",
            )
        )
    return conclusions


def _is_few(row: Row, resolutions: int | None) -> bool:
    return resolutions is not None and resolutions <= row["least_resolutions"]


def _odds(probability: float | None) -> str:
    """Three digits, as far as they are known."""
    return NONE if probability is None else f"{probability:.3g}"


def _table(rows: list[Row]) -> Table:
    return grid(
        (
            "date",
            "proven",
            "resolutions",
            "lower bound",
            "above resources by",
            "resources",
            "probability if independent",
            "with correlation",
            "events",
        ),
        (
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
        "US dollars. None: no set of the searched events exhausts prefunded resources.",
    )
