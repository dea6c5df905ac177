"""The record of one default drill as a pack: the view model, from the record alone.

Pure: the record and the day's files in, ``parts.Pack`` out. ``tables`` holds the record as
JSON text in the one row of ``default_record``, and ``files_landed``.
"""

import json
from collections.abc import Iterable

from reporting.packs import numbers, shared, words
from reporting.packs.parts import Card, Column, Figure, Pack, Section, Steps, Table, table
from reporting.packs.shared import Tables

NAME = "default-record"
_TOP = 40


def view(tables: Tables) -> Pack:
    record = json.loads(tables["default_record"][0]["record"])
    return Pack(
        pack=NAME,
        title="Record of a default drill",
        subtitle=f"{record['drill_id']}: declaration to lessons (17 CFR 39.16)",
        summary=_summary(record),
        cards=_cards(record),
        changes=(),
        previous_date=None,
        terms=shared.terms(
            "Clearing-member group", "Initial margin", "Worst-case loss", "Gains haircut"
        ),
        sections=(
            _declaration(record),
            _timeline(record),
            _positions(record),
            _auction(record),
            _waterfall(record),
            _members(record),
            _aftermath(record),
            _lessons(record),
            _method(record, tables),
        ),
        compared=False,
    )


def _simulated(record: dict) -> str:
    return "SIMULATED bids" if record["auction"]["bids_are"] != "feed" else "bids of the feed"


def _summary(record: dict) -> tuple[str, ...]:
    declared, waterfall = record["declaration"], record["waterfall"]
    loss, rest = waterfall["loss_centicents"], waterfall["unallocated_centicents"]
    names = words.listed([row["member_id"] for row in declared["defaulted"]], 8)
    sentences = [
        f"This is a drill: nobody has defaulted. It takes {names} (group "
        f"{declared['affiliate_group']}) to default in scenario "
        f"{declared['scenario']['scenario_id']}: {declared['scenario']['words']}.",
        f"The loss is {numbers.dollars_in_words(loss)}, of which the defaulter's own margin and "
        f"gains bear {numbers.dollars_in_words(waterfall['own_assets_centicents'])}. "
        + (
            f"{numbers.dollars_in_words(rest)} stay unallocated after every layer."
            if rest
            else "The whole loss is allocated, each unit once."
        ),
    ]
    if record["auction"]["lots"]:
        sentences.append(
            f"The auction of {words.number_of(len(record['auction']['lots']), 'lot')} rests on "
            f"{_simulated(record)}."
        )
    return tuple(sentences)


def _cards(record: dict) -> tuple[Card, ...]:
    waterfall, loss = record["waterfall"], record["waterfall"]["loss_centicents"]
    own, rest = waterfall["own_assets_centicents"], waterfall["unallocated_centicents"]
    used = [layer for layer in waterfall["layers"] if layer["used_centicents"]]
    return (
        Card("Loss", numbers.dollars_in_words(loss), record["declaration"]["affiliate_group"]),
        Card(
            "Borne by own margin and gains",
            numbers.percent(own, loss),
            numbers.dollars_in_words(own),
        ),
        Card(
            "Unallocated",
            numbers.dollars_in_words(rest),
            "no layer bears it" if rest else "every unit is allocated",
            "bad" if rest else "good",
        ),
        Card("Layers reached", f"{len(used)} of {len(waterfall['layers'])}", "in order of use"),
        Card("Lots", numbers.count(len(record["auction"]["lots"])), _simulated(record)),
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
        Card("Observations", numbers.count(len(record["lessons"])), "each computed"),
    )


def _plain(title: str, rows: Iterable[dict], columns: tuple, empty: str, **more) -> Table:
    return table(title, "record.json", list(rows), columns, empty, **more)


