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
            "cap": _caps(row),
        }
        for row in tables["resources_in_order"]
    ]
    return table(
        "Layers of the default waterfall, in order of use",
        "resources_in_order",
        rows,
        "layer_order layer_id words kind prefunded cap size_centicents counted_centicents",
        "No resources are reported today.",
        note="A layer without a size depends on the defaulter and is sized in the drill. The "
        "survivors' fund shows all deposits, including the defaulter's. Counts: own capital less "
        "the operating costs of 17 CFR 39.11(a)(2); what can be called at most. Cap: share of the "
        "contribution for one default and, where stated, over the period of several."
        + _costs_in_words(rows),
        heads={"counted_centicents": "Counts"},
    )


def _caps(row: dict) -> str:
    caps = [row["cap_multiple_bps"], row["period_cap_multiple_bps"]]
    return ", ".join(numbers.percent(cap, 10_000, 0) for cap in caps if cap)


def _costs_in_words(rows: list[dict]) -> str:
    """Whether operating costs are known; silence would look like a deduction of nothing."""
    if any(row["layer_type"] == "operating_costs" for row in rows) or not rows:
        return ""
    return " The feed states no operating costs, so none are deducted."


def _layer_size(row: dict) -> int | None:
    if row["amount_centicents"]:
        return row["amount_centicents"]
    return row["fund_deposited_centicents"] or row["rule_size_centicents"] or None
