"""The market side of the daily pack: open interest, trading, concentration, exposures."""

from reporting.packs.common import Tables, metrics
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import Table, table
from reporting.wording import numbers


def open_interest_section(tables: Tables) -> Section:
    rows = tables["open_interest_top"]
    items: list = []
    if rows:
        shown = rows[:15]
        items.append(
            Figure(
                "Open interest, largest markets",
                "stacked_bars",
                {
                    "labels": [row["ticker"] for row in shown],
                    "series": [("open interest", [row["open_interest_qty"] for row in shown])],
                    "unit": "qty",
                    "axis": "contracts",
                },
                "open_interest_top",
            )
        )
    items.append(
        table(
            "Open interest and volume by market",
            "open_interest_top",
            rows,
            "ticker mark_centicents open_interest_qty change_qty venue_open_interest_qty "
            "volume_qty trades money_at_risk_centicents",
            "No market has open interest or volume today.",
            top=25,
            total_rows=rows[0]["markets"] if rows else 0,
            note="Open interest is rebuilt from trades; the venue's own figure is beside it.",
        )
    )
    items.append(_category_table(tables))
    items.append(
        table(
            "Trading by collateralisation",
            "trading_by_collateralisation",
            [
                {**row, "collateralisation": row["collateralisation"].replace("_", " ")}
                for row in tables["trading_by_collateralisation"]
            ],
            "collateralisation trade_sides+ volume_qty+ accounts fee_centicents+",
            "No trade today.",
            heads={"volume_qty": "Contracts, both sides"},
            note="Each trade counts once per side. One account may hold positions of both kinds.",
        )
    )
    return Section("Open interest and trading", tuple(items))


def _category_table(tables: Tables) -> Table:
    growth = metrics.by_scope(tables, "open_interest_growth", "category")
    money = metrics.by_scope(tables, "money_at_risk", "category")
    return table(
        "Open interest by category",
        "metrics",
        [
            {
                "category": category,
                "open_interest_qty": interest,
                "growth": numbers.signed(numbers.percent_of_bps(growth.get(category))),
                "money_at_risk_centicents": money.get(category),
            }
            for category, interest in metrics.by_scope(tables, "open_interest", "category").items()
        ],
        "category open_interest_qty+ growth:figure money_at_risk_centicents+",
        "No open interest by category today.",
        top=20,
    )


def concentration_section(tables: Tables) -> Section:
    by_measure: dict[str, list[dict]] = {}
    for row in tables["concentration"]:
        by_measure.setdefault(row["measure"], []).append(row)
    if not by_measure:
        return Section("Concentration", ("No position is open today.",))
    curves = []
    for measure, holders in by_measure.items():
        running, curve = 0, []
        for row in holders:
            running += row["amount"]
            curve.append(running * 1_000_000 // row["total_amount"])
        curves.append((measure, curve))
    return Section(
        "Concentration",
        (
            Figure(
                "Share of the total held by the largest holders",
                "cumulative_shares",
                {"series": curves},
                "concentration",
                "The 50 largest holders of each measure. A steeper curve means more concentration.",
            ),
            _concentration_table(tables),
            _exposure_table(tables),
        ),
    )


def _concentration_table(tables: Tables) -> Table:
    five, ten, index = (
        metrics.by_scope(tables, name, "measure")
        for name in ("top_5_share", "top_10_share", "herfindahl")
    )
    return table(
        "Concentration",
        "metrics",
        [
            {
                "measure": measure,
                "holders": holders,
                "top_5_bps": five.get(measure),
                "top_10_bps": ten.get(measure),
                "herfindahl_index": index.get(measure),
            }
            for measure, holders in sorted(metrics.by_scope(tables, "holders", "measure").items())
        ],
        "measure holders top_5_bps top_10_bps herfindahl_index",
        "Concentration was not measured today.",
        note="Herfindahl index: the sum of squared percentage shares; 10,000 means one holder. "
        "Groups: members that default together.",
    )


def _exposure_table(tables: Tables) -> Table:
    rows = tables["exposures"]
    return table(
        "Exposures above a surveillance threshold",
        "exposures",
        [{**row, "exposure": row["kind"].lower().replace("_", "-")} for row in rows],
        "exposure subject words amount_centicents threshold_centicents",
        "No account exceeds a threshold at the end of the day.",
        top=20,
        total_rows=rows[0]["exposures"] if rows else 0,
        note="Leverage: the worst-case loss of the margined book, against a multiple of its "
        "margin. Concentration: contracts at one dollar each, against a share of open interest. "
        "Wrong-way: the worst-case loss in an event that the account can influence.",
    )
