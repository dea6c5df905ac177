"""The notices of a drill: to the public, and to each surviving member.

Belongs here: which facts a notice states. The public notice names no member, account, market or
scenario. The members' notice has a section for each member, and each gets only its own.
"""

from reporting.packs.document.parts import Document, Labelled, Section
from reporting.packs.document.tables import Table, grid
from reporting.studies.default_drill.lessons import tenths
from reporting.wording import dollars

_KINDS = {
    "defaulter_margin": "margin of the defaulter",
    "defaulter_fund": "guaranty fund contribution of the defaulter",
    "own_capital": "own capital of the clearing house",
    "segment_fund": "slice of the guaranty fund contributions for the segment of the default",
    "survivors_fund": "guaranty fund contributions of the other members",
    "insurance": "insurance",
    "assessment": "assessments of the other members",
    "gains_haircut": "haircut of variation gains",
    "partial_tear_up": "tear-up of contracts against the defaulter's positions",
    "full_tear_up": "tear-up of all contracts",
}


def public_notice(record: dict) -> Document:
    """What happened in plain words, and the layers; nobody is named."""
    declared, waterfall = record["declaration"], record["waterfall"]
    unallocated = waterfall["unallocated_centicents"]
    return Document(
        f"Notice of a default drill, {record['business_date']}",
        (),
        (
            *_labels(record),
            "This is an exercise. No member has defaulted.",
            "In the exercise, a clearing member was declared in default at"
            f" {declared['declared_utc']} because it did not make a payment due at"
            f" {declared['payment_due_utc']}. Its affiliated members were declared in default with"
            " it.",
            "The loss, including the cost of closing out positions, was"
            f" {dollars.exact(waterfall['loss_centicents'])}. It was borne as follows:",
            _layers(waterfall),
            f"No layer bore the remaining {dollars.exact(unallocated)}."
            if unallocated
            else "The layers bore the whole loss.",
            "Customer assets covered only the losses of their own customer (17 CFR 39.16).",
            _auction_words(record),
        ),
    )


def _layers(waterfall: dict) -> Table:
    return grid(
        ("layer", "used (US$)", "left (US$)"),
        (
            (
                _KINDS.get(layer["layer_type"], layer["layer_type"].replace("_", " ")),
                dollars.exact(layer["used_centicents"]),
                dollars.exact(layer["remaining_centicents"]),
            )
            for layer in waterfall["layers"]
        ),
    )


def _labels(record: dict) -> list[Labelled]:
    """SYNTHETIC and SIMULATED, where they apply."""
    labels = []
    if record["synthetic"]:
        labels.append(Labelled("SYNTHETIC.", record["synthetic"]))
    if record["auction"]["bids_are"] != "feed" and record["auction"]["lots"]:
        words = "No member was asked to bid; a rule made the bids."
        labels.append(Labelled("SIMULATED bids.", words))
    return labels


def _auction_words(record: dict) -> str:
    lots = record["auction"]["lots"]
    if not lots:
        return "Nothing was left to sell: every position had settled or was offset by another."
    qty, sold = sum(lot["qty"] for lot in lots), sum(lot["sold_qty"] for lot in lots)
    taken = (
        "all contracts."
        if sold == qty
        else f"{tenths(sold, qty)} of the contracts; the rest was closed out in the market."
    )
    return f"The open positions were auctioned in {len(lots)} lots. Bidders took over {taken}"


def member_notice(record: dict) -> Document:
    """A section for each surviving member: what it bears, what it has to pay, and when."""
    due = {entry["what"]: entry["utc"] for entry in record["timeline"]}
    return Document(
        f"Notices to members, default drill of {record['business_date']}",
        tuple(
            Section(member, (*_conduct(record, member), _amounts_table(amounts)))
            for member, amounts in sorted(_amounts(record).items())
        ),
        (
            *_labels(record),
            "This is an exercise; nothing is to be paid. Confidential: each member receives only"
            " its own section.",
            f"Assessments would be due at {due['assessments due']}, replenishment at"
            f" {due['replenishment of the fund due']}.",
        ),
    )


def _amounts(record: dict) -> dict[str, list[tuple[str, int]]]:
    """By surviving member, what it bears or has to pay, in centicents."""
    amounts: dict[str, list[tuple[str, int]]] = {
        row["member_id"]: [] for row in record["replenishment"]
    }
    for layer in record["waterfall"]["layers"]:
        for member, amount in layer["by_member"].items():
            if member in amounts:
                amounts[member].append((_KINDS.get(layer["layer_type"], layer["words"]), amount))
    for row in record["replenishment"]:
        if row["due_centicents"]:
            replenishment = ("replenishment of the guaranty fund", row["due_centicents"])
            amounts[row["member_id"]].append(replenishment)
    return amounts


def _conduct(record: dict, member: str) -> list[str]:
    auction = record["auction"]
    return [
        f"In the auction ({auction['bids_are']} bids): {row['conduct']}."
        for row in auction["conduct"]
        if row["member_id"] == member
    ]


def _amounts_table(amounts: list[tuple[str, int]]) -> Table | str:
    if not amounts:
        return "This member bears nothing."
    return grid(("amount", "US$"), ((name, dollars.exact(amount)) for name, amount in amounts))
