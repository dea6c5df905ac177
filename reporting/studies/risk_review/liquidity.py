"""What a review says of liquidity: hours survived, what is left, the regulatory floor."""

from reporting.packs.document.markdown import plain
from reporting.packs.document.parts import Conclusion, Section
from reporting.packs.document.tables import Table, grid
from reporting.studies.risk_review.parts import (
    Verdict,
    day,
    money,
    money_in_words,
    on_dates,
    up_to_dollars,
    without_data,
)
from reporting.studies.risk_review.stress import SAYS_LITTLE
from reporting.studies.risk_review.window import Row, Window, dates_of
from reporting.wording.numbers import count, percent

NEAR_BPS = 8_000
"""From this share of liquid resources on, an outflow that is covered is watched."""
FAR_BPS = 500
"""Below this share of them, an outflow says little about whether they are enough."""

_PAYERS = {1: "the largest payer fails", 2: "the two largest payers fail"}


def liquidity_section(window: Window) -> Section:
    """Each currency's hours and floor by date."""
    rows = window.rows("liquidity")
    if not rows:
        return without_data("Liquidity", "No date of the window has a liquidity test.")
    conclusions: list[Conclusion] = []
    tables = []
    for currency in sorted({row["currency"] for row in rows}):
        of_currency = [row for row in rows if row["currency"] == currency]
        for payers in sorted({row["failing_payers"] for row in of_currency}):
            of_payers = [row for row in of_currency if row["failing_payers"] == payers]
            conclusions.append(_survival(currency, of_payers))
        one_payer = [row for row in of_currency if row["failing_payers"] == 1]
        conclusions += _floor(currency, one_payer)
        tables.append(_table(currency, of_currency))
    return Section("Liquidity", tuple(tables), tuple(conclusions))


def _survival(currency: str, rows: list[Row]) -> Conclusion:
    """Whether resources last through all hours when this many payers fail."""
    total, payers = len(rows), rows[0]["failing_payers"]
    case = f"{plain(currency)}: if {_PAYERS.get(payers, f'{payers} payers fail')},"
    short = [row for row in rows if not row["covered"]]
    if short:
        worst = min(short, key=lambda row: (row["least_left"], row["business_date"]))
        shortfall = money_in_words(up_to_dollars(-worst["least_left"]))
        hours = min(row["hours_survived"] for row in short)
        return Conclusion(
            Verdict.ACT,
            f"{case} liquid resources run out {on_dates(dates_of(short), total)}, at worst after"
            f" {hours} of {worst['hours']} hours. The largest shortfall is {shortfall}, on"
            f" {day(worst['business_date'])} in {plain(worst['scenario_id'])}.",
            f"How will liquid resources rise by {shortfall}, or the payments due fall?",
        )
    tightest = min(rows, key=lambda row: (row["least_left"], row["business_date"]))
    largest = max(rows, key=lambda row: (row["outflow"], -row["business_date"].toordinal()))
    words = (
        f"{case} liquid resources last all hours {on_dates(dates_of(rows), total)}. The smallest"
        f" balance in any hour is {money_in_words(tightest['least_left'])}, on"
        f" {day(tightest['business_date'])}. The largest outflow is"
        f" {money_in_words(largest['outflow'])}, on {day(largest['business_date'])}"
        f" ({percent(largest['outflow'], largest['resources'])} of the resources)."
    )
    if largest["outflow"] * 10_000 < largest["resources"] * FAR_BPS:
        words += SAYS_LITTLE
    near = [row for row in rows if row["outflow"] * 10_000 >= row["resources"] * NEAR_BPS]
    if near and largest["outflow"]:
        return Conclusion(
            Verdict.WATCH,
            f"{words} It used {percent(NEAR_BPS, 10_000, 0)} of them or more"
            f" {on_dates(dates_of(near), total)}.",
            "What will the venue draw next once the facilities are used?",
        )
    return Conclusion(Verdict.HOLDS, words)


def _floor(currency: str, rows: list[Row]) -> list[Conclusion]:
    """The regulatory floor: a member's average daily settlement pay over a quarter."""
    if not rows:
        return []
    total = len(rows)
    resources = f"{plain(currency)}: liquid resources of the first hour"
    below = [row for row in rows if row["first_resources"] < row["floor"]]
    if below:
        worst = min(below, key=lambda row: (row["first_resources"] - row["floor"], row["floor"]))
        shortfall = money_in_words(up_to_dollars(worst["floor"] - worst["first_resources"]))
        return [
            Conclusion(
                Verdict.ACT,
                f"{resources} are below the floor of 17 CFR 39.11(e)(1)(ii)"
                f" {on_dates(dates_of(below), total)}, by at most {shortfall}.",
                f"How will liquid resources of the first hour rise by {shortfall}?",
            )
        ]
    largest = max(rows, key=lambda row: (row["floor"], -row["business_date"].toordinal()))
    days = max(row["floor_days"] for row in rows)
    return [
        Conclusion(
            Verdict.HOLDS,
            f"{resources} are above the floor of 17 CFR 39.11(e)(1)(ii)"
            f" {on_dates(dates_of(rows), total)}. The floor is at most"
            f" {money_in_words(largest['floor'])}. It averages at most {days} dates; a quarter has"
            " about 92.",
        )
    ]


def _table(currency: str, rows: list[Row]) -> Table:
    dates = sorted(set(dates_of(rows)))
    by_payers = {(row["business_date"], row["failing_payers"]): row for row in rows}
    lines = []
    for at in dates:
        one_payer, two_payers = (by_payers.get((at, payers), {}) for payers in (1, 2))
        either = two_payers or one_payer
        lines.append(
            (
                str(at),
                plain(either["scenario_id"]),
                money(one_payer.get("outflow")),
                money(two_payers.get("outflow")),
                money(either["resources"]),
                money(one_payer.get("least_left")),
                money(two_payers.get("least_left")),
                count(one_payer.get("hours_survived")),
                count(two_payers.get("hours_survived")),
                money(either["floor"]),
                count(either["floor_days"]),
            )
        )
    hours = " Hours survived: of the 24 hours from the end of the date."
    return grid(
        (
            "date",
            "scenario (two payers)",
            "outflow, one payer",
            "two payers",
            "liquid resources",
            "smallest balance, one",
            "two",
            "hours survived, one",
            "two",
            "floor",
            "dates in floor",
        ),
        lines,
        2,
        f"{plain(currency)}.{hours if all(row['hours'] == 24 for row in rows) else ''}",
    )
