"""The guaranty fund in the default management pack: contributions by member."""

from reporting.packs.common import Tables
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import Table, table
from reporting.wording import dollars, words


def fund_section(tables: Tables) -> Section:
    rows = tables["fund_by_member"]
    items: list = [_fund_table(rows)]
    if rows:
        shown, rest = rows[:14], rows[14:]
        labels = [row["member_name"] for row in shown]
        required = [min(row["required_centicents"], row["deposited_centicents"]) for row in shown]
        excess = [max(0, row["excess_centicents"]) for row in shown]
        shortfall = [max(0, -row["excess_centicents"]) for row in shown]
        rest_deposits = sum(row["deposited_centicents"] for row in rest)
        series = [("required and deposited", required), ("deposited in excess", excess)]
        if any(shortfall):
            series.append(("shortfall", shortfall))
        items.append(
            Figure(
                "Guaranty fund contributions by member",
                "coverage_bars",
                {"labels": labels, "series": series},
                "fund_by_member",
                f"{words.number_of(len(rest), 'further member')} with deposits of "
                f"{dollars.in_words(rest_deposits)} in all are not shown."
                if rest
                else "",
            )
        )
    items += [_sizing_in_words(tables["fund_sizing"]), _sizing_table(tables["fund_sizing"])]
    return Section("Guaranty fund", tuple(items))


def _sizing_in_words(rows: list[dict]) -> str:
    if not rows:
        return "Contributions were not sized by risk today."
    deposited = sum(row["deposited_centicents"] for row in rows)
    sized = (
        f"Cover-2 asks for a fund of {dollars.in_words(rows[0]['fund_needed_centicents'])} beyond "
        f"own capital; {dollars.in_words(deposited)} are deposited."
    )
    behind = [row for row in rows if row["excess_centicents"] < 0]
    if not behind:
        return f"{sized} Every member has deposited what its risk requires by our rule."
    gap = -sum(row["excess_centicents"] for row in behind)
    return (
        f"{sized} By our rule {words.number_of(len(behind), 'member')} deposited less than risk "
        f"requires, {dollars.in_words(gap)} in all."
    )


def _sizing_table(rows: list[dict]) -> Table:
    return table(
        "Guaranty fund by risk: what each member should deposit",
        "fund_sizing",
        rows,
        "member_id affiliate_group stress_centicents held_qty volume_qty risk_share_bps "
        "deposited_share_bps required_centicents+ deposited_centicents+ excess_centicents+",
        "Contributions were not sized by risk today.",
        top=25,
        heads={
            "stress_centicents": "Uncovered stress",
            "held_qty": "Held",
            "volume_qty": "Traded",
            "risk_share_bps": "Share of risk",
            "deposited_share_bps": "Share of fund",
            "required_centicents": "Required by risk",
        },
        note="Required by risk: the member's share of the fund that Cover-2 asks for, by uncovered "
        "stress, open interest and volume, at least the minimum. The clearing house's own "
        "requirement stands in the table above.",
    )


def _fund_table(rows: list[dict]) -> Table:
    return table(
        "Guaranty fund, required and deposited",
        "fund_by_member",
        rows,
        "member_id member_name affiliate_group required_centicents+ deposited_centicents+ "
        "excess_centicents+",
        "No guaranty fund contribution is reported today.",
        top=25,
    )
