"""Key figures of the daily pack today against 30, 90 and 250 business dates and their peak."""

from reporting.packs.common.shared import Tables
from reporting.packs.common.windows import Dated, mixed_windows, money_windows
from reporting.packs.daily.use import times
from reporting.packs.document.parts import Figure, Section
from reporting.wording import dollars, numbers


def _contracts(quantity: int | None) -> str:
    """With two decimals throughout: an average seldom has none."""
    return numbers.NONE if quantity is None else numbers.scaled(quantity, 2, 2)


_MONEY = (
    ("Initial margin, recomputed", "margin_history", "initial_margin_centicents"),
    ("Initial margin, charged", "margin_history", "charged_initial_margin_centicents"),
    ("Worst-case loss", "margin_history", "worst_case_centicents"),
    ("Eligible collateral", "daily_figures", "eligible_collateral_centicents"),
    ("Money at risk", "daily_figures", "money_at_risk_centicents"),
    ("Unsecured exposure, peak", "daily_figures", "unsecured_peak_centicents"),
    ("Amount called", "daily_figures", "calls_issued_amount_centicents"),
    ("Owed to customers", "daily_figures", "client_liabilities_centicents"),
    ("Segregated for customers", "daily_figures", "segregated_assets_centicents"),
)
_OTHERS = (
    ("Accounts whose margin breaks", "margin_history", "breaks", numbers.count),
    ("Margin utilisation", "daily_figures", "margin_utilisation_bps", numbers.percent_of_bps),
    ("Leverage", "daily_figures", "leverage_bps", times),
    ("Open interest, contracts", "daily_figures", "open_interest_qty", _contracts),
    ("Average trade, contracts", "daily_figures", "average_trade_size_qty", _contracts),
    (
        "Trade sides on margin",
        "daily_figures",
        "margined_share_of_sides_bps",
        numbers.percent_of_bps,
    ),
    (
        "Contracts traded on margin",
        "daily_figures",
        "margined_share_of_contracts_bps",
        numbers.percent_of_bps,
    ),
    ("Margin calls issued", "daily_figures", "calls_issued", numbers.count),
    ("Margin calls late", "daily_figures", "calls_late", numbers.count),
    ("Margin calls in dispute", "daily_figures", "calls_disputed", numbers.count),
)


def history_section(tables: Tables) -> Section:
    margin, figures = tables["margin_history"], tables["daily_figures"]
    if max(len(margin), len(figures)) < 2:
        return Section("History", ("There is no earlier business date to compare with yet.",))
    on = (margin or figures)[0]["business_date"]
    items: list = []
    if len(margin) > 1:
        items.append(_margin_figure(margin))
    if sum(row["margin_utilisation_bps"] is not None for row in figures) > 1:
        items.append(_use_figure(figures))
    items += [
        money_windows(
            "Amounts today against earlier business dates",
            "daily_figures",
            [(name, _dated(tables[source], key)) for name, source, key in _MONEY],
            on,
        ),
        mixed_windows(
            "Shares and numbers today against earlier business dates",
            "daily_figures",
            [(name, _dated(tables[source], key), show) for name, source, key, show in _OTHERS],
            on,
        ),
        "Figures of margin, charged margin, worst-case loss and breaks come from "
        "disclose.margin_history. A date on which a figure could not be made counts in no average.",
    ]
    return Section("History", tuple(items))


def _dated(rows: list[dict], key: str) -> Dated:
    return [(row["history_date"], row[key]) for row in rows]


def _margin_figure(history: list[dict]) -> Figure:
    first, last = history[0], history[-1]
    return Figure(
        f"Initial margin over {len(history)} business dates",
        "lines",
        {
            "days": [row["history_date"] for row in history],
            "series": [
                ("recomputed", [row["initial_margin_centicents"] for row in history]),
                ("charged", [row["charged_initial_margin_centicents"] for row in history]),
                ("worst-case loss", [row["worst_case_centicents"] for row in history]),
            ],
            "axis": "all accounts",
        },
        "Line chart of initial margin and worst-case loss from "
        f"{numbers.day_in_words(first['history_date'])} "
        f"({dollars.in_words(first['initial_margin_centicents'])}) to "
        f"{numbers.day_in_words(last['history_date'])} "
        f"({dollars.in_words(last['initial_margin_centicents'])}).",
        "margin_history",
    )


def _use_figure(figures: list[dict]) -> Figure:
    used = [row["margin_utilisation_bps"] for row in figures]
    known = [value for value in used if value is not None]
    return Figure(
        f"Margin utilisation over {len(figures)} business dates",
        "shares",
        {
            "days": [row["history_date"] for row in figures],
            "series": [("initial margin over eligible collateral", used)],
            "axis": "utilisation",
        },
        f"Line chart of margin utilisation, between {numbers.percent_of_bps(min(known))} and "
        f"{numbers.percent_of_bps(max(known))}.",
        "daily_figures",
    )
