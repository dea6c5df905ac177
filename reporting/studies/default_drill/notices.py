"""The notices of a drill in Markdown: to the public, and to each surviving member.

Belongs here: which facts a notice states. The public one names no member, account, market or
scenario; of the members' notice each member gets its own section only.
"""

from reporting.studies.default_drill.lessons import dollars, tenths

_KINDS = {
    "defaulter_margin": "margin of the defaulter",
    "defaulter_fund": "guaranty fund contribution of the defaulter",
    "own_capital": "own capital of the clearing house",
    "survivors_fund": "guaranty fund contributions of the other members",
    "insurance": "insurance",
    "assessment": "assessments of the other members",
    "gains_haircut": "haircut of variation gains",
    "partial_tear_up": "tear-up of contracts against the defaulter's positions",
    "full_tear_up": "tear-up of all contracts",
}


def public_notice(record: dict) -> str:
    """Plain words and the layers; nobody is named."""
    declared, waterfall = record["declaration"], record["waterfall"]
    loss = dollars(waterfall["loss_centicents"])
    lines = [
        f"# Notice of a default drill, {record['business_date']}",
        "",
        *_labels(record),
        "This is an exercise. No member has defaulted.",
        "",
        f"In the exercise a clearing member was declared in default at {declared['declared_utc']}"
        f" because it did not pay what was due at {declared['payment_due_utc']}. Members affiliated"
        " with it were declared in default with it.",
        "",
        f"Its loss, with the cost of closing out its positions, was {loss}. It was borne as"
        " follows:",
        "",
        "| layer | used (US$) | left (US$) |",
        "|---|---|---|",
    ]
    for layer in waterfall["layers"]:
        words = _KINDS.get(layer["layer_type"], layer["layer_type"].replace("_", " "))
        used, left = dollars(layer["used_centicents"]), dollars(layer["remaining_centicents"])
        lines.append(f"| {words} | {used} | {left} |")
    rest = waterfall["unallocated_centicents"]
    lines += [
        "",
        f"{dollars(rest)} were borne by no layer."
        if rest
        else "All of the loss was borne, each unit once.",
        "",
        "Assets of customers met no loss but their own customer's (17 CFR 39.16).",
        "",
        _auction_words(record),
        "",
    ]
    return "\n".join(lines)


def _labels(record: dict) -> list[str]:
    """SYNTHETIC and SIMULATED, where they are."""
    lines = []
    if record["synthetic"]:
        lines += [f"**SYNTHETIC.** {record['synthetic']}", ""]
    if record["auction"]["bids_are"] != "feed" and record["auction"]["lots"]:
        lines += ["**SIMULATED bids.** No member was asked to bid; bids follow a rule.", ""]
    return lines


def _auction_words(record: dict) -> str:
    auction = record["auction"]
    lots = auction["lots"]
    if not lots:
        return "Nothing was left to be sold: every position was settled, or offset another."
    qty, sold = sum(lot["qty"] for lot in lots), sum(lot["sold_qty"] for lot in lots)
    return (
        f"The open positions were offered in {len(lots)} lots; {tenths(sold, qty)} of the"
        " contracts were taken over by bidders, the rest was closed out in the market."
    )


def member_notice(record: dict) -> str:
    """One section a surviving member: what it bears and what it has to pay, and when."""
    shares: dict[str, list[tuple[str, int]]] = {}
    for row in record["replenishment"]:
        shares[row["member_id"]] = []
    for layer in record["waterfall"]["layers"]:
        for member, amount in layer["by_member"].items():
            if member in shares:
                shares[member].append((_KINDS.get(layer["layer_type"], layer["words"]), amount))
    for row in record["replenishment"]:
        if row["due_centicents"]:
            shares[row["member_id"]].append(
                ("replenishment of the guaranty fund", row["due_centicents"])
            )
    conduct = {row["member_id"]: row["conduct"] for row in record["auction"]["conduct"]}
    due = {entry["what"]: entry["utc"] for entry in record["timeline"]}
    lines = [
        f"# Notices to members, default drill of {record['business_date']}",
        "",
        *_labels(record),
        "This is an exercise; nothing is to be paid. Confidential: each member gets its own"
        " section only.",
        "",
        f"Assessments would be due at {due['assessments due']}, replenishment at"
        f" {due['replenishment of the fund due']}.",
    ]
    for member in sorted(shares):
        lines += ["", f"## {member}", ""]
        if member in conduct:
            lines += [
                f"In the auction ({record['auction']['bids_are']} bids): {conduct[member]}.",
                "",
            ]
        if shares[member]:
            lines += ["| what | US$ |", "|---|---|"]
            lines += [f"| {what} | {dollars(amount)} |" for what, amount in shares[member]]
        else:
            lines.append("Nothing is borne by this member.")
    return "\n".join([*lines, ""])
