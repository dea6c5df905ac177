"""What a review says of event contracts and broader markets, such as the VIX.

Belongs here: which dates of the window stand out in a series, and how the venue looked on them.
The correlation itself is ``recompute.metric_trends``.
"""

import math
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import numpy as np

from reporting.model.backtest.evidence import few_dates
from reporting.model.metrics.dependence import fresh, moves, upper_tail
from reporting.packs.document.markdown import plain
from reporting.packs.document.parts import Conclusion, Section
from reporting.packs.document.tables import Table, grid
from reporting.stages.recompute.surveillance.metrics import CORRELATED_PAIRS, MIN_PAIRS
from reporting.studies.risk_review.parts import (
    Verdict,
    day,
    decimal,
    median,
    money,
    without_data,
)
from reporting.studies.risk_review.window import Row, Window
from reporting.units import BPS
from reporting.wording.numbers import NONE, count, percent_of_bps
from reporting.wording.words import number_of

MIN_MOVES = 10
"""Moves that a series must have in the window for its upper tenth to be looked at."""
RISEN_TENTHS = 15
"""A median of at least this many tenths of that of the other dates counts as risen."""

Measure = tuple[str, dict[date, int], Callable[[int | None], str]]
"""Name, values by date, and how a value is shown."""


class _Close(NamedTuple):
    """A value of a series, and the absolute change of its logarithm since the value before."""

    level: float
    move: float


Closes = dict[date, _Close]


def broader_section(window: Window) -> Section:
    """Correlation with each series, and its largest moves beside the other dates."""
    closes = _closes(window)
    if not closes:
        words = "No broader risk series was delivered, so dependence on other markets is unknown."
        return without_data("Broader markets", words)
    conclusions = _dependence(window, closes)
    tables = [_dependence_table(window)]
    for name, values in closes.items():
        moves_by_date = {
            at: close.move for at, close in values.items() if math.isfinite(close.move)
        }
        tail = _tail(moves_by_date)
        if tail:
            conclusions.append(_shock(window, name, values, tail))
            tables.append(_shock_table(window, name, values, tail))
        else:
            words = f"{plain(name)}: {len(moves_by_date)} moves in the window, too few to pick out"
            conclusions.append(Conclusion(Verdict.UNKNOWN, f"{words} dates that stand out."))
    return Section("Broader markets", (*tables, _date_table(window, closes)), tuple(conclusions))


def _closes(window: Window) -> dict[str, Closes]:
    """Values of each series within the window that are not stale."""
    series: dict[str, list[tuple[date, float]]] = {}
    for row in window.rows("closes"):
        series.setdefault(row["series_id"], []).append((row["trading_date"], float(row["value"])))
    closes = {}
    for name, known in sorted(series.items()):
        levels = np.array([value for _, value in known])
        values = {
            at: _Close(level, move)
            for (at, level), move, is_fresh in zip(
                known, moves(levels).tolist(), fresh(levels).tolist(), strict=True
            )
            if is_fresh and window.first <= at <= window.last
        }
        if values:
            closes[name] = values
    return closes


def _volatility(window: Window) -> dict[date, int]:
    """Event volatility of a date in millionths of log-odds; only where enough traded."""
    limits, volatility = window.by_date("thresholds"), {}
    for row in window.rows("venue_days"):
        at = row["business_date"]
        min_share_bps = limits.get(at, {}).get("volatility_coverage_bps", 0)
        enough = row["weight_qty"] * BPS >= row["open_qty"] * min_share_bps
        if row["mean_square_e12"] is not None and enough:
            volatility[at] = math.isqrt(row["mean_square_e12"])
    return volatility


def _correlations(window: Window) -> list[Row]:
    return [row for row in window.rows("trends") if row["metric"] == "volatility_dependence"]


def _dependence(window: Window, closes: dict[str, Closes]) -> list[Conclusion]:
    rows = _correlations(window)
    if not rows:
        words = (
            f"Event volatility is not correlated with {', '.join(map(plain, closes))}: fewer than"
            f" {MIN_PAIRS} dates have both a close and a volatility (the window has"
            f" {max(map(len, closes.values()))} and {len(_volatility(window))})."
        )
        return [Conclusion(Verdict.UNKNOWN, words)]
    correlations, significant = [], []
    for row in rows:
        if row["value"] is None:
            continue
        # Spearman without dependence: mean 0, variance 1 / (n - 1).
        is_beyond = abs(row["value"]) * math.sqrt(row["observations"] - 1) > 1.96
        few = few_dates(row["observations"])
        significant += [plain(row["series"])] if is_beyond and not few else []
        of_chance = f"{row['observations']} dates, {'beyond' if is_beyond else 'within'} chance"
        correlations.append(f"{plain(row['series'])} {decimal(row['value'])} ({few or of_chance})")
    observations = max(row["observations"] for row in rows)
    words = f"Rank correlation of event volatility: {'; '.join(correlations)}."
    is_short = observations < CORRELATED_PAIRS
    if is_short:
        words += (
            f" The method needs {CORRELATED_PAIRS} dates and has {observations}, so there is no"
            " rolling correlation yet."
        )
    conclusions = [Conclusion(Verdict.UNKNOWN if is_short else Verdict.NOTE, words)]
    if significant:
        conclusions.append(
            Conclusion(
                Verdict.WATCH,
                f"Event volatility moves with {', '.join(significant)} by more than chance"
                " explains, as far as so few dates can show.",
                "Does the margin of these contracts allow for their moving together in a shock?",
            )
        )
    return conclusions


