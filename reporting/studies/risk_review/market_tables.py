"""Tables of a review's market metrics, one line per date, and of their trends."""

from reporting.packs.document.markdown import plain
from reporting.packs.document.tables import Table, grid
from reporting.studies.risk_review.parts import contracts, money, times
from reporting.studies.risk_review.window import Row, Window
from reporting.wording.numbers import NONE, count, percent_of_bps


def size_table(window: Window) -> Table:
    """Open interest, margin, collateral and what they say of each other."""
    names = (
        ("open_interest", contracts),
        ("money_at_risk", money),
        ("initial_margin", money),
        ("eligible_collateral", money),
        ("margin_utilisation", percent_of_bps),
        ("leverage", times),
        ("margined_leverage", times),
        ("unsecured_peak", money),
    )
    columns = [(window.metric(name), show) for name, show in names]
    group_share = window.metric("top_5_share", "measure", "margin by group")
    group_index = window.metric("herfindahl", "measure", "margin by group")
    market_share = window.metric("top_5_share", "measure", "open interest by market")
    return grid(
        (
            "date",
            "open interest",
            "money at risk",
            "initial margin",
            "eligible collateral",
            "utilisation",
            "leverage",
            "of margined books",
            "unsecured",
            "top 5 groups of margin",
            "their HHI",
            "top 5 markets of interest",
        ),
        (
            (
                str(at),
                *(show(values.get(at)) for values, show in columns),
                percent_of_bps(group_share.get(at)),
                count(group_index.get(at)),
                percent_of_bps(market_share.get(at)),
            )
            for at in window.dates
        ),
        1,
        "Contracts and US dollars. Unsecured: the largest of the day's cycles (docs/metrics.md)."
        " HHI: Herfindahl index of margin by group, 0 to 10,000.",
    )


def activity_table(window: Window) -> Table:
    """Trading, settlement, calls and margin breaks."""
    venue, paid, breaks = (window.by_date(name) for name in ("venue_days", "variation", "breaks"))
    metrics = [
        window.metric(name)
        for name in ("margined_share_of_contracts", "calls_issued", "calls_late", "calls_disputed")
    ]
    lines = []
    for at in window.dates:
        share, issued, late, disputed = (values.get(at) for values in metrics)
        lines.append(
            (
                str(at),
                count(venue.get(at, {}).get("trades")),
                percent_of_bps(share),
                money(paid.get(at, {}).get("paid")),
                count(issued),
                count(late),
                count(disputed),
                count(breaks.get(at, {}).get("breaks")),
            )
        )
    return grid(
        (
            "date",
            "trades",
            "contracts on margin",
            "variation paid by losers",
            "calls",
            "late",
            "disputed",
            "margin breaks",
        ),
        lines,
        1,
        "US dollars. Margin breaks: accounts for which the venue charged a different margin.",
    )


def trend_table(window: Window) -> Table:
    """Trends of the metrics, without correlations."""
    return grid(
        ("trend", "series", "observations", "value", "low", "high", "one half on"),
        (_trend(row) for row in window.rows("trends") if row["co_exceedance"] is None),
        2,
        "Units in docs/metrics.md; as of the last date that has trends.",
    )


def _trend(row: Row) -> tuple[str, ...]:
    half = row["half_on"]
    return (
        plain(row["metric"]),
        plain(row["series"]),
        count(row["observations"]),
        *(NONE if row[name] is None else f"{row[name]:.4g}" for name in ("value", "low", "high")),
        NONE if half is None else f"{half}{' (projected)' if row['projected'] else ''}",
    )
