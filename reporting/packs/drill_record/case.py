"""The record of a drill up to its sales: declaration, timeline, positions, hedges and auction."""

from reporting.packs.document.parts import Section
from reporting.packs.document.tables import Column
from reporting.packs.drill_record.parts import TOP, record_table, simulated
from reporting.wording import dollars, numbers, words


def declaration_section(record: dict) -> Section:
    declared = record["declaration"]
    known = numbers.moment(declared["obligation_known_utc"])
    due = numbers.moment(declared["payment_due_utc"])
    return Section(
        "Declaration",
        (
            f"Member {declared['member_id']} ({declared['name']}) is declared in default at "
            f"{numbers.moment(declared['declared_utc'])} UTC. Trigger: {declared['trigger']}; the "
            f"obligation is known at {known}, due at {due} ({declared['due_time_from']}).",
            f"Margin of {dollars.in_words(declared['margin_required_centicents'])} is "
            f"required of its {words.number_of(declared['accounts'], 'account')}, of which "
            f"{dollars.in_words(declared['margin_left_centicents'])} are left in the "
            "scenario. Posted collateral is worth "
            f"{dollars.in_words(declared['collateral_after_haircut_centicents'])} after "
            "haircut; the contribution to the guaranty fund is "
            f"{dollars.in_words(declared['fund_contribution_centicents'])}.",
            record_table(
                "Who defaults together",
                declared["defaulted"],
                (
                    Column("member_id", "Member", "id"),
                    Column("name", "Name", width=40),
                    Column("status", "Status before"),
                ),
                "Nobody.",
            ),
            record_table(
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
                top=TOP,
            ),
        ),
    )


def timeline_section(record: dict) -> Section:
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
    return Section("Timeline", (record_table("Timeline", rows, columns, "Empty.", note=note),))


def positions_section(record: dict) -> Section:
    return Section(
        "Positions, and closing out beside holding",
        (
            record_table(
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
                top=TOP,
                note="A negative position is one in NO, a negative loss a gain.",
            ),
            record_table(
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
                top=TOP,
                note="Net open positions at the scenario's prices; costs are against that value.",
            ),
        ),
    )


def auction_section(record: dict) -> Section:
    auction, source = record["auction"], simulated(record)
    bids = [bid | {"lot_id": lot["lot_id"]} for lot in auction["lots"] for bid in lot["bids"]]
    return Section(
        "Hedges and auction",
        (
            record_table(
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
            record_table(
                f"Lots ({source})",
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
            record_table(
                f"Bids ({source})",
                bids,
                (
                    Column("lot_id", "Lot", "id", width=34),
                    Column("member_id", "Member", "id"),
                    Column("qty", "Contracts", "qty"),
                    Column("price_micros", "Price of the lot", "money_micros"),
                ),
                "No member bid.",
                top=TOP,
            ),
            record_table(
                f"Conduct ({source})",
                auction["conduct"],
                (Column("member_id", "Member", "id"), Column("conduct", "Conduct", width=30)),
                "No member had to bid.",
            ),
        ),
    )
