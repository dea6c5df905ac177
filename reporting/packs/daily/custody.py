"""Collateral and custody in the daily pack: types, custodians, reuse, segregation."""

from reporting.packs.common import Tables, metrics
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import Table, table
from reporting.wording import dollars, numbers, words


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
                "collateral_by_type",
            )
        )
    items.append(
        table(
            "Collateral by type",
            "collateral_by_type",
            rows,
            "asset_type accounts highest_haircut_bps value_centicents+ haircut_centicents+ "
            "value_after_haircut_centicents+",
            "No collateral is reported today.",
        )
    )
    items += (
        [_custodian_in_words(tables)] if metrics.are_available(tables) else [metrics.NOT_AVAILABLE]
    )
    items += [
        _custodian_table(tables),
        *(_customers(tables) if metrics.are_available(tables) else ()),
    ]
    return Section("Collateral and custody", tuple(items))


def _custodian_in_words(tables: Tables) -> str:
    shares = metrics.by_scope(tables, "collateral_share", "custodian")
    if not shares:
        return "No custodian holds collateral."
    largest = next(iter(shares))
    text = (
        f"{words.number_of(len(shares), 'custodian')}; the largest, {largest}, holds "
        f"{numbers.percent_of_bps(shares[largest])} of all collateral"
    )
    index = metrics.by_scope(tables, "herfindahl", "measure").get("collateral by custodian")
    if index is not None:
        text += f" (Herfindahl index {numbers.count(index)})"
    reusable = metrics.venue(tables, "reusable_collateral")
    return (
        f"{text}. {numbers.percent(reusable, metrics.venue(tables, 'collateral'))} of collateral "
        "may be reused. The feed does not say how often it has been reused."
    )


def _custodian_table(tables: Tables) -> Table:
    rows = tables["collateral_by_custodian"]
    whole = sum(row["value_centicents"] for row in rows)
    return table(
        "Collateral by custodian",
        "collateral_by_custodian",
        [{**row, "share": numbers.percent(row["value_centicents"], whole)} for row in rows],
        "custodian segregation accounts value_centicents+ share:figure reusable_centicents+",
        "No collateral is reported today.",
        top=15,
    )


def _customers(tables: Tables) -> tuple:
    """Amounts owed to customers against assets segregated for them, by member."""
    owed = metrics.by_scope(tables, "client_liabilities", "member")
    held = metrics.by_scope(tables, "segregated_assets", "member")
    rows = [
        {
            "member_id": member,
            "owed_to_customers_centicents": amount,
            "segregated_centicents": held.get(member, 0),
            "excess_centicents": held.get(member, 0) - amount,
        }
        for member, amount in owed.items()
    ]
    items: list = [segregation_sentence(tables)]
    owing = [row for row in rows if row["owed_to_customers_centicents"]]
    if owing:
        items.append(_segregation_figure(owing[:14]))
    items.append(
        table(
            "Amounts owed to customers against segregated assets",
            "metrics",
            sorted(rows, key=_excess),
            "member_id owed_to_customers_centicents+ segregated_centicents+ excess_centicents+",
            "No customer account is listed.",
            top=25,
            note="Collateral counts as segregated only in a custody account titled for customers "
            "and barred from reuse (17 CFR 1.20, 22.2). Largest shortfall first.",
        )
    )
    return tuple(items)


def _excess(row: dict) -> tuple[int, str]:
    return (row["excess_centicents"], row["member_id"])


def segregation_sentence(tables: Tables) -> str:
    owed = metrics.by_scope(tables, "client_liabilities", "member")
    held = metrics.by_scope(tables, "segregated_assets", "member")
    if not owed:
        return "No customer account is listed, so no segregation is required."
    gaps = [amount - held.get(member, 0) for member, amount in owed.items()]
    short = [gap for gap in gaps if gap > 0]
    if not short:
        return "Every member's segregated assets cover the amounts owed to its customers."
    return (
        f"{len(short)} of {words.number_of(len(owed), 'member')} segregated less than the amounts "
        f"owed to customers; the shortfalls total {dollars.in_words(sum(short))}."
    )


def _segregation_figure(rows: list[dict]) -> Figure:
    return Figure(
        "Amounts owed to customers and segregated assets",
        "dumbbells",
        {
            "labels": [row["member_id"] for row in rows],
            "first": ("owed to customers", [row["owed_to_customers_centicents"] for row in rows]),
            "second": ("segregated", [row["segregated_centicents"] for row in rows]),
            "axis": "by member",
        },
        "metrics",
        "A red line marks a shortfall. The members with the largest amounts owed are shown.",
    )
