"""Observations of the backtest: what a static book lost over its liquidation period.

Belongs here: from the books under test of earlier closes, marks and settlements as they are
known now, to one row per book whose period ends with the date. Margin that was held is in
``backtest_books``, counts and tests of them in ``backtest_results``. Source:
stress-default-backtest.md, "Backtests"; docs/backtests.md, "In the daily run".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow
import pyarrow.compute

from reporting.lake.statements import identifier, select, statement
from reporting.model.backtest.causes import CAUSES, COVERED, breach_causes
from reporting.model.backtest.coverage import uncovered
from reporting.model.volatility import BUCKETS
from reporting.pipeline.backtest_books import made_up_positions
from reporting.pipeline.day import Day
from reporting.pipeline.model_tables import schema_of
from reporting.units import MICROS_PER_CENTICENT

TABLE = "stress.backtest_observations"

# A range and not the dates alone: the lake leaves out files by the range.
_BOOKS = """
SELECT *
FROM stress.backtest_books
WHERE business_date >= $first AND business_date < $business_date
    AND list_contains($dates, business_date)
ORDER BY business_date, portfolio, book_id
"""

_BEFORE = """
SELECT business_date AS book_date, portfolio, book_id, horizon_days, breach
FROM stress.backtest_observations
WHERE business_date >= $first AND business_date < $business_date
    AND list_contains($dates, business_date)
"""

# Over the next close all that is needed is of the date itself.
_NEXT_CLOSE = """
WITH clusters AS (
    SELECT event_ticker, MAX(cluster) AS cluster
    FROM recompute.event_parameters
    WHERE business_date = $business_date
    GROUP BY event_ticker
),
held AS (
    SELECT 'accounts' AS portfolio, account_id AS book_id, event_ticker, ticker, opening_qty AS qty
    FROM recompute.positions
    WHERE business_date = $business_date AND collateralisation = 'margined' AND opening_qty <> 0
    UNION ALL
    SELECT portfolio, book_id, event_ticker, ticker, qty
    FROM made_up_then
    WHERE book_date = $book_date
)
SELECT held.portfolio, held.book_id, COALESCE(clusters.cluster, held.event_ticker) AS cluster,
    marks.settled AS resolved, CAST(held.qty AS HUGEINT) * (
        marks.previous_mark_centicents - CASE
            WHEN marks.settled THEN marks.settlement_value_centicents ELSE marks.mark_centicents
        END) AS micros
FROM held
JOIN recompute.marks AS marks
    ON marks.ticker = held.ticker AND marks.business_date = $business_date
