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

from reporting.engine.day import Day, keep_beside
from reporting.engine.model_tables import schema_of
from reporting.model.backtest.causes import CAUSES, COVERED, breach_causes
from reporting.model.backtest.coverage import uncovered
from reporting.model.backtest.pooled import shortfall_ratio_e9
from reporting.model.margin.volatility import BUCKETS
from reporting.units import BPS, MICROS_PER_CENTICENT

TABLE = "stress.backtest_observations"

_SETTLEMENTS = """
SELECT ticker, MIN(business_date) AS settled_date,
    arg_max(settlement_value_centicents, business_date) AS value_centicents
FROM (
    SELECT ticker, business_date, settlement_value_centicents
    FROM recompute.settlements
    WHERE business_date = $business_date
    UNION ALL
    SELECT ticker, business_date, settlement_value_centicents
    FROM settlements_then
    WHERE business_date > $first
)
GROUP BY ticker
"""

# Marks of the closes between, at which contracts of shorter periods are closed out.
_MARKS = """
SELECT ticker, business_date, mark_centicents
FROM recompute.marks
WHERE business_date >= $first AND business_date <= $last AND list_contains($dates, business_date)
"""

# Over the next close accounts hold their opening positions: all that is needed is of the date.
_NEXT_CLOSE = """
WITH clusters AS (
    SELECT event_ticker, MAX(cluster) AS cluster
    FROM recompute.event_parameters
    WHERE business_date = $business_date
    GROUP BY event_ticker
),
held AS (
    SELECT 'accounts' AS portfolio, positions.account_id AS book_id, positions.ticker,
        positions.opening_qty AS qty, marks.previous_mark_centicents AS start_centicents,
        COALESCE(clusters.cluster, positions.event_ticker) AS cluster
    FROM recompute.positions AS positions
    JOIN recompute.marks AS marks
        ON marks.ticker = positions.ticker AND marks.business_date = $business_date
    LEFT JOIN clusters ON clusters.event_ticker = positions.event_ticker
    WHERE positions.business_date = $business_date AND positions.opening_qty <> 0
        AND positions.collateralisation = 'margined'
    UNION ALL
    SELECT portfolio, book_id, ticker, qty, mark_centicents AS start_centicents, cluster
    FROM contracts_then
    WHERE business_date = $book_date AND portfolio <> 'accounts'
)
SELECT held.portfolio, held.book_id, held.cluster, marks.settled AS resolved,
    CAST(held.qty AS HUGEINT) * (
        held.start_centicents - CASE
            WHEN marks.settled THEN marks.settlement_value_centicents ELSE marks.mark_centicents
        END) AS micros
FROM held
JOIN recompute.marks AS marks
    ON marks.ticker = held.ticker AND marks.business_date = $business_date
"""

# Each contract over the liquidation period of its own event, which may be shorter than the
# longest of the book. A first settlement after the close of the book resolves a contract.
_PERIOD = """
WITH valued AS (
    SELECT held.portfolio, held.book_id, held.qty, held.cluster, held.mark_centicents,
        COALESCE(settled.settled_date <= closes.close_date, FALSE) AS resolved,
        settled.value_centicents,
        CASE
            WHEN held.liquidation_days = $horizon THEN marks.mark_centicents
            ELSE between_marks.mark_centicents
        END AS close_centicents
    FROM contracts_then AS held
    JOIN closes_then AS closes ON closes.days = held.liquidation_days
    LEFT JOIN settled_then AS settled ON settled.ticker = held.ticker
    LEFT JOIN recompute.marks AS marks
        ON marks.ticker = held.ticker AND marks.business_date = $business_date
    LEFT JOIN marks_then AS between_marks
        ON between_marks.ticker = held.ticker
        AND between_marks.business_date = closes.close_date
    WHERE held.business_date = $book_date
)
SELECT portfolio, book_id, cluster, resolved, CAST(qty AS HUGEINT) * (
    mark_centicents - CASE WHEN resolved THEN value_centicents ELSE close_centicents END
) AS micros
FROM valued
"""

_BY_BOOK = """
WITH by_cluster AS (
    SELECT portfolio, book_id, cluster,
        SUM(CASE WHEN resolved THEN 0 ELSE micros END) AS diffusion,
        SUM(CASE WHEN resolved THEN micros ELSE 0 END) AS jump
    FROM lost_then
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
    books.expected_shortfall_centicents, books.alpha_bps, books.one_day_margin_centicents,
    books.five_day_margin_centicents, books.bucket,
    CASE WHEN ranked.largest > 0 THEN ranked.cluster ELSE books.cluster END AS cluster,
    CAST(ranked.diffusion AS BIGINT) AS diffusion_loss_micros,
    CAST(ranked.jump AS BIGINT) AS jump_loss_micros
FROM books_then AS books
JOIN ranked ON ranked.portfolio = books.portfolio AND ranked.book_id = books.book_id
WHERE books.business_date = $book_date AND ranked.place = 1
    AND (books.liquidation_days = $horizon OR books.portfolio = 'accounts' AND $horizon = 1)
ORDER BY books.portfolio, books.book_id
"""


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


