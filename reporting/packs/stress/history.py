"""Cover-1 and Cover-2 over the business dates that are loaded, of all scenarios and by family."""

from reporting.packs.common import Tables
from reporting.packs.common.windows import WINDOWS, average, fitting, peak, rule_in_words
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import Table, table
from reporting.wording import dollars, numbers

_NO_HISTORY = "There is no earlier business date with stress results to compare with yet."


def history_section(tables: Tables) -> Section:
    rows = tables["cover_history"]
    if len(rows) < 2:
        return Section("History", (_NO_HISTORY,))
    return Section(
        "History",
        (
            _in_words(rows),
            _figure(rows),
            _cover_2_table(rows),
            _cover_1_table(rows),
            _families(tables, len(rows)),
        ),
    )


def _in_words(rows: list[dict]) -> str:
    worst = peak(rows, "cover_2_centicents")
    if not worst["cover_2_centicents"]:
        return f"No scenario needed prefunded resources on any of {len(rows)} business dates."
    return (
        f"Over {len(rows)} business dates Cover-2 peaked at "
        f"{dollars.in_words(worst['cover_2_centicents'])} on "
        f"{numbers.day_in_words(worst['history_date'])} in scenario "
        f"{worst['cover_2_scenario_id']}."
    )


def _figure(rows: list[dict]) -> Figure:
    cover_2 = [row["cover_2_centicents"] for row in rows]
    return Figure(
        "Largest Cover-1 and Cover-2 against prefunded resources",
        "lines",
        {
            "days": [row["history_date"] for row in rows],
            "series": [
                ("Cover-1", [row["cover_1_centicents"] for row in rows]),
                ("Cover-2", cover_2),
                ("prefunded resources", [row["prefunded_centicents"] for row in rows]),
            ],
            "axis": "all scenarios",
        },
        "cover_history",
    )


def _cover_2_table(rows: list[dict]) -> Table:
    return table(
        "Cover-2 over windows of business dates",
        "cover_history",
        [_window(rows, days, "cover_2_centicents") | _behind(rows, days) for days in _of(rows)],
        "window average:money peak:money of_resources:figure peak_on:day scenario_id groups ranks",
        "No history.",
        note=f"{rule_in_words(len(rows))} Resources are those prefunded on the date of the peak, "
        "without the groups that default. Rank as below.",
    )


def _cover_1_table(rows: list[dict]) -> Table:
    return table(
        "Cover-1 over windows of business dates",
        "cover_history",
        [_window(rows, days, "cover_1_centicents") for days in _of(rows)],
        "window average:money peak:money peak_on:day",
        "No history.",
        note="Windows, averages and peaks as above.",
    )


def _of(rows: list[dict]) -> tuple[int, ...]:
    """The latest date, and the windows of the rule."""
    return (1, *fitting(len(rows)))


def _window(rows: list[dict], days: int, column: str) -> dict:
    top = peak(rows[-days:], column)
    return {
        "window": _name(rows, days),
        "average": average([row[column] for row in rows[-days:]]),
        "peak": top[column],
        # A peak of zero has no day.
        "peak_on": top["history_date"] if top[column] else None,
    }


def _behind(rows: list[dict], days: int) -> dict:
    """The scenario and the groups behind the peak of Cover-2, none where it is zero."""
    top = peak(rows[-days:], "cover_2_centicents")
    needed = top["cover_2_centicents"] > 0
    ranks = (top["cover_2_first_rank"], top["cover_2_second_rank"]) if needed else ()
    return {
        "of_resources": numbers.percent(top["cover_2_centicents"], top["prefunded_centicents"]),
        "scenario_id": top["cover_2_scenario_id"] if needed else "",
        "groups": top["cover_2_groups"] if needed else "",
        "ranks": _ranks(ranks),
    }


def _name(rows: list[dict], days: int) -> str:
    if days > 1:
        loaded = f" ({len(rows)} loaded)" if len(rows) < days else ""
        return f"{days} dates{loaded}"
    latest = rows[-1]
    today = latest["history_date"] == latest["business_date"]
    return "today" if today else numbers.day_in_words(latest["history_date"])


def _families(tables: Tables, loaded: int) -> Table:
    """The peaks of each family by window; date, scenario and groups are those of the longest."""
    by_family: dict[str, dict[int, dict]] = {}
    for row in tables["family_history"]:
        by_family.setdefault(row["family"], {})[row["window_days"]] = row
    peaks = " ".join(f"peak_of_{days}:money" for days in fitting(loaded))
    return table(
        "Cover-2 by family: today and the peaks over windows of business dates",
        "family_history",
        [_of_family(family, windows) for family, windows in by_family.items()],
        f"family today:money {peaks} peak_on:day scenario_id groups ranks",
        "No history.",
        note=f"{rule_in_words(loaded)} Rank: of the groups by required margin on the date of the "
        "peak, 1 the largest. Editions that name no group show the rank alone.",
    )


def _of_family(family: str, windows: dict[int, dict]) -> dict:
    amounts = {days: row["peak_cover_2_centicents"] for days, row in windows.items()}
    top = windows[max(WINDOWS)]
    needed = top["peak_cover_2_centicents"] > 0
    ranks = (top["peak_first_rank"], top["peak_second_rank"]) if needed else ()
    return {
        "family": family,
        # A family that ran on an earlier date only has nothing today.
        "today": amounts.get(1),
        **{f"peak_of_{days}": amounts.get(days) for days in WINDOWS},
        "peak_on": top["peak_date"] if needed else None,
        "scenario_id": top["peak_scenario_id"] if needed else "",
        "groups": top["peak_groups"] if needed else "",
        "ranks": _ranks(ranks),
    }


def _ranks(ranks: tuple[int | None, ...]) -> str:
    return ", ".join(str(rank) for rank in ranks if rank is not None)