def _tail(moves_by_date: dict[date, float]) -> list[date]:
    """The dates on which the move of a series is in its upper tenth of the window."""
    if len(moves_by_date) < MIN_MOVES:
        return []
    is_high = upper_tail(np.array(list(moves_by_date.values())), 0.1)
    return [at for at, high in zip(moves_by_date, is_high.tolist(), strict=True) if high]


def _measures(window: Window) -> list[Measure]:
    """What is compared on the dates that stand out."""

    def column(table: str, name: str) -> dict[date, int]:
        return {at: row[name] for at, row in window.by_date(table).items() if row[name] is not None}

    two_payers = {
        row["business_date"]: row["outflow"]
        for row in window.rows("liquidity")
        if row["failing_payers"] == 2
    }
    return [
        ("event volatility", _volatility(window), _log_odds),
        ("trades", column("venue_days", "trades"), count),
        ("variation paid by losers", column("variation", "paid"), money),
        ("initial margin", window.metric("initial_margin"), money),
        ("Cover-2", column("cover", "cover_2"), money),
        ("outflow, two payers", two_payers, money),
        ("unsecured", window.metric("unsecured_peak"), money),
    ]


def _log_odds(value: int | None) -> str:
    return NONE if value is None else f"{value / 1e6:.3f}"


def _compared(
    window: Window, values: Closes, tail: list[date]
) -> list[tuple[str, int, int, Callable[[int | None], str]]]:
    """Medians of each measure on the dates that stand out and on the other dates with a close."""
    medians = []
    for name, by_date, show in _measures(window):
        high = [by_date[at] for at in tail if at in by_date]
        rest = [by_date[at] for at in values if at in by_date and at not in tail]
        if high and rest:
            medians.append((name, median(high), median(rest), show))
    return medians


def _shock(window: Window, name: str, values: Closes, tail: list[date]) -> Conclusion:
    peak = max(values, key=lambda at: (values[at].level, -at.toordinal()))
    risen, others = [], []
    for measure, high, rest, show in _compared(window, values, tail):
        if high * 10 >= rest * RISEN_TENTHS and high > rest:
            risen.append(f"{measure} ({show(high)} against {show(rest)})")
        else:
            others.append(measure)
    words = (
        f"{plain(name)} peaked at {decimal(values[peak].level)} on {day(peak)}. Its largest tenth"
        f" of moves, up or down, came on {', '.join(map(day, tail))}."
    )
    if risen:
        words += (
            " On these dates the median of the following was at least 1.5 times that of the other"
            f" dates with a close: {', '.join(risen)}."
        )
        words += f" This was not so for {', '.join(others)}." if others else ""
    elif others:
        words += (
            " On these dates no median was 1.5 times that of the other dates with a close:"
            f" {', '.join(others)}."
        )
    return Conclusion(Verdict.NOTE, words)


def _dependence_table(window: Window) -> Table:
    return grid(
        ("series", "dates", "needed", "Spearman", "chance up to", "co-exceedance"),
        map(_dependence_row, _correlations(window)),
        1,
        "Chance: 1.96 / sqrt(dates - 1). Co-exceedance: of the dates on which the series is in its"
        " upper tenth, the share on which event volatility is in its own; about 0.10 without"
        " dependence.",
    )


def _dependence_row(row: Row) -> tuple[str, ...]:
    return (
        plain(row["series"]),
        count(row["observations"]),
        count(CORRELATED_PAIRS),
        decimal(row["value"]),
        decimal(1.96 / math.sqrt(row["observations"] - 1)) if row["observations"] > 1 else NONE,
        decimal(row["co_exceedance"]),
    )


def _shock_table(window: Window, name: str, values: Closes, tail: list[date]) -> Table:
    return grid(
        (f"largest moves of {plain(name)}", "median of these dates", "of the others", "times"),
        (
            (measure, show(high), show(rest), f"{high / rest:.2f}" if rest > 0 else NONE)
            for measure, high, rest, show in _compared(window, values, tail)
        ),
        1,
        f"{number_of(len(tail), 'date')} against {len(values) - len(tail)} others with a close.",
    )


def _date_table(window: Window, closes: dict[str, Closes]) -> Table:
    volatility, venue_days = _volatility(window), window.by_date("venue_days")

    def traded_share(at: date) -> str:
        row = venue_days.get(at)
        if not row or not row["open_qty"]:
            return NONE
        return percent_of_bps(BPS * row["weight_qty"] // row["open_qty"])

    def level(close: _Close | None) -> str:
        return NONE if close is None else decimal(close.level)

    return grid(
        ("date", "event volatility", "of the open interest", *map(plain, closes)),
        (
            (
                str(at),
                _log_odds(volatility.get(at)),
                traded_share(at),
                *(level(values.get(at)) for values in closes.values()),
            )
            for at in window.dates
        ),
        1,
        "Event volatility: root mean square move of log-odds, weighted by open interest; empty"
        " where too little of the open interest traded.",
    )