LEFT JOIN clusters ON clusters.event_ticker = held.event_ticker
"""

# Each contract over the liquidation period of its own event, which may be shorter than the
# longest of the book. A first settlement after the close of the book resolves a contract.
_PERIOD = """
WITH parameters AS (
    SELECT event_ticker, MAX(cluster) AS cluster, MAX(liquidation_days) AS days
    FROM recompute.event_parameters
    WHERE business_date = $book_date
    GROUP BY event_ticker
),
held AS (
    SELECT 'accounts' AS portfolio, account_id AS book_id, event_ticker, ticker, opening_qty AS qty
    FROM recompute.positions
    WHERE business_date = $next_date AND collateralisation = 'margined' AND opening_qty <> 0
    UNION ALL
    SELECT portfolio, book_id, event_ticker, ticker, qty
    FROM made_up_then
    WHERE book_date = $book_date
),
settlements AS (
    SELECT ticker, business_date, settlement_value_centicents
    FROM recompute.settlements
    WHERE business_date = $business_date
    UNION ALL
    SELECT ticker, business_date, settlement_value_centicents
    FROM recompute.settlements
    WHERE business_date >= $next_date AND business_date < $business_date
),
settled AS (
    SELECT ticker, MIN(business_date) AS settled_date,
        arg_max(settlement_value_centicents, business_date) AS value_centicents
    FROM settlements
    GROUP BY ticker
),
prices AS (
    SELECT ticker, business_date, mark_centicents, previous_mark_centicents
    FROM recompute.marks
    WHERE business_date >= $next_date AND business_date <= $short_date
    UNION ALL
    SELECT ticker, business_date, mark_centicents, previous_mark_centicents
    FROM recompute.marks
    WHERE business_date = $business_date
),
valued AS (
    SELECT held.portfolio, held.book_id, held.qty,
        COALESCE(parameters.cluster, held.event_ticker) AS cluster,
        COALESCE(settled.settled_date <= closes.close_date, FALSE) AS resolved,
        start.previous_mark_centicents AS start_centicents,
        settled.value_centicents AS settlement_centicents, closing.mark_centicents
    FROM held
    JOIN parameters ON parameters.event_ticker = held.event_ticker
    JOIN closes_then AS closes ON closes.days = parameters.days
    JOIN prices AS start ON start.ticker = held.ticker AND start.business_date = $next_date
    LEFT JOIN settled ON settled.ticker = held.ticker
    LEFT JOIN prices AS closing
        ON closing.ticker = held.ticker AND closing.business_date = closes.close_date
)
SELECT portfolio, book_id, cluster, resolved, CAST(qty AS HUGEINT) * (
    start_centicents - CASE WHEN resolved THEN settlement_centicents ELSE mark_centicents END
) AS micros
FROM valued
"""

_BY_BOOK = """
WITH lost AS ({lost}),
by_cluster AS (
    SELECT portfolio, book_id, cluster,
        SUM(CASE WHEN resolved THEN 0 ELSE micros END) AS diffusion,
        SUM(CASE WHEN resolved THEN micros ELSE 0 END) AS jump
    FROM lost
    GROUP BY portfolio, book_id, cluster
),
ranked AS (
    SELECT portfolio, book_id, cluster, diffusion + jump AS largest,
        SUM(diffusion) OVER whole AS diffusion, SUM(jump) OVER whole AS jump,
        row_number() OVER (
            PARTITION BY portfolio, book_id ORDER BY diffusion + jump DESC, cluster
        ) AS place
    FROM by_cluster
    WINDOW whole AS (PARTITION BY portfolio, book_id)
)
SELECT books.portfolio, books.book_id, books.liquidation_days, books.margin_centicents,
    books.worst_case_centicents, books.value_at_risk_centicents,
    books.expected_shortfall_centicents, books.one_day_margin_centicents,
    books.five_day_margin_centicents, books.bucket,
    CASE WHEN ranked.largest > 0 THEN ranked.cluster ELSE books.cluster END AS cluster,
    CAST(ranked.diffusion AS BIGINT) AS diffusion_loss_micros,
    CAST(ranked.jump AS BIGINT) AS jump_loss_micros, observed.breach AS preceded_by_breach
FROM books_then AS books
JOIN ranked ON ranked.portfolio = books.portfolio AND ranked.book_id = books.book_id
LEFT JOIN observed_then AS observed
    ON observed.portfolio = books.portfolio AND observed.book_id = books.book_id
    AND observed.book_date = books.business_date AND observed.horizon_days = $horizon
WHERE books.business_date = $book_date AND ranked.place = 1
    AND (books.liquidation_days = $horizon OR books.portfolio = 'accounts' AND $horizon = 1)