def _declaration(record: dict) -> Section:
    declared = record["declaration"]
    known = numbers.moment(declared["obligation_known_utc"])
    due = numbers.moment(declared["payment_due_utc"])
    return Section(
        "Declaration",
        (
            f"Member {declared['member_id']} ({declared['name']}) is declared in default at "
            f"{numbers.moment(declared['declared_utc'])} UTC. Trigger: {declared['trigger']}; the "
            f"obligation is known at {known}, due at {due} ({declared['due_time_from']}).",
            f"Margin of {numbers.dollars_in_words(declared['margin_required_centicents'])} is "
            f"required of its {words.number_of(declared['accounts'], 'account')}, of which "
            f"{numbers.dollars_in_words(declared['margin_left_centicents'])} are left in the "
            "scenario. Posted collateral is worth "
            f"{numbers.dollars_in_words(declared['collateral_after_haircut_centicents'])} after "
            "haircut; the contribution to the guaranty fund is "
            f"{numbers.dollars_in_words(declared['fund_contribution_centicents'])}.",
            _plain(
                "Who defaults together",
                declared["defaulted"],
                (
                    Column("member_id", "Member", "id"),
                    Column("name", "Name", width=40),
                    Column("status", "Status before"),
                ),
                "Nobody.",
            ),
            _plain(
                "Margin calls on the group that day",
                declared["calls"],
                (
                    Column("call_id", "Call", "id"),
                    Column("account_id", "Account", "id"),
                    Column("state", "State"),
                    Column("amount_centicents", "Amount", "money", total=True),
                    Column("unmet_centicents", "Unmet", "money", total=True),
                    Column("hours_late", "Hours late", "count"),
                ),
                "No margin call on the group is known on this day.",
                top=_TOP,
            ),
        ),
    )


def _timeline(record: dict) -> Section:
    rows = [
        {
            "utc": entry["utc"],
            "hours": f"{entry['minutes'] / 60:+.1f}",
            "what": entry["what"],
        }
        for entry in record["timeline"]
    ]
    columns = (
        Column("utc", "Time", "time"),
        Column("hours", "Hours"),
        Column("what", "What", width=60),
    )
    note = "Hours count from the declaration."
    return Section("Timeline", (_plain("Timeline", rows, columns, "Empty.", note=note),))


def _positions(record: dict) -> Section:
    return Section(
        "Positions, and closing out beside holding",
        (
            _plain(
                "Positions of the group",
                record["positions"],
                (
                    Column("account_id", "Account", "id"),
                    Column("side", "Side"),
                    Column("ticker", "Market", "id", width=34),
                    Column("qty", "Position", "qty"),
                    Column("mark_centicents", "Mark", "price"),
                    Column("scenario_price_centicents", "Scenario", "price"),
                    Column("loss_micros", "Loss", "money_micros", total=True),
                ),
                "The group holds no position.",
                top=_TOP,
                note="A negative position is one in NO, a negative loss a gain.",
            ),
            _plain(
                "Closing out beside holding to the resolution, by event",
                record["close_or_hold"],
                (
                    Column("side", "Side"),
                    Column("event_ticker", "Event", "id", width=34),
                    Column("value_micros", "Value", "money_micros", total=True),
                    Column("close_out_cost_micros", "Closing out", "money_micros", total=True),
                    Column("expected_cost_of_holding_micros", "Holding", "money_micros", True),
                    Column("worst_cost_of_holding_micros", "Holding, worst", "money_micros", True),
                ),
                "Nothing is left to close out.",
                top=_TOP,
                note="Net open positions at the scenario's prices; costs are against that value.",
            ),
        ),
    )


def _auction(record: dict) -> Section:
    auction, simulated = record["auction"], _simulated(record)
    bids = [bid | {"lot_id": lot["lot_id"]} for lot in auction["lots"] for bid in lot["bids"]]
    return Section(
        "Hedges and auction",
        (
            _plain(
                "Hedges of the house positions",
                record["hedges"],
                (
                    Column("ticker", "Market", "id", width=34),
                    Column("qty", "Trade", "qty"),
                    Column("worst_case_before_micros", "Worst case", "money_micros"),
                    Column("worst_case_after_micros", "after it", "money_micros"),
                    Column("cost_micros", "Cost", "money_micros", total=True),
                ),
                "No hedge is worth what it costs.",
            ),
            _plain(
                f"Lots ({simulated})",
                auction["lots"],
                (
                    Column("lot_id", "Lot", "id", width=34),
                    Column("qty", "Contracts", "qty"),
                    Column("mark_micros", "Mark", "money_micros"),
                    Column("reserve_micros", "Reserve", "money_micros"),
                    Column("sold_qty", "Sold", "qty"),
                    Column("sale_loss_centicents", "Lost by sale", "money", total=True),
                    Column("market_loss_centicents", "in the market", "money", total=True),
                ),
                "Nothing is left to be sold.",
            ),
            _plain(
                f"Bids ({simulated})",
                bids,
                (
                    Column("lot_id", "Lot", "id", width=34),
                    Column("member_id", "Member", "id"),
                    Column("qty", "Contracts", "qty"),
                    Column("price_micros", "Price of the lot", "money_micros"),
                ),
                "No member bid.",
                top=_TOP,
            ),
            _plain(
                f"Conduct ({simulated})",
                auction["conduct"],
                (Column("member_id", "Member", "id"), Column("conduct", "Conduct", width=30)),
                "No member had to bid.",
            ),
        ),
    )