def observation_rows(day: Day, earlier: Sequence[date], periods: Sequence[int]) -> pyarrow.Table:
    """The rows of ``stress.backtest_observations``. earlier: the business dates before the
    date, latest first; periods: all liquidation periods, in days, of any known schedule."""
    found = list(horizons(earlier, day.business_date, periods))
    if not found:
        return schema_of(TABLE).empty_table()
    dates = [horizon.book_date for horizon in found]
    books = day.earlier_rows("stress.backtest_books", dates)
    contracts = day.earlier_rows("stress.backtest_contracts", dates)
    keep_beside(day, "books_then", books)
    keep_beside(day, "contracts_then", contracts)
    columns = (books[name].to_pylist() for name in ("business_date", "liquidation_days"))
    watched = set(zip(*columns, strict=True))
    longer = [each for each in found if each.days > 1 and (each.book_date, each.days) in watched]
    if longer:
        first = min(horizon.book_date for horizon in longer)
        between = [each for each in earlier if each > first]
        settlements = day.earlier_rows("recompute.settlements", between)
        keep_beside(day, "settlements_then", settlements)
        keep_beside(day, "settled_then", day.query(_SETTLEMENTS, first=first).to_arrow_table())
    parts = [_rows(found[0], _losses(day, _NEXT_CLOSE, found[0]))]
    for horizon in longer:
        of_book = pyarrow.compute.equal(contracts["business_date"], horizon.book_date)
        periods_held = set(contracts.filter(of_book)["liquidation_days"].to_pylist())
        _keep_closes(day, horizon, periods_held)
        parts.append(_rows(horizon, _losses(day, _PERIOD, horizon)))
    return pyarrow.concat_tables(parts)


def _keep_closes(day: Day, horizon: Horizon, periods_held: set[int]) -> None:
    """The closes of a horizon, and the marks of those before the last that are needed."""
    closes = {"days": list(range(1, horizon.days + 1)), "close_date": list(horizon.closes)}
    keep_beside(day, "closes_then", pyarrow.table(closes))
    dates = [horizon.closes[days - 1] for days in sorted(periods_held) if days < horizon.days]
    if dates:
        between = day.query(_MARKS, first=dates[0], last=dates[-1], dates=dates)
        keep_beside(day, "marks_then", between.to_arrow_table())
    else:
        keep_beside(day, "marks_then", _NO_MARKS.empty_table())


_NO_MARKS = pyarrow.schema(
    [
        ("ticker", pyarrow.string()),
        ("business_date", pyarrow.date32()),
        ("mark_centicents", pyarrow.int64()),
    ]
)


def _losses(day: Day, lost: str, horizon: Horizon) -> pyarrow.Table:
    at = {"book_date": horizon.book_date, "horizon": horizon.days}
    asked = at if "$horizon" in lost else {"book_date": horizon.book_date}
    keep_beside(day, "lost_then", day.query(lost, **asked).to_arrow_table())
    return day.query(_BY_BOOK, **at).to_arrow_table()


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
    at_liquidation = found["liquidation_days"].to_numpy() == horizon.days
    made = {
        "book_date": pyarrow.array([horizon.book_date] * count, pyarrow.date32()),
        "horizon_days": np.full(count, horizon.days, dtype=np.int64),
        "at_liquidation": at_liquidation,
        "loss_micros": diffusion + jump,
        "uncovered_micros": uncovered(diffusion + jump, margin),
        "shortfall_ratio_e9": _shortfall_ratios(found, diffusion + jump, at_liquidation),
        "breach": cause != COVERED,
        "cause": pyarrow.array(np.array(CAUSES, dtype=object)[cause], pyarrow.string()),
        "bucket": pyarrow.array(np.array(BUCKETS, dtype=object)[buckets], pyarrow.string()),
    }
    columns |= made
    schema = schema_of(TABLE)
    return pyarrow.table({name: columns[name] for name in schema.names}).cast(schema)


def _shortfall_ratios(
    found: pyarrow.Table, loss: np.ndarray, at_liquidation: np.ndarray
) -> pyarrow.Array:
    """Of each book; none over a shorter time than that of its expected shortfall, and none of a
    book that was watched before its level was written down."""
    of_margin = (
        found[name].to_pylist()
        for name in ("value_at_risk_centicents", "expected_shortfall_centicents", "alpha_bps")
    )
    rows = zip(at_liquidation.tolist(), loss.tolist(), *of_margin, strict=True)
    ratios = [
        shortfall_ratio_e9(*amounts, BPS - alpha_bps) if whole and alpha_bps is not None else None
        for whole, *amounts, alpha_bps in rows
    ]
    return pyarrow.array(ratios, pyarrow.int64())
