"""The record of one default drill as a pack: the view model, from the record alone.

Pure: the record and the day's files in, ``parts.Document`` out. ``tables`` holds the record as
JSON text in the one row of ``default_record``, and ``files_landed``.
"""

import json

from reporting.packs.common import Tables, files, texts
from reporting.packs.document.parts import Card, Document, Listing, Section
from reporting.packs.drill_record.case import (
    auction_section,
    declaration_section,
    positions_section,
    timeline_section,
)
from reporting.packs.drill_record.loss import (
    aftermath_section,
    members_section,
    waterfall_section,
)
from reporting.packs.drill_record.parts import simulated
from reporting.wording import dollars, numbers, words

NAME = "default-record"


def view(tables: Tables) -> Document:
    record = json.loads(tables["default_record"][0]["record"])
    return Document(
        name=NAME,
        title="Record of a default drill",
        subtitle=f"{record['drill_id']}: declaration to lessons (17 CFR 39.16)",
        summary=_summary(record),
        cards=_cards(record),
        terms=texts.terms(
            "Clearing-member group", "Initial margin", "Worst-case loss", "Gains haircut"
        ),
        sections=(
            declaration_section(record),
            timeline_section(record),
            positions_section(record),
            auction_section(record),
            waterfall_section(record),
            members_section(record),
            aftermath_section(record),
            _lessons(record),
            _method(record, tables),
        ),
    )


def _summary(record: dict) -> tuple[str, ...]:
    declared, waterfall = record["declaration"], record["waterfall"]
    loss, rest = waterfall["loss_centicents"], waterfall["unallocated_centicents"]
    names = words.listed([row["member_id"] for row in declared["defaulted"]], 8)
    sentences = [
        f"This is a drill; no member has defaulted. It assumes that {names} (group "
        f"{declared['affiliate_group']}) default in scenario "
        f"{declared['scenario']['scenario_id']}: {declared['scenario']['words']}.",
        f"The loss is {dollars.in_words(loss)}. The defaulter's own margin and gains bear "
        f"{dollars.in_words(waterfall['own_assets_centicents'])} of it. "
        + (
            f"{dollars.in_words(rest)} remain unallocated after every layer."
            if rest
            else "The whole loss is allocated, every unit exactly once."
        ),
    ]
    if record["auction"]["lots"]:
        sentences.append(
            f"The auction of {words.number_of(len(record['auction']['lots']), 'lot')} rests on "
            f"{simulated(record)}."
        )
    return tuple(sentences)


def _cards(record: dict) -> tuple[Card, ...]:
    waterfall, loss = record["waterfall"], record["waterfall"]["loss_centicents"]
    own, rest = waterfall["own_assets_centicents"], waterfall["unallocated_centicents"]
    used = [layer for layer in waterfall["layers"] if layer["used_centicents"]]
    return (
        Card("Loss", dollars.in_words(loss), record["declaration"]["affiliate_group"]),
        Card(
            "Borne by own margin and gains",
            numbers.percent(own, loss),
            dollars.in_words(own),
        ),
        Card(
            "Unallocated",
            dollars.in_words(rest),
            "borne by no layer" if rest else "every unit is allocated",
            "bad" if rest else "good",
        ),
        Card("Layers reached", f"{len(used)} of {len(waterfall['layers'])}", "in order of use"),
        Card("Lots", numbers.count(len(record["auction"]["lots"])), simulated(record)),
        Card(
            "Hours of liquidity",
            f"{record['liquidity']['hours_survived']} of {record['liquidity']['hours']}",
            "after the declaration",
            "bad" if record["liquidity"]["unmet_centicents"] else "good",
        ),
        Card(
            "Forced liquidations",
            numbers.count(record["cascade"]["liquidated"]),
            f"of {record['cascade']['accounts']} other accounts",
        ),
        Card("Observations", numbers.count(len(record["lessons"])), "computed from the record"),
    )


def _lessons(record: dict) -> Section:
    checks = [f"{check['check']}: {_holds(check['holds'])}" for check in record["checks"]]
    observed = tuple(words.sentence(lesson["words"]) for lesson in record["lessons"])
    return Section(
        "Observations and checks",
        (
            Listing(observed or ("None.",), numbered=True),
            "Checks of this record:",
            Listing(tuple(checks), numbered=True),
        ),
    )


def _holds(holds: bool) -> str:
    return "holds" if holds else "DOES NOT HOLD"


def _method(record: dict, tables: Tables) -> Section:
    inputs = record["inputs"]
    return Section(
        "Assumptions and sources",
        (
            Listing(tuple(map(words.sentence, record["assumptions"])), numbered=True),
            f"Scenario {inputs['scenario_id']} version {inputs['scenario_version']}, margin "
            f"schedule {inputs['schedule_version']}, rules {inputs['rules_version']}, snapshot "
            f"{inputs['snapshot']}; inputs {inputs['inputs_sha256']}.",
            files.files_table(tables),
        ),
    )
