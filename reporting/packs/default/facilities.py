"""Contingency liquidity in the default pack: resources, order of drawing, hours survived."""

from reporting.packs.common import Tables
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import Table, table
from reporting.packs.stress.liquidity import sentence
from reporting.wording import words

_NUMBER = {1: "one fails", 2: "two fail"}


def contingency_section(tables: Tables) -> Section:
    hours, drawn = tables["liquidity_by_hour"], tables["liquidity_facilities"]
    if not hours:
        return Section("Contingency liquidity", ("Liquidity was not computed today.",))
    last = {row["failing_payers"]: row for row in hours if row["hour"] == row["hours"] - 1}
    items: list = [
        *(sentence(last[failing]) for failing in sorted(last)),
        "Resources that pay in time are drawn in the order of the waterfall: own capital, the "
        "guaranty fund and, after their notice, credit facilities. They are lent, not lost. The "
        "sale of the defaulter's positions and collateral repays them; any remaining loss is "
        "allocated by the waterfall.",
    ]
    if drawn:
        items.append(_figure([row for row in drawn if row["failing_payers"] == max(last)]))
    items += [_drawn_table(drawn), _survival_table(last)]
    return Section("Contingency liquidity", tuple(items))


def _figure(drawn: list[dict]) -> Figure:
    labels = [row["layer_type"].replace("_", " ") for row in drawn]
    return Figure(
        "Liquid resources in order of drawing when the two largest payers fail",
        "layers",
        {
            "labels": labels,
            "used": [row["drawn_centicents"] for row in drawn],
            "remaining": [row["remaining_centicents"] for row in drawn],
        },
        "liquidity_facilities",
        "Over the hours in disclose.liquidity_by_hour.",
    )


def _drawn_table(drawn: list[dict]) -> Table:
    payers = sorted({row["failing_payers"] for row in drawn})
    amounts = {(row["failing_payers"], row["draw_order"]): row["drawn_centicents"] for row in drawn}
    return table(
        "Liquid resources in order of drawing",
        "liquidity_facilities",
        [
            {
                **row,
                "kind": row["layer_type"].replace("_", " "),
                **{
                    f"drawn_{number}_centicents": amounts[number, row["draw_order"]]
                    for number in payers
                },
            }
            for row in drawn
            if row["failing_payers"] == payers[0]
        ],
        "draw_order facility words kind notice_hours capacity_centicents+ "
        + " ".join(f"drawn_{number}_centicents+" for number in payers),
        "No resource that pays within hours is reported today.",
        heads={f"drawn_{number}_centicents": f"Drawn, {_NUMBER[number]}" for number in payers},
        note="Insurance and assessments pay too late to count.",
    )


def _survival_table(last: dict[int, dict]) -> Table:
    return table(
        "How long liquid resources last",
        "liquidity_by_hour",
        [
            {
                **row,
                "failing": f"{words.number_of(failing, 'largest payer', 'largest payers')}",
                "hours_survived": f"{row['hours_survived']} of {row['hours']}",
                "shortfall_centicents": max(0, -row["least_left_centicents"]),
            }
            for failing, row in sorted(last.items())
        ],
        "failing affiliate_groups scenario_id outflow_centicents hours_survived:figure "
        "least_left_centicents shortfall_centicents",
        "Liquidity was not computed today.",
    )
