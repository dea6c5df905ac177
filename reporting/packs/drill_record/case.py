"""The record of a drill up to its sales: declaration, timeline, positions, hedges, auction."""

from reporting.packs.document.parts import Section
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
            f"Margin of {dollars.in_words(declared['margin_required_centicents'])} is required of "
            f"its {words.number_of(declared['accounts'], 'account')}; "
            f"{dollars.in_words(declared['margin_left_centicents'])} of it remain in the scenario. "
            "Posted collateral is worth "
            f"{dollars.in_words(declared['collateral_after_haircut_centicents'])} after haircut; "
            "the contribution to the guaranty fund is "
            f"{dollars.in_words(declared['fund_contribution_centicents'])}.",
            record_table(
                "Members in default",
                declared["defaulted"],
                "member_id name status",
                "No member.",
                heads={"status": "Status before"},
            ),
            record_table(
                "Margin calls on the group on the date",
                declared["calls"],
                "call_id account_id state amount_centicents+ unmet_centicents+ hours_late",
                "No margin call on the group is reported for this date.",
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
    columns = "utc hours what"
    note = "Hours from the declaration."
    return Section("Timeline", (record_table("Timeline", rows, columns, "Empty.", note=note),))


def positions_section(record: dict) -> Section:
    return Section(
        "Positions: closing out against holding",
        (
            record_table(
                "Positions of the group",
                record["positions"],
                "account_id side ticker qty mark_centicents scenario_price_centicents loss_micros+",
                "The group holds no position.",
                top=TOP,
                note="A negative position is in NO; a negative loss is a gain.",
            ),
            record_table(
                "Closing out against holding to the resolution, by event",
                record["close_or_hold"],
                "side event_ticker value_micros+ close_out_cost_micros+ "
                "expected_cost_of_holding_micros+ worst_cost_of_holding_micros+",
                "No position is left to close out.",
                top=TOP,
                note="Net open positions at the scenario's prices. Costs are against that value.",
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
                "ticker qty worst_case_before_micros worst_case_after_micros cost_micros+",
                "No hedge is worth its cost.",
            ),
            record_table(
                f"Lots ({source})",
                auction["lots"],
                "lot_id qty mark_micros reserve_micros sold_qty sale_loss_centicents+ "
                "market_loss_centicents+",
                "No position is left to sell.",
            ),
            record_table(
                f"Bids ({source})",
                bids,
                "lot_id member_id qty price_micros",
                "No member bid.",
                top=TOP,
            ),
            record_table(
                f"Conduct ({source})",
                auction["conduct"],
                "member_id conduct",
                "No member was required to bid.",
            ),
        ),
    )
