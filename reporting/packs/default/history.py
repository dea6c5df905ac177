"""The daily drill over the business dates that are loaded: its loss and who bears it."""

from reporting.packs.common.shared import Tables
from reporting.packs.common.windows import money_windows
from reporting.packs.document.parts import Figure, Section
from reporting.wording import dollars, numbers

_FIGURES = (
    ("Loss in the drill", "loss_centicents"),
    ("Borne by the defaulter", "defaulter_centicents"),
    ("Borne by clearing house and insurance", "house_centicents"),
    ("Borne by survivors", "survivors_centicents"),
    ("Unallocated", "unallocated_centicents"),
)


def history_section(tables: Tables) -> Section:
    rows = tables["drill_history"]
    if len(rows) < 2:
        return Section(
            "History of the daily drill",
            ("There is no earlier business date with a drill to compare with yet.",),
        )
    return Section(
        "History of the daily drill",
        (
            _in_words(rows),
            Figure(
                "Loss of the daily drill and what is beyond the defaulter's own resources",
                "lines",
                {
                    "days": [row["history_date"] for row in rows],
                    "series": [
                        ("loss", [row["loss_centicents"] for row in rows]),
                        ("borne by survivors", [row["survivors_centicents"] for row in rows]),
                        ("unallocated", [row["unallocated_centicents"] for row in rows]),
                        ("clearing house, insurance", [row["house_centicents"] for row in rows]),
                    ],
                    "axis": "largest drill of the date",
                },
                f"Line chart over {len(rows)} business dates; the loss is between "
                f"{dollars.in_words(min(map(_loss, rows)))} and "
                f"{dollars.in_words(max(map(_loss, rows)))}.",
                "drill_history",
            ),
            money_windows(
                "The daily drill today against earlier business dates",
                "drill_history",
                [(name, [(r["history_date"], r[key]) for r in rows]) for name, key in _FIGURES],
                rows[0]["business_date"],
            ),
            "The history is that of the drill that is run every day, with the order and sizes of "
            "the layers on each date; of several drills on a date the one with the largest loss.",
        ),
    )


def _loss(row: dict) -> int:
    return row["loss_centicents"]


def _in_words(rows: list[dict]) -> str:
    peak = max(rows, key=_loss)
    if not _loss(peak):
        return f"On none of {len(rows)} business dates did the drill have a loss."
    rank = "" if peak["group_rank"] is None else f", rank {peak['group_rank']} by required margin"
    return (
        f"Over {len(rows)} business dates the loss of the drill peaked at "
        f"{dollars.in_words(_loss(peak))} on "
        f"{numbers.day_in_words(peak['history_date'])}, in scenario {peak['scenario_id']} with "
        f"group {peak['affiliate_group']}{rank}; {numbers.count(peak['layers_used'])} layers were "
        "used."
    )
