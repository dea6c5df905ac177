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
    return Section("Guaranty fund", tuple(items))


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
