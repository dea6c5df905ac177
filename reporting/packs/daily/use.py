"""Use of margin in the daily pack: utilisation, leverage, unsecured exposure."""

from reporting.packs.common import Tables, metrics
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import Table, table
from reporting.wording import dollars, numbers, words

_END = "EOD"


def use_section(tables: Tables) -> Section:
    title = "Utilisation, leverage and unsecured exposure"
    if not metrics.are_available(tables):
        return Section(title, (metrics.NOT_AVAILABLE,))
    exposure = metrics.by_scope(tables, "unsecured_exposure", "cycle")
    items: list = [_in_words(tables), _use_table(tables)]
    if any(exposure.values()):
        items.append(_exposure_figure(exposure))
    items += [_exposure_table(tables, exposure), _accounts_table(tables)]
    return Section(title, tuple(items))


def _in_words(tables: Tables) -> str:
    used = metrics.venue(tables, "margin_utilisation")
    if used is None:
        return "No account with margin has eligible collateral, so utilisation is undefined."
    text = f"Margin uses {numbers.percent_of_bps(used)} of eligible collateral"
    leverage = metrics.venue(tables, "leverage")
    if leverage is not None:
        text += f"; the worst-case loss is {numbers.times_of_bps(leverage)} initial margin"
    over = metrics.venue(tables, "accounts_over_collateral")
    if over is not None:
        text += f"; {words.number_of(over, 'account')} with margin above collateral"
    peak = metrics.venue(tables, "unsecured_peak")
    if peak is not None:
        text += (
            ". No account has lost more than its collateral since it last paid variation"
            if not peak
            else ". Uncollateralised losses since the last payment of variation peaked at "
            f"{dollars.in_words(peak)}"
        )
    return text + "."


_USE = (
    "accounts_open initial_margin_centicents eligible_collateral_centicents "
    "margin_utilisation_bps leverage_bps margined_leverage_bps accounts_over_collateral"
)
_ORIGINS = (("house", "origin", "house"), ("customer", "origin", "customer"), ("all", "venue", ""))


def _use_table(tables: Tables) -> Table:
    rows = [
        {"origin": name, **{key: _metric(tables, key, kind, scope) for key in _USE.split()}}
        for name, kind, scope in _ORIGINS
    ]
    return table(
        "Use of collateral by origin",
        "metrics",
        [row for row in rows if row["accounts_open"]],
        f"origin {_USE}",
        "No account has an open position.",
        note="Collateral of accounts with an open position, after the haircuts of the schedule. "
        "Leverage: worst-case loss over initial margin.",
    )


def _metric(tables: Tables, column: str, kind: str, scope: str) -> int | None:
    """The metric that a column is named after, its unit aside."""
    metric = column.removesuffix("_centicents").removesuffix("_bps")
    return metrics.by_scope(tables, metric, kind).get(scope)


def _in_order(exposure: dict[str, int]) -> list[str]:
    """Cycles in the order of the day, its end last."""
    return sorted(exposure, key=_cycle_order)


def _cycle_order(cycle: str) -> tuple[bool, str]:
    return (cycle == _END, cycle)


def _cycle(name: str) -> str:
    return "end of the date" if name == _END else f"cycle {name}"


def _exposure_figure(exposure: dict[str, int]) -> Figure:
    cycles = _in_order(exposure)
    return Figure(
        "Unsecured exposure by cycle",
        "stacked_bars",
        {
            "labels": [_cycle(name) for name in cycles],
            "series": [("unsecured exposure", [exposure[name] for name in cycles])],
            "unit": "money",
            "axis": "loss above collateral since variation was last paid",
        },
        "metrics",
    )


def _exposure_table(tables: Tables, exposure: dict[str, int]) -> Table:
    accounts = metrics.by_scope(tables, "unsecured_accounts", "cycle")
    return table(
        "Unsecured exposure by cycle",
        "metrics",
        [
            {
                "cycle": _cycle(name),
                "unsecured_exposure_centicents": exposure[name],
                "accounts": accounts.get(name),
            }
            for name in _in_order(exposure)
        ],
        "cycle unsecured_exposure_centicents accounts",
        "No cycle was measured today.",
        note="Per account: loss since variation was last paid less collateral held, at least "
        "zero. Moves between two cycles are not seen.",
    )


def _accounts_table(tables: Tables) -> Table:
    peaks = metrics.by_scope(tables, "unsecured_peak", "account")
    return table(
        "Accounts with the largest unsecured exposure",
        "metrics",
        [
            {"account_id": name, "unsecured_peak_centicents": amount}
            for name, amount in peaks.items()
        ],
        "account_id unsecured_peak_centicents",
        "No account has unsecured exposure today.",
        top=10,
    )
