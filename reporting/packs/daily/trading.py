"""Trading in the daily pack: the share on margin and its trend, trade size, broader markets."""

from reporting.model.backtest.evidence import few_dates
from reporting.packs.common import Tables, metrics
from reporting.packs.document.parts import Figure, Section
from reporting.packs.document.tables import Table, table
from reporting.wording import numbers, words

_MEASURES = (("sides", "trade sides"), ("contracts", "contracts"), ("notional", "notional"))
_HALF_BPS = 5_000
_SIX_MONTHS_DATES = 184


def trading_section(tables: Tables) -> Section:
    title = "Trading on margin and trends"
    if not metrics.are_available(tables):
        return Section(title, (metrics.NOT_AVAILABLE,))
    items: list = [_growth_in_words(tables), _size_in_words(tables)]
    history = tables["daily_figures"][-_SIX_MONTHS_DATES:]
    if len(history) > 1 and any(row["margined_share_of_sides_bps"] for row in history):
        items.append(_share_figure(history))
    items += [
        _share_table(tables),
        _dependence_table(tables),
        "Spread, depth and price impact are not shown: the feed has no order book.",
    ]
    return Section(title, tuple(items))


def _growth_in_words(tables: Tables) -> str:
    """How open interest moved over the date and over the weeks before."""
    day = metrics.venue(tables, "open_interest_growth")
    parts = [] if day is None else [f"{_signed_bps(day)} over the date"]
    parts += [
        f"{_signed_e6(row['value_e6'])} over {row['series']}"
        for row in sorted(metrics.trends(tables, "open_interest_growth"), key=_days_of)
    ]
    if not parts:
        return "Growth of open interest is undefined: there was none at the start of the date."
    return f"Open interest, and money at risk with it, changed by {words.listed(parts)}."


def _days_of(row: dict) -> int:
    return int(row["series"].split(" ")[0])


def _size_in_words(tables: Tables) -> str:
    size = metrics.venue(tables, "average_trade_size")
    if size is None:
        return "No trade today."
    text = f"The average trade is {numbers.scaled(size, 2, 2)} contracts"
    for row in metrics.trends(tables, "average_trade_size_change"):
        text += f"; the change against {row['series']} before is {_signed_e6(row['value_e6'])}"
        if row["low_e6"] is not None:
            text += (
                f" (95 % interval {_signed_e6(row['low_e6'])} to {_signed_e6(row['high_e6'])}, "
                "days resampled)"
            )
        elif few := few_dates(row["observations"], "no interval"):
            text += f" ({few})"
    return text + "."


def _share_figure(history: list[dict]) -> Figure:
    return Figure(
        "Share of trading on margin",
        "shares",
        {
            "days": [row["history_date"] for row in history],
            "series": [
                (words_of, [row[f"margined_share_of_{name}_bps"] for row in history])
                for name, words_of in _MEASURES
            ],
            "axis": "share on margin",
            "limit": ("one half", _HALF_BPS),
        },
        "daily_figures",
    )


def _share_table(tables: Tables) -> Table:
    lines = {row["series"]: row for row in metrics.trends(tables, "margined_share_trend")}
    rows = []
    for name, words_of in _MEASURES:
        share = metrics.venue(tables, f"margined_share_of_{name}")
        last = _last_share(tables, name) if share is None else share
        if share is not None or name in lines:
            rows.append({"measure": words_of, "share_bps": share, **_trend(lines.get(name), last)})
    return table(
        "Share of trading on margin and its trend",
        "metric_trends",
        rows,
        "measure share_bps observations slope:figure half_of_trading_on_margin",
        "No trade today.",
        heads={"slope": "Trend, bps a day"},
        note="Trend: least-squares line through six months of daily shares. Each trade counts once "
        "per side; notional is the full price of the side. A projected date is where the line "
        "reaches one half; it is not a forecast. Today's share: disclose.metrics.",
    )


def _last_share(tables: Tables, name: str) -> int | None:
    """Share of the latest date with trading."""
    shares = [row[f"margined_share_of_{name}_bps"] for row in tables["daily_figures"]]
    return next((share for share in reversed(shares) if share is not None), None)


def _trend(row: dict | None, share_bps: int | None) -> dict:
    """``share_bps``: the last share, rounded down, so less than 1 bp above one half is not seen."""
    if row is None:
        # Also where trends could not be made: a finding says so.
        return {
            "observations": None,
            "slope": numbers.NONE,
            "half_of_trading_on_margin": "no trend on this date",
        }
    few = few_dates(row["observations"], "no trend")
    slope = few or numbers.signed(numbers.decimal_of_e6(row["value_e6"], 2))
    if row["half_on"] is None and share_bps is not None and share_bps > _HALF_BPS:
        half = f"above one half on all {row['observations']} dates"
    elif row["half_on"] is None and few:
        half = few
    elif row["half_on"] is None:
        half = "not exceeded, nor within ten years on the trend"
    elif row["projected"]:
        half = f"projected for {numbers.day_in_words(row['half_on'])}"
    else:
        half = f"above since {numbers.day_in_words(row['half_on'])}"
    return {"observations": row["observations"], "slope": slope, "half_of_trading_on_margin": half}


def _dependence_table(tables: Tables) -> Table:
    rows = [
        {
            **row,
            "series": row["series"].rpartition(" ")[0],
            "measure": row["series"].rpartition(" ")[2],
            "rank_correlation": numbers.decimal_of_e6(row["value_e6"], 2),
            "high_together": _percent_e6(row["co_exceedance_e6"]),
        }
        for row in metrics.trends(tables, "volatility_dependence")
    ]
    return table(
        "Event volatility against broader risk series",
        "metric_trends",
        rows,
        "series measure observations rank_correlation:figure high_together:figure",
        "Not computed: no usable broader risk series, or fewer than 20 dates with both.",
        note="Spearman's correlation over the latest 60 dates. High together: event volatility is "
        "in its upper tenth on this share of the dates on which the series is in its own; about "
        "10% if the two were independent.",
    )


def _percent_e6(value_e6: int | None) -> str:
    return numbers.percent(value_e6, 1_000_000)


def _signed_e6(value_e6: int | None) -> str:
    return numbers.signed(numbers.percent(value_e6, 1_000_000))


def _signed_bps(bps: int) -> str:
    return numbers.signed(numbers.percent_of_bps(bps))
