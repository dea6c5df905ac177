"""Pack 3, default management: the view model, from the disclose tables alone.

Pure: tables in, ``parts.Document`` out.
"""

from reporting.packs.common import Tables, files, findings, key_figures, texts
from reporting.packs.common.resources import resources_table
from reporting.packs.default import drill as default_drill
from reporting.packs.default.facilities import contingency_section
from reporting.packs.default.fund import fund_section
from reporting.packs.default.history import history_section
from reporting.packs.default.porting import in_words as porting_in_words
from reporting.packs.default.porting import porting_section
from reporting.packs.document.parts import Card, Document, Listing, Section
from reporting.packs.stress.liquidity import in_brief
from reporting.wording import dollars, numbers, words

_CHANGES = (
    "drill_loss",
    "drill_unallocated",
    "prefunded",
    "fund_deposited",
    "cover_1",
    "cover_2",
    "initial_margin",
    "collateral",
)
_MOST_DRILLS = 3
_PROCEDURE = (
    "Declaration: the member and its affiliates are declared in default. Their accounts may take "
    "no new risk.",
    "Customers: customer positions and their collateral are ported where another member accepts "
    "them. Customer assets never cover a house loss; excess house assets may cover a customer "
    "shortfall (17 CFR 39.16).",
    "Hedging and closing out: the house portfolio is hedged, auctioned or liquidated. Every offer "
    "is compared with holding the position to its resolution, because a binary contract cannot "
    "lose more than its payout.",
    "Allocation: the loss is allocated layer by layer, every unit exactly once, to the centicent.",
    "Replenishment and notice: survivors restore their contributions. The public notice and the "
    "record of the default are issued.",
)


def view(tables: Tables) -> Document:
    today, _, previous_date = key_figures.figures(tables)
    drills = tables["drill_summary"]
    return Document(
        name="default-management",
        title="Default management",
        subtitle="The default waterfall, its resources, and the latest default drill",
        summary=_summary(tables, today),
        cards=_cards(tables, today),
        changes=key_figures.changes(tables, _CHANGES),
        previous_date=previous_date,
        terms=texts.terms(
            "Centicent",
            "Clearing-member group",
            "Initial margin",
            "Prefunded resources",
            "Gains haircut",
            "Shortfall",
            "Cover-1, Cover-2",
        ),
        sections=(
            _procedures(tables),
            fund_section(tables),
            *(default_drill.drill_section(tables, drill) for drill in drills[:_MOST_DRILLS]),
            *(() if drills else (_no_drill(),)),
            porting_section(tables),
            contingency_section(tables),
            history_section(tables),
            findings.findings_section(tables, ("stress",), 20, "Findings of the stress stage."),
            _method(tables, len(drills) - _MOST_DRILLS),
        ),
    )


def _cards(tables: Tables, today: dict) -> tuple[Card, ...]:
    drills = tables["drill_summary"]
    fund = Card(
        "Guaranty fund",
        dollars.in_words(today["fund_deposited"]),
        words.number_of(len(tables["fund_by_member"]), "member"),
    )
    prefunded = Card(
        "Prefunded resources",
        dollars.in_words(today["prefunded"]),
        "in the scenario with the most left",
    )
    if not drills:
        return (fund, prefunded, Card("Default drills", "0", "none today"))
    drill = drills[0]
    used = [row for row in default_drill.layers_of(tables, drill) if row["used_centicents"]]
    unallocated = drill["unallocated_centicents"]
    return (
        Card(
            "Loss in the drill",
            dollars.in_words(drill["loss_centicents"]),
            f"default of {drill['affiliate_group']}",
        ),
        Card(
            "Borne by the defaulter",
            numbers.percent(default_drill.defaulters_part(tables, drill), drill["loss_centicents"]),
            dollars.in_words(default_drill.defaulters_part(tables, drill)),
        ),
        Card(
            "Borne by survivors",
            dollars.in_words(default_drill.survivors_part(tables, drill)),
            "fund, assessments, gains haircut",
        ),
        Card(
            "Unallocated",
            dollars.in_words(unallocated),
            "no layer absorbs it" if unallocated else "every unit is allocated",
            "bad" if unallocated else "good",
        ),
        Card(
            "Layers reached",
            f"{len(used)} of {len(default_drill.layers_of(tables, drill))}",
            used[-1]["layer_type"].replace("_", " ") if used else "none",
        ),
        fund,
        prefunded,
        Card(
            "Default drills",
            numbers.count(len(drills)),
            f"scenario {drill['scenario_id']}",
        ),
    )


def _summary(tables: Tables, today: dict) -> tuple[str, ...]:
    drills = tables["drill_summary"]
    fund = tables["fund_by_member"]
    sentences = []
    if not drills:
        sentences.append("No default drill ran on this business date.")
    for drill in drills[:_MOST_DRILLS]:
        sentences += default_drill.drill_sentences(tables, drill)
    behind = [row for row in fund if row["excess_centicents"] < 0]
    if behind:
        gap = -sum(row["excess_centicents"] for row in behind)
        sentences.append(
            f"{words.number_of(len(behind), 'member')} deposited less than required, "
            f"{dollars.in_words(gap)} in all."
        )
    elif fund:
        sentences.append("Every member has deposited its required fund contribution.")
    if tables["porting"]:
        sentences.append(porting_in_words(tables["porting"]))
    if tables["liquidity_by_hour"]:
        sentences.append(in_brief(tables["liquidity_by_hour"]))
    return tuple(sentences)


def _procedures(tables: Tables) -> Section:
    return Section(
        "Waterfall and procedures",
        (
            "The layers below bear a loss in this order. A layer is used only when the one before "
            "it is exhausted. Order and sizes are the clearing house's data, not assumptions of "
            "this system.",
            resources_table(tables),
            "Steps after a default:",
            Listing(_PROCEDURE, numbered=True),
        ),
    )


def _no_drill() -> Section:
    return Section("Default drill", ("No drill ran today.",))


def _method(tables: Tables, drills_left_out: int) -> Section:
    more = (
        f" {words.number_of(drills_left_out, 'further drill')} of the day not shown here."
        if drills_left_out > 0
        else ""
    )
    return Section(
        "Method, limits and sources",
        (
            "The drill allocates the group's loss in the scenario to the layers in order. Within a "
            "layer of contributions the loss is shared pro rata. Centicents left by rounding are "
            "allocated one by one, so nothing is lost or invented." + more,
            "This daily drill has no auction, no cost of liquidation, no cascade and no contagion. "
            "The record of a drill, made by the command reporting drill, has all of them, and "
            "liquidity hour by hour. Contingency liquidity assumes that the largest payers fail, "
            "not the group of the drill.",
            "Limits of these numbers:",
            texts.limits("marks", "correlation", "links", "combination", "reversal", "liquidity"),
            files.files_table(tables),
        ),
    )
