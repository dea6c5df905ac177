"""What members pay and post, in the daily pack: calls, cash entries, collateral."""

from reporting.packs import numbers, words
from reporting.packs.parts import Column, Figure, Section, table
from reporting.packs.shared import Tables


def calls_sentence(calls: list[dict]) -> str:
    issued = [row for row in calls if row["call_id"] is not None]
    missing = len(calls) - len(issued)
    if not calls:
        return "No margin call was issued or due."
    amount = sum(row["venue_amount_centicents"] or 0 for row in issued)
    late = sum(1 for row in issued if row["late"])
    text = f"{words.number_of(len(issued), 'margin call')} of {numbers.dollars_in_words(amount)}"
    text += f" in all; {words.number_of(late, 'call')} met late"
    if missing:
        text += f"; {words.number_of(missing, 'account')} due a call without one"
    return words.sentence(text)


def calls_section(tables: Tables) -> Section:
    return Section(
        "Margin calls",
        (
            calls_sentence(tables["calls"]),
            table(
                "Margin calls, late ones first",
                "calls",
                tables["calls"],
                (
                    Column("call_id", "Call", "id", width=18),
                    Column("account_id", "Account", "id", width=16),
                    Column("member_id", "Member", "id", width=10),
                    Column("venue_amount_centicents", "Called", "money", total=True),
                    Column("recomputed_amount_centicents", "Recomputed", "money", total=True),
                    Column("state", "State"),
                    Column("issued_utc", "Issued", "time"),
                    Column("due_utc", "Due", "time"),
                    Column("met_utc", "Met", "time"),
                    Column("late", "Late"),
                ),
                "None today.",
                top=25,
            ),
        ),
    )


def cash_section(tables: Tables) -> Section:
    rows = tables["cash_by_member"]
    residue = sum(row["variation_centicents"] + row["rounding_centicents"] for row in rows)
    closes = (
        "Variation and rounding sum to zero over all members, as they must."
        if residue == 0
        else f"Variation and rounding sum to {numbers.dollars_in_words(residue)} over all "
        "members; they should sum to zero."
    )
    return Section(
        "Variation, fees and rounding",
        (
            "Negative amounts are paid by the member. " + (closes if rows else ""),
            table(
                "Cash entries by member",
                "cash_by_member",
                rows,
                (
                    Column("member_id", "Member", "id", width=30),
                    Column("variation_centicents", "Variation", "money", total=True),
                    Column("fees_centicents", "Fees", "money", total=True),
                    Column("rounding_centicents", "Rounding", "money", total=True),
                ),
                "No cash entry today.",
                top=25,
            ),
            table(
                "Cash flows that differ from the venue's",
                "obligation_break_details",
                tables["obligation_break_details"],
                (
                    Column("account_id", "Account", "id", width=24),
                    Column("variation_difference_centicents", "Variation", "money", total=True),
                    Column("fees_difference_centicents", "Fees", "money", total=True),
                    Column(
                        "margin_change_difference_centicents", "Margin change", "money", total=True
                    ),
                    Column("net_difference_centicents", "Net", "money", total=True),
                ),
                "Cash flows: none differs from the venue's today.",
                top=20,
                note="Each column: the venue's amount less the recomputed one.",
            ),
        ),
    )


def collateral_section(tables: Tables) -> Section:
    rows = tables["collateral_by_type"]
    items: list = []
    if rows:
        items.append(
            Figure(
                "Collateral by type",
                "stacked_bars",
                {
                    "labels": [row["asset_type"] for row in rows[:10]],
                    "series": [
                        ("after haircut", [r["value_after_haircut_centicents"] for r in rows[:10]]),
                        ("haircut", [row["haircut_centicents"] for row in rows[:10]]),
                    ],
                    "unit": "money",
                    "axis": "market value",
                },
                "Bar chart of collateral by type. "
                + "; ".join(
                    f"{row['asset_type']}: "
                    f"{numbers.dollars_in_words(row['value_after_haircut_centicents'])} after "
                    "haircut"
                    for row in rows[:10]
                )
                + ".",
                "collateral_by_type",
            )
        )
    items.append(
        table(
            "Collateral by type",
            "collateral_by_type",
            rows,
            (
                Column("asset_type", "Type"),
                Column("accounts", "Accounts", "count"),
                Column("highest_haircut_bps", "Highest haircut", "bps"),
                Column("value_centicents", "Market value", "money", total=True),
                Column("haircut_centicents", "Haircut", "money", total=True),
                Column("value_after_haircut_centicents", "After haircut", "money", total=True),
            ),
            "No collateral is reported today.",
        )
    )
    items.append(
        table(
            "Collateral by custodian",
            "collateral_by_custodian",
            tables["collateral_by_custodian"],
            (
                Column("custodian", "Custodian"),
                Column("segregation", "Segregation"),
                Column("accounts", "Accounts", "count"),
                Column("value_centicents", "Market value", "money", total=True),
                Column("reusable_centicents", "of which may be reused", "money", total=True),
            ),
            "No collateral is reported today.",
            top=15,
        )
    )
    return Section("Collateral", tuple(items))
