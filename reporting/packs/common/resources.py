"""The layers of the default waterfall as a table, for the stress and the default pack."""

from reporting.packs.common import Tables
from reporting.packs.document.tables import Table, table
from reporting.wording import numbers


def resources_table(tables: Tables) -> Table:
    """The waterfall's layers in order of use, with their sizes."""
    rows = [
        {
            **row,
            "kind": row["layer_type"].replace("_", " "),
            "size_centicents": _layer_size(row),
            "cap": numbers.percent(row["cap_multiple_bps"], 10_000, 0)
            if row["cap_multiple_bps"]
            else "",
        }
        for row in tables["resources_in_order"]
    ]
    return table(
        "Layers of the default waterfall, in order of use",
        "resources_in_order",
        rows,
        "layer_order layer_id words kind prefunded cap size_centicents",
        "No resources are reported today.",
        note="A layer without a size depends on the defaulter and is sized in the drill. The "
        "survivors' fund shows all deposits, including the defaulter's. Cap: share of the required "
        "contribution, per default.",
    )


def _layer_size(row: dict) -> int | None:
    if row["amount_centicents"]:
        return row["amount_centicents"]
    return row["fund_deposited_centicents"]
