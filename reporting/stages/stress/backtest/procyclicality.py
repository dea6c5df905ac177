"""Margin of a constant portfolio, day after day: how much of its rise comes from the model.

Belongs here: the portfolio, the same every day at the same price and time to resolution, its
margin under the day's schedule and volatility pools, and the change of that margin. The measures
are in ``model/backtest/procyclicality``. Ten contracts of one event would not serve: the jump
requirement holds a single resolution in full at any volatility.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np
import pyarrow

from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.model.backtest.procyclicality import GROWTH_DAYS, growth, peak_to_trough
from reporting.model.events.terms import BINARY, EventTerms
from reporting.model.margin.schedule import SECONDS_PER_DAY
from reporting.model.portfolio.margins import market_risk_centicents
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.portfolio import Netting
from reporting.model.portfolio.positions import Positions
from reporting.model.portfolio.scenario_set import Draws
from reporting.model.portfolio.valuation import value
from reporting.model.scenarios.draws import DrawPlan
from reporting.stages.recompute.day_book import DayBook
from reporting.units import CENTICENTS_PER_DOLLAR, centicents_from_micros_up

TABLE = "stress.procyclicality"
EVENTS = 10
DAYS_TO_RESOLUTION = 30
PRICE_CENTICENTS = CENTICENTS_PER_DOLLAR // 2
ONE_CONTRACT = 100


@table(
    "stress.procyclicality",
    grain="one row per category with a volatility pool",
    meaning=(
        "market-risk margin of a constant portfolio under the day's schedule and pools: one"
        " contract of each of ten binary events at 0.50 that resolve independently in 30 days. How"
        " it moved over the latest dates: peak to trough, largest growth over 1, 5 and 30 dates"
    ),
    reads="""
        stress.procyclicality recompute.volatility_pools recompute.days validate.margin_schedule
    """,
    columns="""
        category liquidation_days volatility_ratio worst_case_centicents margin_centicents days
        least_centicents largest_centicents peak_to_trough growth_1 increase_1_centicents growth_5
        increase_5_centicents growth_30 increase_30_centicents
    """,
)
def procyclicality_rows(
    day: Day, book: DayBook, earlier: Sequence[date], coverage_days: int
) -> pyarrow.Table:
    """The rows of ``stress.procyclicality``: one per category with a volatility pool.

    earlier: business dates before the date, latest first; coverage_days: number of dates,
    this one included.
    """
    categories = sorted({category for category, _ in book.market.pools})
    if not categories:
        return schema_of(TABLE).empty_table()
    before = day.earlier_rows(TABLE, earlier[: coverage_days - 1]).sort_by("business_date")
    series: dict[str, list[int]] = {category: [] for category in categories}
    for category, margin in zip(
        before["category"].to_pylist(), before["margin_centicents"].to_pylist(), strict=True
    ):
        series.setdefault(category, []).append(margin)
    records = []
    for category, row in zip(categories, _constant(book, categories), strict=True):
        margins = np.array([*series[category], row["margin_centicents"]], dtype=np.int64)
        records.append({"category": category, **row, **_changes(margins)})
    return pyarrow.Table.from_pylist(records, schema_of(TABLE))


def _constant(book: DayBook, categories: Sequence[str]) -> list[dict[str, object]]:
    """Long one contract of each of ten binary events at 0.50 that resolve separately in 30 days."""
    owner = np.repeat(np.arange(len(categories)), EVENTS)
    events = np.arange(len(owner))
    positions = Positions(
        account=owner,
        event=events,
        leg=np.zeros_like(events),
        margined=np.ones(len(events), dtype=bool),
        qty=np.full(len(events), ONE_CONTRACT),
    )
    market = _market(book, [categories[number] for number in owner.tolist()])
    draws = _draws(DrawPlan.of(book.schedule))
    valuation = value(
        positions, market, len(categories), book.schedule, draws, netting=Netting.WITHIN_EVENTS
    )
    margined, events = valuation.margins.margined, valuation.scenarios.events
    worst_case = centicents_from_micros_up(margined.worst_case)
    margin = market_risk_centicents(margined)
    parameters = [events[number * EVENTS].parameters for number in range(len(categories))]
    return [
        {
            "liquidation_days": of_category.liquidation_days,
            "volatility_ratio": of_category.volatility_ratio,
            "worst_case_centicents": int(worst_case[number]),
            "margin_centicents": int(margin[number]),
        }
        for number, of_category in enumerate(parameters)
    ]


@lru_cache(maxsize=4)
def _draws(plan: DrawPlan) -> Draws:
    """The portfolio's events have the same names every day, and so the same draws."""
    return Draws()


def _market(book: DayBook, categories: Sequence[str]) -> Market:
    count = len(categories)
    names = [
        f"constant {category} {number % EVENTS + 1}" for number, category in enumerate(categories)
    ]
    return Market(
        events=names,
        terms=[EventTerms(name, BINARY, "constant portfolio", (name,)) for name in names],
        marks=[np.array([PRICE_CENTICENTS], dtype=np.int64)] * count,
        priced=[np.ones(1, dtype=bool)] * count,
        settled=[np.zeros(1, dtype=bool)] * count,
        tau_seconds=np.full(count, DAYS_TO_RESOLUTION * SECONDS_PER_DAY, dtype=np.int64),
        wrong_way=frozenset(),
        categories=categories,
        series=names,
        resolution_dates=["constant"] * count,
        may_close_early=[False] * count,
        happens_by=[False] * count,
        collateral_returns=[""] * count,
        # Liquidity is no part of the core.
        daily_volume=np.zeros(count),
        open_interest=np.zeros(count, dtype=np.int64),
        pools=book.market.pools,
    )


def _changes(margins: np.ndarray) -> dict[str, object]:
    changes: dict[str, object] = {
        "days": len(margins),
        "least_centicents": int(margins.min()),
        "largest_centicents": int(margins.max()),
        "peak_to_trough": peak_to_trough(margins),
    }
    for days in GROWTH_DAYS:
        over_days = growth(margins, days)
        changes[f"growth_{days}"] = over_days.largest if over_days else None
        changes[f"increase_{days}_centicents"] = over_days.largest_increase if over_days else None
    return changes
