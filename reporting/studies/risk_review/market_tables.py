"""Tables of a review's market metrics, a line a date."""

from reporting.studies.risk_review.parts import (
    NONE,
    Grid,
    bps,
    contracts,
    count,
    money,
    plain,
    times,
)
from reporting.studies.risk_review.window import Row, Window


def size_grid(window: Window) -> Grid:
    names = (
        ("open_interest", contracts),
        ("money_at_risk", money),
        ("initial_margin", money),
        ("eligible_collateral", money),
        ("margin_utilisation", bps),
        ("leverage", times),
        ("margined_leverage", times),
        ("unsecured_peak", money),
    )
    columns = [(window.metric(name), show) for name, show in names]
    top, held = (
        window.metric("top_5_share", "measure", "margin by group"),
        window.metric("top_5_share", "measure", "open interest by market"),
    )
    index = window.metric("herfindahl", "measure", "margin by group")
    return Grid(
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
        tuple(
            (
                str(at),
                *(show(values.get(at)) for values, show in columns),
                bps(top.get(at)),
                count(index.get(at)),
                bps(held.get(at)),
            )
            for at in window.dates
        ),
        1,
        "Contracts and US dollars. Unsecured: the largest of the cycles (docs/metrics.md). HHI: of"
        " margin by group, 0 to 10,000.",
    )


def use_grid(window: Window) -> Grid:
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
                bps(share),
                money(paid.get(at, {}).get("paid")),
                count(issued),
                count(late),
                count(disputed),
                count(breaks.get(at, {}).get("breaks")),
            )
        )
    return Grid(
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
        tuple(lines),
        1,
        "US dollars. Margin breaks: accounts whose margin the venue charged otherwise.",
    )


def trend_grid(window: Window) -> Grid:
    return Grid(
        ("trend", "series", "observations", "value", "low", "high", "one half on"),
        tuple(_trend(row) for row in window.rows("trends") if row["co_exceedance"] is None),
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
