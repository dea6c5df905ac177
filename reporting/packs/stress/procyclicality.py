"""Procyclicality in the stress pack: margin of a constant portfolio over the loaded history."""

from reporting.model.backtest.evidence import few_dates
from reporting.packs.common import Tables
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import table
from reporting.wording import numbers, words

_NOT_ENOUGH = "not enough dates"
_PERIODS = (1, 5, 30)
_RISES = {f"in_{days}": f"Largest rise in {words.number_of(days, 'date')}" for days in _PERIODS}


def procyclicality_section(tables: Tables) -> Section:
    rows = tables["procyclicality"]
    if not rows:
        return Section(
            "Procyclicality",
            ("Margin of the constant portfolio was not computed: no category has a pool.",),
        )
    items: list = [
        _in_words(rows),
        "The portfolio holds one contract in each of ten binary events at 0.50 that resolve "
        "separately in 30 days. Price and time to resolution never change, so only the model and "
        "its parameters move its margin.",
    ]
    moved = [row for row in rows if row["days"] > 1]
    if moved:
        items.append(_figure(moved))
    items.append(
        table(
            "Margin of the constant portfolio by category",
            "procyclicality",
            [{**row, **_moves(row)} for row in rows],
            "category days margin_centicents least_centicents largest_centicents peak_to_trough "
            + " ".join(_RISES),
            "No category has a pool.",
            heads=_RISES,
            top=25,
            note="Peak to trough: maximum margin over minimum margin. Rises are shares of the "
            "margin before the rise.",
        )
    )
    return Section("Procyclicality", tuple(items))


def _in_words(rows: list[dict]) -> str:
    dates = max(row["days"] for row in rows)
    if dates < 2:
        return "Only one date is loaded, so margin of the constant portfolio has no history yet."
    worst = max(rows, key=_peak_to_trough)
    if worst["largest_centicents"] == worst["least_centicents"]:
        over = words.number_of(dates, "date")
        few = few_dates(dates, "no verdict on procyclicality")
        return (
            f"Margin of the constant portfolio did not change over {over}"
            f"{f' ({few})' if few else ''}."
        )
    few = few_dates(dates, "no verdict on procyclicality")
    return (
        f"Over {words.number_of(dates, 'date')} margin of the constant portfolio moved most in "
        f"{worst['category']}: the maximum is "
        f"{numbers.decimal_of_e6(worst['peak_to_trough_e6'], 3)} times the minimum"
        f"{f' ({few})' if few else ''}."
    )


def _peak_to_trough(row: dict) -> int:
    return row["peak_to_trough_e6"]


def _moves(row: dict) -> dict:
    rises = {
        f"in_{days}": _NOT_ENOUGH
        if row[f"growth_{days}_e6"] is None
        else numbers.percent(row[f"growth_{days}_e6"], 1_000_000, 2)
        for days in _PERIODS
    }
    ratio = numbers.decimal_of_e6(row["peak_to_trough_e6"], 3)
    return {**rises, "peak_to_trough": ratio if row["days"] > 1 else _NOT_ENOUGH}


def _figure(rows: list[dict]) -> Figure:
    shown = sorted(rows, key=_peak_to_trough, reverse=True)[:15]
    return Figure(
        "Margin of the constant portfolio: minimum and maximum",
        "dumbbells",
        {
            "labels": [row["category"] for row in shown],
            "first": ("minimum", [row["least_centicents"] for row in shown]),
            "second": ("maximum", [row["largest_centicents"] for row in shown]),
            "axis": "margin",
        },
        "procyclicality",
        f"The {len(shown)} categories that moved most, of {len(rows)}."
        if len(rows) > len(shown)
        else "",
    )
