"""Contingency liquidity in the default pack: facilities, their order, how long they last."""

from reporting.packs.common.shared import Tables
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import Column, Table, table
from reporting.packs.stress.liquidity import sentence
from reporting.wording import dollars, words

_NUMBER = {1: "one fails", 2: "two fail"}


def contingency_section(tables: Tables) -> Section:
    hours, drawn = tables["liquidity_by_hour"], tables["liquidity_facilities"]
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
    if drawn:
        items.append(_figure([row for row in drawn if row["failing_payers"] == max(last)]))
    items += [_drawn_table(drawn), _survival_table(last)]
    return Section("Contingency liquidity", tuple(items))


def _figure(drawn: list[dict]) -> Figure:
    labels = [row["layer_type"].replace("_", " ") for row in drawn]
    spoken = "; ".join(
        f"{label}: {dollars.in_words(row['drawn_centicents'])} of "
        f"{dollars.in_words(row['capacity_centicents'])} drawn"
        for label, row in zip(labels, drawn, strict=True)
    )
    return Figure(
        "Liquid resources in order of drawing when the two largest payers fail",
        "layers",
        {
            "labels": labels,
            "used": [row["drawn_centicents"] for row in drawn],
            "remaining": [row["remaining_centicents"] for row in drawn],
        },
        f"Bar chart of each resource. {spoken}.",
        "liquidity_facilities",
        "Within the hours of disclose.liquidity_by_hour.",
    )


def _drawn_table(drawn: list[dict]) -> Table:
    failing = sorted({row["failing_payers"] for row in drawn})
    amounts = {(row["failing_payers"], row["draw_order"]): row["drawn_centicents"] for row in drawn}
    return table(
        "Facilities and other liquid resources, in order of drawing",
        "liquidity_facilities",
        [
            {
                **row,
                "kind": row["layer_type"].replace("_", " "),
                **{f"drawn_{each}": amounts[each, row["draw_order"]] for each in failing},
            }
            for row in drawn
            if row["failing_payers"] == failing[0]
        ],
        (
            Column("draw_order", "Order", "count"),
            Column("facility", "Layer", "id", width=12),
            Column("words", "Description", width=30),
            Column("kind", "Kind"),
            Column("notice_hours", "Notice, hours", "count"),
            Column("capacity_centicents", "Size", "money", total=True),
            *(
                Column(f"drawn_{each}", f"Drawn, {_NUMBER[each]}", "money", total=True)
                for each in failing
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
