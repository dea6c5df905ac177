"""Cover-2 over the business dates that are loaded, of all scenarios and by family."""

from reporting.packs.common.shared import Tables
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import Column, Table, table
from reporting.wording import dollars, numbers, words


def history_section(tables: Tables) -> Section:
    rows = tables["cover_history"]
    if len(rows) < 2:
        return Section(
            "History",
            ("There is no earlier business date with stress results to compare with yet.",),
        )
    peak = max(rows, key=_cover_2)
    return Section(
        "History",
        (
            _in_words(peak, len(rows)),
            Figure(
                "Largest Cover-1 and Cover-2 against prefunded resources",
                "lines",
                {
                    "days": [row["history_date"] for row in rows],
                    "series": [
                        ("Cover-1", [row["cover_1_centicents"] for row in rows]),
                        ("Cover-2", [row["cover_2_centicents"] for row in rows]),
                        ("prefunded resources", [row["prefunded_centicents"] for row in rows]),
                    ],
                    "axis": "all scenarios",
                },
                f"Line chart over {len(rows)} business dates; Cover-2 between "
                f"{dollars.in_words(min(map(_cover_2, rows)))} and "
                f"{dollars.in_words(max(map(_cover_2, rows)))}.",
                "cover_history",
            ),
            table(
                "Cover-2 over windows of business dates",
                "cover_history",
                _windows(rows),
                (
                    Column("window", "Window"),
                    Column("average", "Average", "money"),
                    Column("peak", "Peak", "money"),
                    Column("of_resources", "of resources", "figure"),
                    Column("day", "Peak on", "day"),
                    Column("scenario", "Scenario", "id", width=24),
                    Column("groups", "Groups", "id", width=12),
                    Column("ranks", "Rank"),
                ),
                "No history.",
                note="A window of 30, 90 or 250 business dates is shown once that many are loaded. "
                "The average is rounded half-even to a centicent; resources are those prefunded on "
                "the date of the peak, without the groups that default. Rank as below.",
            ),
            _of_one_group(rows),
            _families(tables, len(rows)),
        ),
    )


def _of_one_group(rows: list[dict]) -> Table:
    return table(
        "Cover-1 over windows of business dates",
        "cover_history",
        [_window_of_one(rows, days) for days in _fitting(rows)],
        (
            Column("window", "Window"),
            Column("average", "Average", "money"),
            Column("peak", "Peak", "money"),
            Column("day", "Peak on", "day"),
        ),
        "No history.",
        note="Windows and averages as above; of equal peaks the earliest.",
    )


def _window_of_one(rows: list[dict], days: int) -> dict:
    inside = rows[-days:]
    peak = max(inside, key=_cover_1)
    return {
        "window": _window_name(inside, days),
        "average": numbers.round_half_even(sum(map(_cover_1, inside)), len(inside)),
        "peak": _cover_1(peak),
        # A peak of nothing has no day.
        "day": peak["history_date"] if _cover_1(peak) else None,
    }


def _families(tables: Tables, loaded: int) -> Table:
    """The peak of each family in the longest window, beside the peaks of the others."""
    by_family: dict[str, dict[int, dict]] = {}
    for row in tables["family_history"]:
        by_family.setdefault(row["family"], {})[row["window_days"]] = row
    return table(
        "Cover-2 by family: today and the peaks of 30, 90 and 250 business dates",
        "family_history",
        [_of_family(family, windows) for family, windows in by_family.items()],
        (
            Column("family", "Family"),
            Column("today", "Today", "money"),
            Column("of_30", "30 dates", "money"),
            Column("of_90", "90 dates", "money"),
            Column("of_250", "250 dates", "money"),
            Column("day", "Peak on", "day"),
            Column("scenario", "Scenario", "id", width=24),
            Column("groups", "Groups", "id", width=12),
            Column("ranks", "Rank"),
        ),
        "No history.",
        note=f"{words.number_of(loaded, 'business date')} loaded; a window counts those inside it. "
        "Rank: of the groups by required margin on the date of the peak, 1 the largest; editions "
        "that name no group show the rank alone.",
    )


def _of_family(family: str, windows: dict[int, dict]) -> dict:
    today, peak = windows.get(1), windows[250]
    amount = peak["peak_cover_2_centicents"]
    return {
        "family": family,
        # A family that ran on an earlier date only has nothing today.
        "today": today["peak_cover_2_centicents"] if today else None,
        **{
            f"of_{days}": windows[days]["peak_cover_2_centicents"] if days in windows else None
            for days in (30, 90, 250)
        },
        # A peak of nothing has no day.
        "day": peak["peak_date"] if amount else None,
        "scenario": peak["peak_scenario_id"] if amount else "",
        "groups": peak["peak_groups"] if amount else "",
        "ranks": _ranks(peak["peak_first_rank"], peak["peak_second_rank"]) if amount else "",
    }


def _ranks(*ranks: int | None) -> str:
    return ", ".join(str(rank) for rank in ranks if rank is not None)


def _in_words(peak: dict, days: int) -> str:
    if not _cover_2(peak):
        return f"On none of {days} business dates did a scenario need prefunded resources."
    return (
        f"Over {days} business dates Cover-2 peaked at "
        f"{dollars.in_words(_cover_2(peak))} on "
        f"{numbers.day_in_words(peak['history_date'])} in scenario {peak['cover_2_scenario_id']}."
    )


def _windows(rows: list[dict]) -> list[dict]:
    """Today, each of 30, 90 and 250 business dates that are loaded, and all that are."""
    return [_window(rows, days) for days in _fitting(rows)]


def _fitting(rows: list[dict]) -> list[int]:
    return [*(days for days in (1, 30, 90, 250) if days < len(rows)), len(rows)]


def _window(rows: list[dict], days: int) -> dict:
    inside = rows[-days:]
    peak = max(inside, key=_cover_2)
    return {
        "window": _window_name(inside, days),
        "average": numbers.round_half_even(sum(map(_cover_2, inside)), len(inside)),
        "peak": peak["cover_2_centicents"],
        # A peak of nothing has no day.
        "day": peak["history_date"] if _cover_2(peak) else None,
        "scenario": peak["cover_2_scenario_id"] if _cover_2(peak) else "",
        "of_resources": numbers.percent(_cover_2(peak), peak["prefunded_centicents"]),
        "groups": peak["cover_2_groups"] if _cover_2(peak) else "",
        "ranks": _ranks(peak["cover_2_first_rank"], peak["cover_2_second_rank"])
        if _cover_2(peak)
        else "",
    }


def _window_name(inside: list[dict], days: int) -> str:
    if days > 1:
        return f"{days} business dates"
    latest = inside[-1]
    today = latest["history_date"] == latest["business_date"]
    return "today" if today else numbers.day_in_words(latest["history_date"])


def _cover_2(row: dict) -> int:
    return row["cover_2_centicents"]


def _cover_1(row: dict) -> int:
    return row["cover_1_centicents"]
