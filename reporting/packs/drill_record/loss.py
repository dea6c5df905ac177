"""The record of a drill from its loss on: waterfall, members' shares, and aftermath."""

from reporting.packs.document.parts import Figure, Section
from reporting.packs.drill_record.parts import TOP, record_table
from reporting.wording import numbers


def waterfall_section(record: dict) -> Section:
    waterfall, layers = record["waterfall"], record["waterfall"]["layers"]
    labels = [layer["layer_type"].replace("_", " ") for layer in layers]
    used = [layer["used_centicents"] for layer in layers]
    loss = waterfall["loss_centicents"]
    return Section(
        "Silos and waterfall",
        (
            record_table(
                "Loss by silo",
                record["loss"]["by_silo"],
                "silo market_centicents+ closing_centicents+ loss_centicents+",
                "No silo has a loss.",
                top=TOP,
                note="The group's house is one silo; each customer's book is a silo of its own. A "
                "customer's gain covers no other loss.",
            ),
            record_table(
                "Losses covered by silo assets",
                record["silos"]["flows"],
                "source target amount_centicents+",
                "No asset of the defaulter covered a loss.",
                top=TOP,
                note="Customer assets cover the loss of their own silo only (17 CFR 39.16).",
            ),
            Figure(
                "Absorption of the loss by layer",
                "loss_waterfall",
                {"labels": labels, "used": used, "loss": loss},
                "record.json",
            ),
            record_table(
                "The waterfall, step by step",
                layers,
                "layer_order words size_centicents used_centicents+ remaining_centicents "
                "loss_still_open_centicents",
                "No layer is reported.",
            ),
        ),
    )


def members_section(record: dict) -> Section:
    borne = [
        {
            "layer": layer["layer_type"].replace("_", " "),
            "member_id": member,
            "amount_centicents": amount,
        }
        for layer in record["waterfall"]["layers"]
        for member, amount in layer["by_member"].items()
    ]
    torn_up = [
        {
            "layer": torn["layer_type"].replace("_", " "),
            "share": numbers.percent(*map(int, torn["share"].split("/")), 2),
            "ticker": ticker,
            "member_id": member,
            "qty": qty,
        }
        for torn in record["tear_up"]
        for ticker, members in torn["contracts"].items()
        for member, qty in members.items()
    ]
    return Section(
        "Allocation to members and replenishment",
        (
            record_table(
                "Loss borne by members",
                borne,
                "layer member_id amount_centicents+",
                "No member bears a loss.",
                top=TOP,
            ),
            record_table(
                "Contracts torn up",
                torn_up,
                "layer share ticker member_id qty",
                "No contract is torn up.",
                top=TOP,
                note="Share of the positions eligible for tear-up.",
            ),
            record_table(
                "Replenishment of the guaranty fund",
                [row for row in record["replenishment"] if any(list(row.values())[1:])],
                "member_id due_centicents+ beyond_cap_centicents+",
                "No replenishment is due.",
            ),
        ),
    )


def aftermath_section(record: dict) -> Section:
    contagion = record["contagion"]
    return Section(
        "Aftermath",
        (
            record_table(
                "Forced liquidations of other accounts",
                record["cascade"]["liquidations"],
                "account_id round loss_micros+ deficit_micros+",
                "No other account falls below maintenance margin.",
                top=TOP,
            ),
            record_table(
                "Rounds of forced liquidations",
                record["cascade"]["path"],
                "round accounts+ markets_moved loss_micros+ deficit_micros+",
                "No round of liquidations.",
                top=TOP,
                note="All sell at the prices of the last round; record.json has each round.",
            ),
            record_table(
                "Members against the clearing house",
                contagion.get("members", ()),
                "member_id known_collateral_centicents is_owed_centicents+ is_paid_centicents+ "
                "owes_centicents+ pays_centicents+ short_centicents+ fails_in_round",
                contagion.get("left_out", "No other member."),
                note=f"Known collateral: {contagion.get('knows', 'collateral of the house')}.",
            ),
            record_table(
                "Payments due",
                record["liquidity"]["outflows"],
                "hour due_centicents+ met_centicents+ unmet_centicents+",
                "No payment is due.",
            ),
            record_table(
                "Facilities, in order of use",
                record["liquidity"]["facilities"],
                "facility notice_hours capacity_centicents drawn_centicents+",
                "No facility is reported.",
            ),
        ),
    )
