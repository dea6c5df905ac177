"""Contingency liquidity in the default pack: facilities, their order, how long they last."""

from reporting.packs import numbers, words
from reporting.packs.parts import Column, Figure, Section, Table, table
from reporting.packs.shared import Tables
from reporting.packs.stress_liquidity import sentence

_NUMBER = {1: "one fails", 2: "two fail"}


def contingency_section(tables: Tables) -> Section:
    hours, layers = tables["liquidity_by_hour"], qualifying(tables)
    if not hours:
        return Section("Contingency liquidity", ("Liquidity was not worked out today.",))
    last = {row["failing_payers"]: row for row in hours if row["hour"] == row["hours"] - 1}
    items: list = [
        *(sentence(last[failing]) for failing in sorted(last)),
        "Resources that pay in time are drawn in the order of the waterfall: own capital, the "
        "guaranty fund and, after their notice, credit facilities. They are lent, not lost: what "
        "is drawn is paid back from the sale of the defaulter's positions and collateral, and "
        "what is lost takes its way through the waterfall.",
    ]
    if layers:
        items.append(_figure(layers, last))
    items += [_drawn_table(layers, last), _survival_table(last)]
    return Section("Contingency liquidity", tuple(items))


def qualifying(tables: Tables) -> list[dict]:
    """Layers that pay within hours, in the order of use, each with its size."""
    found = []
    for row in tables["resources_in_order"]:
        if row["layer_type"] == "facility":
            size = row["amount_centicents"]
        elif row["layer_type"] in ("own_capital", "survivors_fund") and row["prefunded"]:
            size = row["fund_deposited_centicents"] or row["amount_centicents"]
        else:
            continue
        found.append({**row, "size": size or 0})
    return found


def drawn(layers: list[dict], outflow: int) -> list[int]:
    """What each layer pays of ``outflow``, the first ones first."""
    paid, left = [], outflow
    for layer in layers:
        amount = min(left, layer["size"])
        paid.append(amount)
        left -= amount
    return paid


def _by_failing(layers: list[dict], last: dict[int, dict]) -> dict[int, list[int]]:
    return {failing: drawn(layers, row["outflow_centicents"]) for failing, row in last.items()}


def _figure(layers: list[dict], last: dict[int, dict]) -> Figure:
    worst = last[max(last)]
    paid = drawn(layers, worst["outflow_centicents"])
    labels = [layer["layer_type"].replace("_", " ") for layer in layers]
    spoken = "; ".join(
        f"{label}: {numbers.dollars_in_words(amount)} of "
        f"{numbers.dollars_in_words(layer['size'])} drawn"
        for label, layer, amount in zip(labels, layers, paid, strict=True)
    )
    return Figure(
        "Liquid resources in order of drawing when the two largest payers fail",
        "layers",
        {
            "labels": labels,
            "used": paid,
            "remaining": [
                layer["size"] - amount for layer, amount in zip(layers, paid, strict=True)
            ],
        },
        f"Bar chart of each resource. {spoken}.",
        "resources_in_order",
        "Payments due within 24 hours: disclose.liquidity_by_hour.",
    )


def _drawn_table(layers: list[dict], last: dict[int, dict]) -> Table:
    paid = _by_failing(layers, last)
    return table(
        "Facilities and other liquid resources, in order of drawing",
        "resources_in_order",
        [
            {
                **layer,
                "order": place + 1,
                "kind": layer["layer_type"].replace("_", " "),
                **{f"drawn_{failing}": amounts[place] for failing, amounts in paid.items()},
            }
            for place, layer in enumerate(layers)
        ],
        (
            Column("order", "Order", "count"),
            Column("layer_id", "Layer", "id", width=12),
            Column("words", "Description", width=36),
            Column("kind", "Kind"),
            Column("size", "Size", "money", total=True),
            *(
                Column(f"drawn_{failing}", f"Drawn, {_NUMBER[failing]}", "money", total=True)
                for failing in sorted(paid)
            ),
        ),
        "No resource that pays within hours is reported today.",
        note="Insurance and assessments come too late to count.",
    )


def _survival_table(last: dict[int, dict]) -> Table:
    return table(
        "How long liquid resources last",
        "liquidity_by_hour",
        [
            {
                **row,
                "who": f"{words.number_of(failing, 'largest payer', 'largest payers')}",
                "survived": f"{row['hours_survived']} of {row['hours']}",
                "missing": max(0, -row["least_left_centicents"]),
            }
            for failing, row in sorted(last.items())
        ],
        (
            Column("who", "Failing", width=20),
            Column("affiliate_groups", "Groups", "id", width=14),
            Column("scenario_id", "Scenario", "id", width=26),
            Column("outflow_centicents", "Due", "money"),
            Column("survived", "Hours survived", "figure"),
            Column("least_left_centicents", "Left in the worst hour", "money"),
            Column("missing", "Missing", "money"),
        ),
        "Liquidity was not worked out today.",
    )
