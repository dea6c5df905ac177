"""The record of a drill from its loss on: waterfall, what members bear, and what may come next."""

from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import Column
from reporting.packs.drill_record.parts import TOP, record_table
from reporting.wording import dollars, numbers


def waterfall_section(record: dict) -> Section:
    waterfall, layers = record["waterfall"], record["waterfall"]["layers"]
    labels = [layer["layer_type"].replace("_", " ") for layer in layers]
    used = [layer["used_centicents"] for layer in layers]
    spoken = "; ".join(
        f"{label}: {dollars.in_words(amount)} used"
        for label, amount in zip(labels, used, strict=True)
    )
    loss = waterfall["loss_centicents"]
    return Section(
        "Silos and waterfall",
        (
            record_table(
                "What the loss is made of",
                record["loss"]["by_silo"],
                (
                    Column("silo", "Silo", "id", width=34),
                    Column("market_centicents", "Market", "money", total=True),
                    Column("closing_centicents", "Closing out", "money", total=True),
                    Column("loss_centicents", "Loss", "money", total=True),
                ),
                "Nobody loses.",
                top=TOP,
                note="The house of the group is one silo, each customer's book one of its own. A "
                "customer's gain meets nobody's loss.",
            ),
            record_table(
                "Whose assets met which loss",
                record["silos"]["flows"],
                (
                    Column("source", "Assets of", "id", width=34),
                    Column("target", "Loss of", "id", width=34),
                    Column("amount_centicents", "Amount", "money", total=True),
                ),
                "No asset of the defaulter met a loss.",
                top=TOP,
                note="Customer assets meet the loss of their own silo only (17 CFR 39.16).",
            ),
            Figure(
                "How the layers absorb the loss",
                "loss_waterfall",
                {"labels": labels, "used": used, "loss": loss},
                f"Waterfall chart from a loss of {dollars.in_words(loss)}. {spoken}.",
                "record.json",
            ),
            record_table(
                "The waterfall, step by step",
                layers,
                (
                    Column("layer_order", "Step", "count"),
                    Column("words", "Layer", width=38),
                    Column("size_centicents", "Size", "money"),
                    Column("used_centicents", "Used", "money", total=True),
                    Column("remaining_centicents", "Remaining", "money"),
                    Column("loss_still_open_centicents", "Loss still open", "money"),
                ),
                "No layer is reported.",
            ),
        ),
    )


def members_section(record: dict) -> Section:
    borne = [
        {"layer": layer["layer_type"].replace("_", " "), "member": member, "amount": amount}
        for layer in record["waterfall"]["layers"]
        for member, amount in layer["by_member"].items()
    ]
    ended = [
        {
            "layer": torn["layer_type"].replace("_", " "),
            "share": numbers.percent(*map(int, torn["share"].split("/")), 2),
            "ticker": ticker,
            "member": member,
            "qty": qty,
        }
        for torn in record["tear_up"]
        for ticker, members in torn["contracts"].items()
        for member, qty in members.items()
    ]
    return Section(
        "What each member bears and pays back",
        (
            record_table(
                "Borne by members",
                borne,
                (
                    Column("layer", "Layer", width=34),
                    Column("member", "Member", "id"),
                    Column("amount", "Amount", "money", total=True),
                ),
                "No member bears a part.",
                top=TOP,
            ),
            record_table(
                "Contracts that are torn up",
                ended,
                (
                    Column("layer", "Layer"),
                    Column("share", "Share"),
                    Column("ticker", "Market", "id", width=34),
                    Column("member", "Member", "id"),
                    Column("qty", "Contracts", "qty"),
                ),
                "No contract is torn up.",
                top=TOP,
                note="The share is of the positions that could be ended.",
            ),
            record_table(
                "Replenishment of the guaranty fund",
                [row for row in record["replenishment"] if any(list(row.values())[1:])],
                (
                    Column("member_id", "Member", "id"),
                    Column("due_centicents", "Due", "money", total=True),
                    Column("beyond_cap_centicents", "Beyond the cap", "money", total=True),
                ),
                "Nothing is to be paid back.",
            ),
        ),
    )


def aftermath_section(record: dict) -> Section:
    contagion = record["contagion"]
    return Section(
        "What may come next",
        (
            record_table(
                "Forced liquidations of other accounts",
                record["cascade"]["liquidations"],
                (
                    Column("account_id", "Account", "id"),
                    Column("round", "Round", "count"),
                    Column("loss_micros", "Loss", "money_micros", total=True),
                    Column("deficit_micros", "Deficit", "money_micros", total=True),
                ),
                "No other account falls below its maintenance margin.",
                top=TOP,
            ),
            record_table(
                "Rounds of forced liquidations",
                record["cascade"]["path"],
                (
                    Column("round", "Round", "count"),
                    Column("accounts", "Accounts", "count", total=True),
                    Column("markets_moved", "Markets moved", "count"),
                    Column("loss_micros", "Loss", "money_micros", total=True),
                    Column("deficit_micros", "Deficit", "money_micros", total=True),
                ),
                "There is no round.",
                top=TOP,
                note="All are sold at the prices of the last round; record.json has those of each.",
            ),
            record_table(
                "Members against the clearing house",
                contagion.get("members", ()),
                (
                    Column("member_id", "Member", "id"),
                    Column("known_collateral_centicents", "Known collateral", "money"),
                    Column("is_owed_centicents", "Is owed", "money", total=True),
                    Column("is_paid_centicents", "Is paid", "money", total=True),
                    Column("owes_centicents", "Owes", "money", total=True),
                    Column("pays_centicents", "Pays", "money", total=True),
                    Column("short_centicents", "Short", "money", total=True),
                    Column("fails_in_round", "Fails in round", "count"),
                ),
                contagion.get("left_out", "No other member."),
                note=f"Known is the {contagion.get('knows', 'collateral of the house')}.",
            ),
            record_table(
                "Payments due",
                record["liquidity"]["outflows"],
                (
                    Column("hour", "Hour", "count"),
                    Column("due_centicents", "Due", "money", total=True),
                    Column("met_centicents", "Met", "money", total=True),
                    Column("unmet_centicents", "Unmet", "money", total=True),
                ),
                "Nothing is due.",
            ),
            record_table(
                "Facilities, in order of use",
                record["liquidity"]["facilities"],
                (
                    Column("facility", "Facility", width=36),
                    Column("notice_hours", "Notice, hours", "count"),
                    Column("capacity_centicents", "Capacity", "money"),
                    Column("drawn_centicents", "Drawn", "money", total=True),
                ),
                "No facility is known.",
            ),
        ),
    )
