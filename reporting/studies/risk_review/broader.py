"""What a review says of event contracts and broader markets, such as the VIX.

Belongs here: which dates of the window stand out in a series, and what the venue looked like on
them. The correlation itself is ``recompute.metric_trends``.
"""

import math
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import numpy as np

from reporting.model.metrics.dependence import fresh, moves, upper_tail
from reporting.stages.recompute.metrics import CORRELATED_PAIRS, LEAST_PAIRS
from reporting.studies.risk_review.parts import (
    NONE,
    Conclusion,
    Grid,
    Section,
    Verdict,
    bps,
    count,
    day,
    decimal,
    median,
    money,
    plain,
)
from reporting.studies.risk_review.window import Row, Window
from reporting.wording.words import number_of

LEAST_DATES = 10
"""Moves in the window from which on their upper tenth is looked at."""
ROSE_TENTHS = 15
"""A median this many tenths of that of other dates, or more, counts as risen."""


def broader_section(window: Window) -> Section:
    """Correlation with each series, and its worst dates beside the others."""
    closes = _closes(window)
    if not closes:
        words = "No broader risk series was delivered: what event contracts have to do with other"
        return Section(
            "Broader markets", (Conclusion(Verdict.UNKNOWN, f"{words} markets is not known."),)
        )
    conclusions = [*_dependence(window, closes)]
    tables = [_dependence_grid(window)]
    for name, values in closes.items():
        moved = {at: close.move for at, close in values.items() if math.isfinite(close.move)}
        tail = _tail(moved)
        if tail:
            conclusions.append(_shock(window, name, values, tail))
            tables.append(_shock_grid(window, name, values, tail))
        else:
            words = f"{plain(name)}: {len(moved)} moves in the window"
            conclusions.append(
                Conclusion(Verdict.UNKNOWN, f"{words}, too few to name dates that stand out.")
            )
    return Section("Broader markets", tuple(conclusions), (*tables, _date_grid(window, closes)))


class _Close(NamedTuple):
    """A value of a series, and the absolute change of its logarithm since the value before."""

    level: float
    move: float


def _closes(window: Window) -> dict[str, dict[date, _Close]]:
    """Values of each series within the window that are not stale."""
    series: dict[str, list[tuple[date, float]]] = {}
    for row in window.rows("closes"):
        series.setdefault(row["series_id"], []).append((row["trading_date"], float(row["value"])))
    found = {}
    for name, known in sorted(series.items()):
        levels = np.array([value for _, value in known])
        values = {
            at: _Close(level, move)
            for (at, level), move, counts in zip(
                known, moves(levels).tolist(), fresh(levels).tolist(), strict=True
            )
            if counts and window.first <= at <= window.last
        }
        if values:
            found[name] = values
    return found


def _volatility(window: Window) -> dict[date, int]:
    """Event volatility of a date in millionths of log-odds; only where enough traded."""
    limits, found = window.by_date("thresholds"), {}
    for row in window.rows("venue_days"):
        at = row["business_date"]
        least = limits.get(at, {}).get("volatility_coverage_bps", 0)
        if row["mean_square_e12"] is not None and row["weight_qty"] * 10_000 >= (
            row["open_qty"] * least
        ):
            found[at] = math.isqrt(row["mean_square_e12"])
    return found


def _dependence(window: Window, closes: dict[str, dict[date, _Close]]) -> list[Conclusion]:
    rows = [row for row in window.rows("trends") if row["metric"] == "volatility_dependence"]
    if not rows:
        usual = len(_volatility(window))
        most = max(map(len, closes.values()))
        return [
            Conclusion(
                Verdict.UNKNOWN,
                f"No correlation of event volatility with {_named(closes)}: fewer than"
                f" {LEAST_PAIRS} dates have both a close and a volatility ({most} and {usual} dates"
                " of the window).",
            )
        ]
    said, beyond = [], []
    for row in rows:
        if row["value"] is None:
            continue
        # Spearman without dependence: mean 0, variance 1 / (n - 1).
        clear = abs(row["value"]) * math.sqrt(row["observations"] - 1) > 1.96
        beyond += [plain(row["series"])] if clear else []
        said.append(
            f"{plain(row['series'])} {decimal(row['value'])} ({row['observations']} dates,"
            f" {'beyond' if clear else 'within'} chance)"
        )
    observations = max(row["observations"] for row in rows)
    short = (
        f" The method asks for {CORRELATED_PAIRS} dates: {observations} are not enough for that,"
        " and nothing rolls yet."
        if observations < CORRELATED_PAIRS
        else ""
    )
    words = f"Rank correlation of event volatility: {'; '.join(said)}.{short}"
    found = [Conclusion(Verdict.UNKNOWN if short else Verdict.NOTE, words)]
    if beyond:
        found.append(
            Conclusion(
                Verdict.WATCH,
                f"Event volatility moves with {', '.join(beyond)} by more than chance explains, as"
                " far as so few dates can say.",
                "Does margin of these contracts know that they move together in a shock?",
            )
        )
    return found


