"""What a review says of liquidity: hours survived, what is left, the regulatory floor."""

from reporting.studies.risk_review.parts import (
    Conclusion,
    Grid,
    Section,
    Verdict,
    count,
    day,
    money,
    money_in_words,
    on_dates,
    percent,
    plain,
    up_to_dollars,
)
from reporting.studies.risk_review.window import Row, Window

NEAR_BPS = 8_000
"""From this share of liquid resources on, an outflow that is covered is watched."""
FAR_BPS = 500
"""Below this share of them, an outflow says little about whether they are enough."""

_PAYERS = {1: "the largest payer fails", 2: "the two largest payers fail"}


def liquidity_section(window: Window) -> Section:
    """Each currency's hours and floor by date."""
    rows = window.rows("liquidity")
    if not rows:
        words = "No date of the window has a liquidity test."
        return Section("Liquidity", (Conclusion(Verdict.UNKNOWN, words),))
    conclusions: list[Conclusion] = []
    tables = []
    for currency in sorted({row["currency"] for row in rows}):
        own = [row for row in rows if row["currency"] == currency]
        for payers in sorted({row["failing_payers"] for row in own}):
            conclusions += _failing(currency, [r for r in own if r["failing_payers"] == payers])
        conclusions += _floor(currency, [row for row in own if row["failing_payers"] == 1])
        tables.append(_grid(currency, own))
    return Section("Liquidity", tuple(conclusions), tuple(tables))


def _failing(currency: str, rows: list[Row]) -> list[Conclusion]:
    """Whether resources last through the hours when so many payers fail."""
    of, payers = len(rows), rows[0]["failing_payers"]
    when = _PAYERS.get(payers, f"{payers} payers fail")
    short = [row for row in rows if not row["covered"]]
    if short:
        worst = min(short, key=lambda row: (row["least_left"], row["business_date"]))
        missing = money_in_words(up_to_dollars(-worst["least_left"]))
        hours = min(row["hours_survived"] for row in short)
        return [
            Conclusion(
                Verdict.ACT,
                f"{plain(currency)}: when {when}, liquid resources do not last"
                f" {on_dates([row['business_date'] for row in short], of)}: {hours} of"
                f" {worst['hours']} hours at the least. Most is missing on"
                f" {day(worst['business_date'])}, {missing}, in {plain(worst['scenario_id'])}.",
                f"How will liquid resources rise by {missing}, or the payments due fall?",
            )
        ]
    tight = min(rows, key=lambda row: (row["least_left"], row["business_date"]))
    largest = max(rows, key=lambda row: (row["outflow"], -row["business_date"].toordinal()))
    words = (
        f"{plain(currency)}: when {when}, liquid resources last all hours"
        f" {on_dates([row['business_date'] for row in rows], of)}. The least left in any hour is on"
        f" {day(tight['business_date'])}, {money_in_words(tight['least_left'])}; the largest"
        f" outflow is {money_in_words(largest['outflow'])} on {day(largest['business_date'])}"
        f" ({percent(largest['outflow'], largest['resources'])} of the resources)."
    )
    if largest["outflow"] * 10_000 < largest["resources"] * FAR_BPS:
        words += " So far below says little about resources: they fit another size of book."
    near = [row for row in rows if row["outflow"] * 10_000 >= row["resources"] * NEAR_BPS]
    if near and largest["outflow"]:
        return [
            Conclusion(
                Verdict.WATCH,
                f"{words} It took {percent(NEAR_BPS, 10_000, 0)} of them or more"
                f" {on_dates([row['business_date'] for row in near], of)}.",
                "What is drawn next when the facilities are used?",
            )
        ]
    return [Conclusion(Verdict.HOLDS, words)]


def _floor(currency: str, rows: list[Row]) -> list[Conclusion]:
    """The regulatory floor: a member's average daily pay over a quarter."""
    if not rows:
        return []
    of = len(rows)
    below = [row for row in rows if row["first_resources"] < row["floor"]]
    if below:
        worst = min(below, key=lambda row: (row["first_resources"] - row["floor"], row["floor"]))
        missing = money_in_words(up_to_dollars(worst["floor"] - worst["first_resources"]))
        return [
            Conclusion(
                Verdict.ACT,
                f"{plain(currency)}: liquid resources of the first hour are below the floor of 17"
                f" CFR 39.11(e)(1)(ii) {on_dates([row['business_date'] for row in below], of)},"
                f" by {missing} at most.",
                f"How will liquid resources of the first hour rise by {missing}?",
            )
        ]
    largest = max(rows, key=lambda row: (row["floor"], -row["business_date"].toordinal()))
    days = max(row["floor_days"] for row in rows)
    return [
        Conclusion(
            Verdict.HOLDS,
            f"{plain(currency)}: liquid resources of the first hour are above the floor of 17 CFR"
            f" 39.11(e)(1)(ii) {on_dates([row['business_date'] for row in rows], of)}. The floor is"
            f" {money_in_words(largest['floor'])} at most; it averages {days} dates at most, a"
            " quarter has about 92.",
        )
    ]


def _grid(currency: str, rows: list[Row]) -> Grid:
    dates = sorted({row["business_date"] for row in rows})
    of = {(row["business_date"], row["failing_payers"]): row for row in rows}
    lines = []
    for at in dates:
        one, two = (of.get((at, payers), {}) for payers in (1, 2))
        either = two or one
        lines.append(
            (
                str(at),
                plain(either["scenario_id"]),
                money(one.get("outflow")),
                money(two.get("outflow")),
                money(either["resources"]),
                money(one.get("least_left")),
                money(two.get("least_left")),
                count(one.get("hours_survived")),
                count(two.get("hours_survived")),
                money(either["floor"]),
                count(either["floor_days"]),
            )
        )
    return Grid(
        (
            "date",
            "scenario (two payers)",
            "outflow, one payer",
            "two payers",
            "liquid resources",
            "least left, one",
            "two",
            "hours survived, one",
            "two",
            "floor",
            "dates in floor",
        ),
        tuple(lines),
        2,
        f"{plain(currency)}. Of 24 hours from the end of the date."
        if all(row["hours"] == 24 for row in rows)
        else plain(currency),
    )
