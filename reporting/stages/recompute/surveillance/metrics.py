"""Market metrics that are not a SELECT: policy numbers of the date, and trends over many dates.

Belongs here: the dates and series of each statistic. The statistics are in ``model/metrics``;
the metrics of a single date are in ``sql/recompute/metrics.sql``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pyarrow

from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.model.backtest.evidence import MIN_DATES, few_dates
from reporting.model.errors import ModelError
from reporting.model.metrics.change import change_of_average
from reporting.model.metrics.dependence import dependence, fresh, moves
from reporting.model.metrics.trend import share_trend
from reporting.rulebook.thresholds import Thresholds, thresholds_in_force
from reporting.units import BPS

SIX_MONTHS = 184
GROWTH_DAYS = (7, 30)
RECENT_DAYS, REFERENCE_DAYS = 7, 28
"""The average trade size of the last days is compared with that of the days before."""
CORRELATED_PAIRS, MIN_PAIRS = 60, MIN_DATES
"""Dates in a correlation: the latest ones, and the minimum."""


class _VenueDay(NamedTuple):
    """A row of ``recompute.venue_days``; ``mean_square_e12`` may be None."""

    business_date: date
    trades: int
    volume_qty: int
    margined_sides: int
    sides: int
    margined_side_qty: int
    side_qty: int
    margined_notional_micros: int
    notional_micros: int
    open_interest_qty: int
    weight_qty: int
    open_qty: int
    mean_square_e12: int | None


@table(
    "recompute.thresholds",
    grain="one row per date",
    meaning=(
        "the policy numbers of surveillance in force on the date, from"
        " data_checks/thresholds.yaml, for rules that compare a metric with one"
    ),
    reads="recompute.days",
    columns=" ".join(field.name for field in fields(Thresholds) if field.type is not date),
)
def threshold_rows(day: Day) -> pyarrow.Table:
    """The row of ``recompute.thresholds``. Raises ModelError if none is in force."""
    try:
        thresholds = asdict(thresholds_in_force(day.business_date))
    except ValueError as error:
        raise ModelError("thresholds", str(error)) from error
    return pyarrow.Table.from_pylist([thresholds], schema_of("recompute.thresholds"))


@table(
    "recompute.metric_trends",
    grain="one row per metric and series with enough dates",
    meaning=(
        "trends over many dates: growth of open interest over weeks, the six-month trend of the"
        " share on margin and the date on which it passes one half, the change of the average trade"
        " size with its interval, and the dependence of event volatility on broader risk series;"
        " formulas in docs/metrics.md"
    ),
    reads="recompute.venue_days validate.benchmarks",
    columns="metric series observations value low high co_exceedance half_on projected",
)
def trend_rows(day: Day) -> pyarrow.Table:
    after = day.business_date - timedelta(days=SIX_MONTHS)
    days = [
        _VenueDay(*row) for row in day.read("recompute/reads/venue_days", after=after).fetchall()
    ]
    records = [*_growth(days), *_shares(days), *_trade_size(days), *_dependence(day, days, after)]
    return pyarrow.Table.from_pylist(records, schema_of("recompute.metric_trends"))


def _growth(days: Sequence[_VenueDay]) -> Iterator[dict]:
    """Growth of open interest since the date some days before."""
    by_date = {venue_day.business_date: venue_day.open_interest_qty for venue_day in days}
    today = days[-1]
    for ago in GROWTH_DAYS:
        before = by_date.get(today.business_date - timedelta(days=ago))
        if before:
            value = today.open_interest_qty / before - 1.0
            yield _record("open_interest_growth", f"{ago} days", 2, value=value)


def _shares(days: Sequence[_VenueDay]) -> Iterator[dict]:
    """Trend of the share of trading on margin, by each measure of trading."""
    for series, part, whole in (
        ("sides", "margined_sides", "sides"),
        ("contracts", "margined_side_qty", "side_qty"),
        ("notional", "margined_notional_micros", "notional_micros"),
    ):
        used = [venue_day for venue_day in days if getattr(venue_day, whole) > 0]
        trend = share_trend(
            np.array([venue_day.business_date.toordinal() for venue_day in used], dtype=np.int64),
            np.array([getattr(venue_day, part) for venue_day in used], dtype=np.int64),
            np.array([getattr(venue_day, whole) for venue_day in used], dtype=np.int64),
        )
        if trend is not None:
            # A line through a few dates is no trend. A date on which the share passed one half is
            # a fact, a projected one is not.
            has_line = not few_dates(trend.observations)
            half = trend.half_day if has_line or not trend.projected else None
            yield _record(
                "margined_share_trend",
                series,
                trend.observations,
                value=trend.slope_bps if has_line else None,
                half_on=None if half is None else date.fromordinal(half),
                projected=trend.projected and has_line,
            )


def _trade_size(days: Sequence[_VenueDay]) -> Iterator[dict]:
    """Contracts per trade in the last days, against the days before them."""
    split = days[-1].business_date - timedelta(days=RECENT_DAYS)
    start = split - timedelta(days=REFERENCE_DAYS)
    recent = [venue_day for venue_day in days if venue_day.business_date > split]
    reference = [venue_day for venue_day in days if start < venue_day.business_date <= split]
    change = change_of_average(_sizes(recent), _sizes(reference))
    if change is not None:
        with_trades = sum(venue_day.trades > 0 for venue_day in (*recent, *reference))
        has_interval = not few_dates(with_trades)
        yield _record(
            "average_trade_size_change",
            f"{RECENT_DAYS} days against {REFERENCE_DAYS}",
            len(recent) + len(reference),
            value=change.change,
            low=change.low if has_interval else None,
            high=change.high if has_interval else None,
        )


def _sizes(days: Sequence[_VenueDay]) -> tuple[np.ndarray, np.ndarray]:
    return (
        np.array([venue_day.volume_qty for venue_day in days], dtype=np.int64),
        np.array([venue_day.trades for venue_day in days], dtype=np.int64),
    )


def _dependence(day: Day, days: Sequence[_VenueDay], after: date) -> Iterator[dict]:
    """Event volatility against each broader risk series: its level, and its move of the date.

    A date counts if the series has a fresh value of that date and enough of the open interest
    traded.
    """
    min_coverage_bps = thresholds_in_force(day.business_date).volatility_coverage_bps
    volatility = {
        # The rank of a mean square is that of its root.
        venue_day.business_date: float(venue_day.mean_square_e12)
        for venue_day in days
        if venue_day.mean_square_e12 is not None
        and venue_day.weight_qty * BPS >= venue_day.open_qty * min_coverage_bps
    }
    if len(volatility) < MIN_PAIRS:
        return
    series: dict[str, dict[date, float]] = {}
    for name, trading_date, value in day.read(
        "recompute/reads/risk_series", after=after
    ).fetchall():
        series.setdefault(name, {})[trading_date] = float(value)
    for name, known in series.items():
        dates, level = list(known), np.array(list(known.values()), dtype=np.float64)
        live = fresh(level)
        for kind, values in (("level", level), ("move", moves(level))):
            pairs = [
                (volatility[at], value)
                for at, value, counts in zip(
                    dates, values.tolist(), (live & np.isfinite(values)).tolist(), strict=True
                )
                if counts and at in volatility
            ][-CORRELATED_PAIRS:]
            if len(pairs) >= MIN_PAIRS:
                rank = dependence(*np.array(pairs, dtype=np.float64).T)
                yield _record(
                    "volatility_dependence",
                    f"{name} {kind}",
                    rank.pairs,
                    value=rank.spearman,
                    co_exceedance=rank.co_exceedance,
                )


def _record(metric: str, series: str, observations: int, **values: object) -> dict:
    return {"metric": metric, "series": series, "observations": observations, **values}