def _named(closes: dict[str, dict[date, _Close]]) -> str:
    return ", ".join(map(plain, closes))


def _tail(moved: dict[date, float]) -> list[date]:
    """The dates on which the move of a series is in its upper tenth of the window."""
    if len(moved) < LEAST_DATES:
        return []
    high = upper_tail(np.array(list(moved.values())), 0.1)
    return [at for at, counts in zip(moved, high.tolist(), strict=True) if counts]


def _measures(window: Window) -> list[tuple[str, dict[date, int], Callable[[int | None], str]]]:
    """What is looked at on the dates that stand out."""

    def column(table: str, name: str) -> dict[date, int]:
        return {at: row[name] for at, row in window.by_date(table).items() if row[name] is not None}

    two = {
        row["business_date"]: row["outflow"]
        for row in window.rows("liquidity")
        if row["failing_payers"] == 2
    }
    return [
        ("event volatility", _volatility(window), _odds),
        ("trades", column("venue_days", "trades"), count),
        ("variation paid by losers", column("variation", "paid"), money),
        ("initial margin", window.metric("initial_margin"), money),
        ("Cover-2", column("cover", "cover_2"), money),
        ("outflow, two payers", two, money),
        ("unsecured", window.metric("unsecured_peak"), money),
    ]


def _odds(value: int | None) -> str:
    return NONE if value is None else f"{value / 1e6:.3f}"


def _compared(
    window: Window, values: dict[date, _Close], tail: list[date]
) -> list[tuple[str, int, int, Callable[[int | None], str]]]:
    """Medians of each measure on the dates that stand out and on the other dates with a close."""
    found = []
    for name, known, show in _measures(window):
        high = [known[at] for at in tail if at in known]
        rest = [known[at] for at in values if at in known and at not in tail]
        if high and rest:
            found.append((name, median(high), median(rest), show))
    return found


def _shock(window: Window, name: str, values: dict[date, _Close], tail: list[date]) -> Conclusion:
    at = max(values, key=lambda each: (values[each].level, -each.toordinal()))
    rose, still = [], []
    for what, high, rest, show in _compared(window, values, tail):
        if high * 10 >= rest * ROSE_TENTHS and high > rest:
            rose.append(f"{what} ({show(high)} against {show(rest)})")
        else:
            still.append(what)
    words = (
        f"{plain(name)} stood highest at {decimal(values[at].level)} on {day(at)}. Its largest"
        f" tenth of moves, up or down, came on {', '.join(map(day, tail))}."
    )
    against = "half as much again, or more, as on the other dates with a close"
    if rose:
        words += f" On the median of these dates, {against}: {', '.join(rose)}."
        words += f" Not so: {', '.join(still)}." if still else ""
    elif still:
        words += f" Nothing was {against}: neither {', '.join(still)}."
    return Conclusion(Verdict.NOTE, words)


def _dependence_grid(window: Window) -> Grid:
    rows = [row for row in window.rows("trends") if row["metric"] == "volatility_dependence"]
    return Grid(
        ("series", "dates", "of", "Spearman", "chance up to", "co-exceedance"),
        tuple(_dependence_row(row) for row in rows),
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


def _shock_grid(window: Window, name: str, values: dict[date, _Close], tail: list[date]) -> Grid:
    return Grid(
        (f"largest moves of {plain(name)}", "median of these dates", "of the others", "times"),
        tuple(
            (what, show(high), show(rest), f"{high / rest:.2f}" if rest > 0 else NONE)
            for what, high, rest, show in _compared(window, values, tail)
        ),
        1,
        f"{number_of(len(tail), 'date')} against {len(values) - len(tail)} others with a close.",
    )


def _level(close: _Close | None) -> str:
    return NONE if close is None else decimal(close.level)


def _date_grid(window: Window, closes: dict[str, dict[date, _Close]]) -> Grid:
    volatility, venue = _volatility(window), window.by_date("venue_days")

    def traded(at: date) -> str:
        row = venue.get(at)
        return (
            NONE
            if not row or not row["open_qty"]
            else bps(10_000 * row["weight_qty"] // row["open_qty"])
        )

    return Grid(
        ("date", "event volatility", "of the open interest", *map(plain, closes)),
        tuple(
            (
                str(at),
                _odds(volatility.get(at)),
                traded(at),
                *(_level(values.get(at)) for values in closes.values()),
            )
            for at in window.dates
        ),
        1,
        "Event volatility: root mean square move of log-odds, weighted by open interest; empty"
        " where too little of it traded.",
    )
