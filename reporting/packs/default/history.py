"""The daily drill over the loaded business dates: its loss and the allocation of it."""

from reporting.packs.common import Tables
from reporting.packs.common.windows import peak, windows_table
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
    losses = [row["loss_centicents"] for row in rows]
    return Section(
        "History of the daily drill",
        (
            _in_words(rows),
            Figure(
                "Loss of the daily drill and the parts beyond the defaulter's own resources",
                "lines",
                {
                    "days": [row["history_date"] for row in rows],
                    "series": [
                        ("loss", losses),
                        ("borne by survivors", [row["survivors_centicents"] for row in rows]),
                        ("unallocated", [row["unallocated_centicents"] for row in rows]),
                        ("clearing house, insurance", [row["house_centicents"] for row in rows]),
                    ],
                    "axis": "largest drill of the date",
                },
                "drill_history",
            ),
            windows_table(
                "The daily drill today against earlier business dates",
                "drill_history",
                [(label, rows, column) for label, column in _FIGURES],
                rows[0]["business_date"],
            ),
            "The history follows the drill that runs every day, with the order and sizes of the "
            "layers on each date. Where a date has several drills, the one with the largest loss "
            "counts.",
        ),
    )


def _in_words(rows: list[dict]) -> str:
    worst = peak(rows, "loss_centicents")
    if not worst["loss_centicents"]:
        return f"The drill had no loss on any of {len(rows)} business dates."
    rank = worst["group_rank"]
    ranked = "" if rank is None else f", rank {rank} by required margin"
    return (
        f"Over {len(rows)} business dates the loss of the drill peaked at "
        f"{dollars.in_words(worst['loss_centicents'])} on "
        f"{numbers.day_in_words(worst['history_date'])}, in scenario {worst['scenario_id']} with "
        f"group {worst['affiliate_group']}{ranked}; {numbers.count(worst['layers_used'])} layers "
        "were used."
    )
