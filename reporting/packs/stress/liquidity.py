"""Liquidity by hour when the largest payers fail, against qualifying liquid resources."""

from reporting.packs.common import Tables
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import Table, table
from reporting.wording import dollars, numbers, words

_NUMBER = {1: "the largest payer fails", 2: "the two largest payers fail"}


def liquidity_section(tables: Tables) -> Section:
    rows = tables["liquidity_by_hour"]
    if not rows:
        return Section("Liquidity by hour", ("Liquidity was not computed today.",))
    items: list = [
        *map(sentence, _summaries(rows)),
        _floor(rows[0]),
        "Payments are the variation of the date that the failing groups have not paid, and their "
        "losses in the scenario in which the largest payers lose most. Payouts of events that "
        "resolve within the day fall due in the hour of resolution, all other moves at the first "
        "margin cycle. Amounts due to a failing group are not offset. An account's cash "
        "collateral, up to its required margin, pays first; gross is before it. Qualifying liquid "
        "resources are own capital, the guaranty fund and, after their notice, credit facilities. "
        "Insurance and assessments pay too late to count.",
    ]
    for currency in sorted({row["currency"] for row in rows}):
        hours = _hours([row for row in rows if row["currency"] == currency])
        items += [_figure(hours), _table(hours, currency)]
    items.append(_history(tables["liquidity_history"]))
    return Section("Liquidity by hour", tuple(items))


def sentence(row: dict) -> str:
    """What happens when the groups of a row of ``disclose.liquidity_by_hour`` fail."""
    failing, groups = _NUMBER[row["failing_payers"]], row["affiliate_groups"]
    if not groups:
        gross = row["gross_outflow_centicents"]
        before = "" if gross is None else f" ({_gross(gross)})"
        return f"When {failing}, the cash of the accounts covers every payment{before}."
    gross = row["gross_outflow_centicents"]
    before = "" if gross is None else f" ({_gross(gross)})"
    need = (
        f"When {failing} ({groups}; scenario {row['scenario_id']}), "
        f"{dollars.in_words(row['outflow_centicents'])} fall due within "
        f"{row['hours']} hours{before}"
    )
    if row["covered"]:
        return (
            f"{need}; liquid resources last all {row['hours']} hours, with "
            f"{dollars.in_words(row['least_left_centicents'])} left in the worst hour."
        )
    return (
        f"{need}; liquid resources last {words.number_of(row['hours_survived'], 'hour')}, with a "
        f"shortfall of {dollars.in_words(-row['least_left_centicents'])} in the worst hour."
    )


def _gross(amount: int) -> str:
    return f"{dollars.in_words(amount)} before the payers' own cash"


def in_brief(rows: list[dict]) -> str:
    """How long liquid resources last, in a sentence; ``rows`` of ``disclose.liquidity_by_hour``."""
    shortest = min(row["hours_survived"] for row in rows)
    if all(row["covered"] for row in rows):
        return (
            "Liquid resources last all "
            f"{words.number_of(shortest, 'hour')} after the failure of the two largest payers."
        )
    return (
        f"Liquid resources last {words.number_of(shortest, 'hour')} after the failure of the "
        "largest payers and then fall short."
    )


def _summaries(rows: list[dict]) -> list[dict]:
    """The last hour of each number of failing payers: all that falls due is in it."""
    return [row for row in rows if row["hour"] == row["hours"] - 1]


def _floor(row: dict) -> str:
    met = row["first_resources_centicents"] >= row["floor_centicents"]
    return (
        "The regulatory floor, the average of members' average daily settlement pays (17 CFR "
        f"39.11(e)(1)(ii)), is {dollars.in_words(row['floor_centicents'])} over the "
        f"{words.number_of(row['floor_days'], 'date')} loaded of the last quarter; it is "
        f"{'met' if met else 'not met'}."
    )


def _hours(rows: list[dict]) -> list[dict]:
    """One row per hour, with one and with two payers failing side by side."""
    by_hour: dict[int, dict] = {}
    for row in rows:
        hour = by_hour.setdefault(row["hour"], {"hour": row["hour"], "from_utc": row["from_utc"]})
        hour["resources_centicents"] = row["resources_centicents"]
        for name in ("due", "outflow", "gross_outflow", "left"):
            hour[f"{name}_{row['failing_payers']}_centicents"] = row[f"{name}_centicents"]
    return [by_hour[hour] for hour in sorted(by_hour)]


def _figure(hours: list[dict]) -> Figure:
    return Figure(
        "Payments up to each hour against liquid resources",
        "steps",
        {
            "labels": [numbers.moment(row["from_utc"])[-5:] for row in hours],
            "series": [
                ("the largest payer fails", [row["outflow_1_centicents"] for row in hours]),
                ("the two largest fail", [row["outflow_2_centicents"] for row in hours]),
                ("liquid resources", [row["resources_centicents"] for row in hours]),
            ],
            "axis": "up to that hour",
        },
        "liquidity_by_hour",
        "Hours in UTC, from the end of the business date in New York.",
    )


def _table(hours: list[dict], currency: str):
    return table(
        f"Liquidity by hour, {currency}",
        "liquidity_by_hour",
        [
            hour
            for place, hour in enumerate(hours)
            if not place or _is_printed(hours[place - 1], hour)
        ],
        "from_utc due_1_centicents+ gross_outflow_1_centicents left_1_centicents due_2_centicents+ "
        "gross_outflow_2_centicents left_2_centicents resources_centicents",
        "No payment is due.",
        heads={
            "due_1_centicents": "Due, one fails",
            "left_1_centicents": "Left",
            "gross_outflow_1_centicents": "Gross so far",
            "gross_outflow_2_centicents": "Gross so far",
            "due_2_centicents": "Due, two fail",
            "left_2_centicents": "Left",
        },
        note="Left: resources available by the hour less all payments up to it. Hours without a "
        "payment or a new resource are not printed.",
    )


def _history(rows: list[dict]) -> Table:
    loaded = max((row["days"] for row in rows), default=0)
    return table(
        f"Minimum liquid resources left, {words.number_of(loaded, 'business date')}",
        "liquidity_history",
        rows,
        "failing_payers least_left_centicents history_date affiliate_groups scenario_id "
        "least_hours_survived",
        "No history.",
        note="The worst of the 30 latest business dates loaded, today included; of equal dates the "
        "latest is named. Hours: the minimum on any of these dates.",
    )


def _is_printed(before: dict, hour: dict) -> bool:
    """Whether a payment falls due in the hour or resources change."""
    due = hour["due_1_centicents"] or hour["due_2_centicents"]
    return bool(due) or hour["resources_centicents"] != before["resources_centicents"]