def _waterfall(record: dict) -> Section:
    waterfall, layers = record["waterfall"], record["waterfall"]["layers"]
    labels = [layer["layer_type"].replace("_", " ") for layer in layers]
    used = [layer["used_centicents"] for layer in layers]
    spoken = "; ".join(
        f"{label}: {numbers.dollars_in_words(amount)} used"
        for label, amount in zip(labels, used, strict=True)
    )
    loss = waterfall["loss_centicents"]
    return Section(
        "Silos and waterfall",
        (
            _plain(
                "What the loss is made of",
                record["loss"]["by_silo"],
                (
                    Column("silo", "Silo", "id", width=34),
                    Column("market_centicents", "Market", "money", total=True),
                    Column("closing_centicents", "Closing out", "money", total=True),
                    Column("loss_centicents", "Loss", "money", total=True),
                ),
                "Nobody loses.",
                top=_TOP,
                note="The house of the group is one silo, each customer's book one of its own. A "
                "customer's gain meets nobody's loss.",
            ),
            _plain(
                "Whose assets met which loss",
                record["silos"]["flows"],
                (
                    Column("source", "Assets of", "id", width=34),
                    Column("target", "Loss of", "id", width=34),
                    Column("amount_centicents", "Amount", "money", total=True),
                ),
                "No asset of the defaulter met a loss.",
                top=_TOP,
                note="Customer assets meet the loss of their own silo only (17 CFR 39.16).",
            ),
            Figure(
                "How the layers absorb the loss",
                "loss_waterfall",
                {"labels": labels, "used": used, "loss": loss},
                f"Waterfall chart from a loss of {numbers.dollars_in_words(loss)}. {spoken}.",
                "record.json",
            ),
            _plain(
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


def _members(record: dict) -> Section:
    borne = [
        {"layer": layer["layer_type"].replace("_", " "), "member": member, "amount": amount}
        for layer in record["waterfall"]["layers"]
        for member, amount in layer["by_member"].items()
    ]
    return Section(
        "What each member bears and pays back",
        (
            _plain(
                "Borne by members",
                borne,
                (
                    Column("layer", "Layer", width=34),
                    Column("member", "Member", "id"),
                    Column("amount", "Amount", "money", total=True),
                ),
                "No member bears a part.",
                top=_TOP,
            ),
            _plain(
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


def _aftermath(record: dict) -> Section:
    contagion = record["contagion"]
    return Section(
        "What may come next",
        (
            _plain(
                "Forced liquidations of other accounts",
                record["cascade"]["liquidations"],
                (
                    Column("account_id", "Account", "id"),
                    Column("round", "Round", "count"),
                    Column("loss_micros", "Loss", "money_micros", total=True),
                    Column("deficit_micros", "Deficit", "money_micros", total=True),
                ),
                "No other account falls below its maintenance margin.",
                top=_TOP,
            ),
            _plain(
                "Members against the clearing house",
                contagion.get("members", ()),
                (
                    Column("member_id", "Member", "id"),
                    Column("known_collateral_centicents", "Known collateral", "money"),
                    Column("owes_centicents", "Owes", "money", total=True),
                    Column("pays_centicents", "Pays", "money", total=True),
                    Column("short_centicents", "Short", "money", total=True),
                    Column("fails_in_round", "Fails in round", "count"),
                ),
                contagion.get("left_out", "No other member."),
                note=f"Known is the {contagion.get('knows', 'collateral of the house')}.",
            ),
            _plain(
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
            _plain(
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


def _lessons(record: dict) -> Section:
    checks = [f"{check['check']}: {_holds(check['holds'])}" for check in record["checks"]]
    observed = tuple(words.sentence(lesson["words"]) for lesson in record["lessons"])
    return Section(
        "Observations and checks",
        (Steps(observed or ("None.",)), "Checks of this record:", Steps(tuple(checks))),
    )


def _holds(holds: bool) -> str:
    return "holds" if holds else "DOES NOT HOLD"


def _method(record: dict, tables: Tables) -> Section:
    inputs = record["inputs"]
    return Section(
        "Assumptions and sources",
        (
            Steps(tuple(words.sentence(each) for each in record["assumptions"])),
            f"Scenario {inputs['scenario_id']} version {inputs['scenario_version']}, margin "
            f"schedule {inputs['schedule_version']}, rules {inputs['rules_version']}, snapshot "
            f"{inputs['snapshot']}; inputs {inputs['inputs_sha256']}.",
            shared.files_table(tables),
        ),
    )