ORDER BY books.portfolio, books.book_id
"""


@dataclass(frozen=True)
class Horizon:
    """Books of ``book_date`` over so many business dates, up to the date itself.

    closes: the date of the n-th close after the book's, for n = 1, 2, ... up to the last;
    shorter: the longest period below ``days``, after which some contracts are closed out.
    """

    days: int
    book_date: date
    closes: Sequence[date]
    shorter: int


def horizons(earlier: Sequence[date], today: date, periods: Sequence[int]) -> Iterator[Horizon]:
    """One for the next close, and one for each longer liquidation period that has gone by.

    earlier: the business dates before the date, latest first.
    """
    known = sorted({1, *periods})
    for shorter, days in zip([1, *known], known, strict=False):
        if len(earlier) >= days:
            closes = [*reversed(earlier[: days - 1]), today]
            yield Horizon(days, earlier[days - 1], closes, shorter)


def observation_rows(day: Day, earlier: Sequence[date], periods: Sequence[int]) -> pyarrow.Table:
    """The rows of ``stress.backtest_observations``. earlier: the business dates before the
    date, latest first; periods: all liquidation periods, in days, of any known schedule."""
    found = list(horizons(earlier, day.business_date, periods))
    if not found:
        return schema_of(TABLE).empty_table()
    dates = [horizon.book_date for horizon in found]
    then = {"first": min(dates), "dates": dates}
    books = day.query(_BOOKS, **then).to_arrow_table()
    _keep(day, "books_then", books)
    _keep(day, "made_up_then", made_up_positions(books))
    _keep(day, "observed_then", day.query(_BEFORE, **then).to_arrow_table())
    columns = (books[name].to_pylist() for name in ("business_date", "liquidation_days"))
    watched = set(zip(*columns, strict=True))
    parts = [
        _rows(horizon, _losses(day, horizon))
        for horizon in found
        if horizon.days == 1 or (horizon.book_date, horizon.days) in watched
    ]
    return pyarrow.concat_tables(parts)


def _losses(day: Day, horizon: Horizon) -> pyarrow.Table:
    parameters: dict[str, object] = {"book_date": horizon.book_date, "horizon": horizon.days}
    if horizon.days == 1:
        return day.query(
            statement(_BY_BOOK, lost=select(_NEXT_CLOSE)), **parameters
        ).to_arrow_table()
    closes = {"days": range(1, horizon.days + 1), "close_date": horizon.closes}
    _keep(day, "closes_then", pyarrow.table({name: list(of) for name, of in closes.items()}))
    parameters["next_date"] = horizon.closes[0]
    parameters["short_date"] = horizon.closes[horizon.shorter - 1]
    return day.query(statement(_BY_BOOK, lost=select(_PERIOD)), **parameters).to_arrow_table()


def _keep(day: Day, name: str, rows: pyarrow.Table) -> None:
    """Rows as a temporary table: DuckDB pushes filters into joins that Arrow does not know."""
    day.connection.register("rows_then", rows)
    try:
        day.connection.execute(
            statement(
                "CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM rows_then",
                name=identifier(name),
            )
        )
    finally:
        day.connection.unregister("rows_then")


def _rows(horizon: Horizon, found: pyarrow.Table) -> pyarrow.Table:
    """Breach, cause and uncovered amount of each book."""
    columns = {name: found[name] for name in found.column_names}
    diffusion, jump = (
        found[name].to_numpy() for name in ("diffusion_loss_micros", "jump_loss_micros")
    )
    margin = found["margin_centicents"].to_numpy() * MICROS_PER_CENTICENT
    cause = breach_causes(diffusion, jump, margin)
    count = len(found)
    buckets = found["bucket"].to_numpy()
    made = {
        "book_date": pyarrow.array([horizon.book_date] * count, pyarrow.date32()),
        "horizon_days": np.full(count, horizon.days, dtype=np.int64),
        "at_liquidation": found["liquidation_days"].to_numpy() == horizon.days,
        "loss_micros": diffusion + jump,
        "uncovered_micros": uncovered(diffusion + jump, margin),
        "breach": cause != COVERED,
        "cause": pyarrow.array(np.array(CAUSES, dtype=object)[cause], pyarrow.string()),
        "bucket": pyarrow.array(np.array(BUCKETS, dtype=object)[buckets], pyarrow.string()),
    }
    columns |= made
    schema = schema_of(TABLE)
    return pyarrow.table({name: columns[name] for name in schema.names}).cast(schema)
