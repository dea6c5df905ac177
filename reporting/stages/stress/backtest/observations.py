"""Observations of the backtest: the loss of a static book over its liquidation period.

Belongs here: from the books under test of earlier closes, and marks and settlements as now known,
to one row per book whose period ends with the date. The margin held is in ``books``, counts and
tests are in ``results``. Source:
stress-default-backtest.md, "Backtests"; docs/backtests.md, "In the daily run".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow
import pyarrow.compute

from reporting.engine.day import Day, keep_beside
from reporting.engine.declaration import arrow_schema, schema_of, table
from reporting.model.backtest.causes import CAUSES, COVERED, breach_causes
from reporting.model.backtest.coverage import uncovered
from reporting.model.backtest.pooled import shortfall_ratio_e9
from reporting.model.margin.volatility import BUCKETS
from reporting.stages.stress.backtest.books import MARGIN_HELD
from reporting.units import BPS, MICROS_PER_CENTICENT

TABLE = "stress.backtest_observations"


@dataclass(frozen=True)
class Horizon:
    """Books of ``book_date`` over so many business dates, up to the date itself.

    closes: the date of the n-th close after the book's, for n = 1, 2, ... up to the last.
    """

    days: int
    book_date: date
    closes: Sequence[date]


def horizons(earlier: Sequence[date], today: date, periods: Sequence[int]) -> Iterator[Horizon]:
    """One for the next close, and one for each longer liquidation period that has gone by.

    earlier: the business dates before the date, latest first.
    """
    for days in sorted({1, *periods}):
        if len(earlier) >= days:
            yield Horizon(days, earlier[days - 1], [*reversed(earlier[: days - 1]), today])


@table(
    "stress.backtest_observations",
    grain=(
        "one row per book of an earlier close and horizon that ends with the date: the next close,"
        " and the liquidation period of the book if that is longer"
    ),
    meaning=(
        "margin held against the loss of the unchanged book since then, at marks and settlements"
        " as known on the date, each contract over the liquidation period of its event; jump is the"
        " part from settled contracts; cluster is the one with the largest loss, or that of the"
        " book if there was no loss"
    ),
    reads="""
        stress.backtest_books stress.backtest_contracts recompute.days recompute.positions
        recompute.marks recompute.settlements recompute.event_parameters validate.margin_schedule
    """,
    columns=f"""
        portfolio book_id book_date horizon_days at_liquidation {MARGIN_HELD} loss_micros
        diffusion_loss_micros jump_loss_micros uncovered_micros shortfall_ratio_e9 breach cause
        bucket cluster
    """,
)
def observation_rows(day: Day, earlier: Sequence[date], periods: Sequence[int]) -> pyarrow.Table:
    """The rows of ``stress.backtest_observations``.

    earlier: the business dates before the date, latest first; periods: all liquidation periods of
    any known schedule, in days.
    """
    ending = list(horizons(earlier, day.business_date, periods))
    if not ending:
        return schema_of(TABLE).empty_table()
    dates = [horizon.book_date for horizon in ending]
    books = day.earlier_rows("stress.backtest_books", dates)
    contracts = day.earlier_rows("stress.backtest_contracts", dates)
    keep_beside(day, "books_then", books)
    keep_beside(day, "contracts_then", contracts)
    columns = (books[name].to_pylist() for name in ("business_date", "liquidation_days"))
    watched = set(zip(*columns, strict=True))
    longer = [
        horizon
        for horizon in ending
        if horizon.days > 1 and (horizon.book_date, horizon.days) in watched
    ]
    if longer:
        first = min(horizon.book_date for horizon in longer)
        between = [close for close in earlier if close > first]
        settlements = day.earlier_rows("recompute.settlements", between)
        keep_beside(day, "settlements_then", settlements)
        keep_beside(
            day,
            "settled_then",
            day.read("stress/reads/backtest_settlements", first=first).to_arrow_table(),
        )
    next_close = ending[0]
    lost = day.read("stress/reads/backtest_next_close_losses", book_date=next_close.book_date)
    parts = [_rows(day, next_close, lost.to_arrow_table())]
    for horizon in longer:
        of_book = pyarrow.compute.equal(contracts["business_date"], horizon.book_date)
        periods_held = set(contracts.filter(of_book)["liquidation_days"].to_pylist())
        _keep_closes(day, horizon, periods_held)
        at = {"book_date": horizon.book_date, "horizon": horizon.days}
        lost = day.read("stress/reads/backtest_period_losses", **at)
        parts.append(_rows(day, horizon, lost.to_arrow_table()))
    return pyarrow.concat_tables(parts)


def _keep_closes(day: Day, horizon: Horizon, periods_held: set[int]) -> None:
    """The closes of a horizon, and the marks of those before the last that are needed."""
    closes = {"days": list(range(1, horizon.days + 1)), "close_date": list(horizon.closes)}
    keep_beside(day, "closes_then", pyarrow.table(closes))
    dates = [horizon.closes[days - 1] for days in sorted(periods_held) if days < horizon.days]
    if dates:
        between = day.read(
            "stress/reads/backtest_marks", first=dates[0], last=dates[-1], dates=dates
        )
        keep_beside(day, "marks_then", between.to_arrow_table())
    else:
        keep_beside(day, "marks_then", _NO_MARKS.empty_table())


_NO_MARKS = arrow_schema(
    {"ticker": "VARCHAR", "business_date": "DATE", "mark_centicents": "BIGINT"}
)


def _rows(day: Day, horizon: Horizon, lost: pyarrow.Table) -> pyarrow.Table:
    """Breach, cause and uncovered amount of each book, from what its contracts lost."""
    keep_beside(day, "lost_then", lost)
    at = {"book_date": horizon.book_date, "horizon": horizon.days}
    losses = day.read("stress/reads/backtest_losses_by_book", **at).to_arrow_table()
    columns = {name: losses[name] for name in losses.column_names}
    diffusion, jump = (
        losses[name].to_numpy() for name in ("diffusion_loss_micros", "jump_loss_micros")
    )
    margin = losses["margin_centicents"].to_numpy() * MICROS_PER_CENTICENT
    cause = breach_causes(diffusion, jump, margin)
    count = len(losses)
    buckets = losses["bucket"].to_numpy()
    at_liquidation = losses["liquidation_days"].to_numpy() == horizon.days
    columns |= {
        "book_date": pyarrow.array([horizon.book_date] * count, pyarrow.date32()),
        "horizon_days": np.full(count, horizon.days, dtype=np.int64),
        "at_liquidation": at_liquidation,
        "loss_micros": diffusion + jump,
        "uncovered_micros": uncovered(diffusion + jump, margin),
        "shortfall_ratio_e9": _shortfall_ratios(losses, diffusion + jump, at_liquidation),
        "breach": cause != COVERED,
        "cause": pyarrow.array(np.array(CAUSES, dtype=object)[cause], pyarrow.string()),
        "bucket": pyarrow.array(np.array(BUCKETS, dtype=object)[buckets], pyarrow.string()),
    }
    schema = schema_of(TABLE)
    return pyarrow.table({name: columns[name] for name in schema.names}).cast(schema)


def _shortfall_ratios(
    books: pyarrow.Table, loss: np.ndarray, at_liquidation: np.ndarray
) -> pyarrow.Array:
    """The ratio of each book; None over a shorter time than that of its expected shortfall, and
    for a book without a recorded confidence level."""
    of_margin = (
        books[name].to_pylist()
        for name in ("value_at_risk_centicents", "expected_shortfall_centicents", "alpha_bps")
    )
    rows = zip(at_liquidation.tolist(), loss.tolist(), *of_margin, strict=True)
    ratios = [
        shortfall_ratio_e9(*amounts, BPS - alpha_bps) if whole and alpha_bps is not None else None
        for whole, *amounts, alpha_bps in rows
    ]
    return pyarrow.array(ratios, pyarrow.int64())
