"""Key figures of the daily pack today against 30, 90 and 250 business dates and their peak."""

from reporting.packs.common import Tables
from reporting.packs.common.windows import windows_table
from reporting.packs.document.parts import Figure, Section

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
    ("Accounts with a margin break", "margin_history", "breaks"),
    ("Margin utilisation", "daily_figures", "margin_utilisation_bps"),
    ("Leverage", "daily_figures", "leverage_bps"),
    ("Open interest, contracts", "daily_figures", "open_interest_qty"),
    ("Average trade, contracts", "daily_figures", "average_trade_size_qty"),
    ("Trade sides on margin", "daily_figures", "margined_share_of_sides_bps"),
    ("Contracts traded on margin", "daily_figures", "margined_share_of_contracts_bps"),
    ("Margin calls issued", "daily_figures", "calls_issued"),
    ("Margin calls late", "daily_figures", "calls_late"),
    ("Margin calls in dispute", "daily_figures", "calls_disputed"),
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
        windows_table(
            "Amounts today against earlier business dates",
            "daily_figures",
            [(label, tables[source], column) for label, source, column in _MONEY],
            on,
        ),
        windows_table(
            "Shares and counts today against earlier business dates",
            "daily_figures",
            [(label, tables[source], column) for label, source, column in _OTHERS],
            on,
        ),
        "Initial margin, charged margin, worst-case loss and breaks come from "
        "disclose.margin_history. A date without a figure is left out of its averages.",
    ]
    return Section("History", tuple(items))


def _margin_figure(history: list[dict]) -> Figure:
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
        "margin_history",
    )


def _use_figure(figures: list[dict]) -> Figure:
    used = [row["margin_utilisation_bps"] for row in figures]
    return Figure(
        f"Margin utilisation over {len(figures)} business dates",
        "shares",
        {
            "days": [row["history_date"] for row in figures],
            "series": [("initial margin over eligible collateral", used)],
            "axis": "utilisation",
        },
        "daily_figures",
    )
