"""What members pay, in the daily pack: margin calls and cash entries."""

from reporting.packs.common import Tables, metrics
from reporting.packs.document.parts import Section
from reporting.packs.document.tables import Table, table
from reporting.wording import dollars, words


def calls_sentence(calls: list[dict]) -> str:
    issued = [row for row in calls if row["call_id"] is not None]
    missing = len(calls) - len(issued)
    if not calls:
        return "No margin call was issued or required."
    amount = sum(row["venue_amount_centicents"] or 0 for row in issued)
    late = sum(1 for row in issued if row["late"])
    text = f"{words.number_of(len(issued), 'margin call')} of {dollars.in_words(amount)}"
    text += f" in all; {words.number_of(late, 'call')} met late"
    if missing:
        text += f"; {words.number_of(missing, 'account')} should have been called and was not"
    return words.sentence(text)


def calls_section(tables: Tables) -> Section:
    return Section(
        "Margin calls",
        (
            calls_sentence(tables["calls"]),
            _ages_table(tables),
            table(
                "Margin calls, late calls first",
                "calls",
                tables["calls"],
                "call_id account_id member_id venue_amount_centicents+ "
                "recomputed_amount_centicents+ state issued_utc due_utc met_utc late",
                "No margin call today.",
                top=25,
            ),
        ),
    )


_STATES = (
    ("issued", "Issued on the date"),
    ("met", "Reported as met in full"),
    ("late", "Met late, or overdue"),
    ("unmet", "Not met in full"),
    ("disputed", "In dispute"),
)
_AGES = ("0 to 1", "2 to 5", "6 to 30", "over 30")


def _ages_table(tables: Tables) -> Table:
    """Calls that are open or were reported on the date, by state, and disputes by age."""
    rows = [
        {
            "state": name,
            "calls": metrics.venue(tables, f"calls_{key}"),
            "amount_centicents": metrics.venue(tables, f"calls_{key}_amount"),
        }
        for key, name in _STATES
    ]
    counts, amounts = (
        metrics.by_scope(tables, f"calls_disputed{of}", "age") for of in ("", "_amount")
    )
    rows += [
        {
            "state": f"in dispute for {age} days",
            "calls": counts[age],
            "amount_centicents": amounts.get(age),
        }
        for age in _AGES
        if age in counts
    ]
    oldest = metrics.venue(tables, "oldest_dispute")
    return table(
        "Margin calls by state, and disputes by age",
        "metrics",
        [row for row in rows if row["calls"] is not None],
        "state calls amount_centicents",
        "Margin calls were not counted today.",
        note="A call may be in several states. "
        + (
            ""
            if oldest is None
            else f"The oldest dispute is {words.number_of(oldest, 'day')} old. "
        )
        + "Amount: the amount called; for unmet calls, the shortfall.",
    )


def cash_section(tables: Tables) -> Section:
    rows = tables["cash_by_member"]
    residue = sum(row["variation_centicents"] + row["rounding_centicents"] for row in rows)
    closes = (
        "Variation and rounding sum to zero across members, as they must."
        if residue == 0
        else f"Variation and rounding sum to {dollars.in_words(residue)} across members; they "
        "should sum to zero."
    )
    return Section(
        "Variation, fees and rounding",
        (
            "The member pays negative amounts. " + (closes if rows else ""),
            table(
                "Cash entries by member",
                "cash_by_member",
                rows,
                "member_id variation_centicents+ fees_centicents+ rounding_centicents+",
                "No cash entry today.",
                top=25,
            ),
            table(
                "Cash flows that differ from the venue's",
                "obligation_break_details",
                tables["obligation_break_details"],
                "account_id variation_difference_centicents+ fees_difference_centicents+ "
                "margin_change_difference_centicents+ net_difference_centicents+",
                "Every cash flow agrees with the venue's today.",
                top=20,
                note="Each column is the venue's amount less the recomputed amount.",
            ),
        ),
    )
