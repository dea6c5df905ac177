"""Margin of the constant portfolio from date to date: what moves it, and what must not."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from model.schedules import schedule
from support.hand_rows import HandDay, Tables
from support.random_market import DAY, book_without_positions, market_of

from reporting.model.events.terms import BINARY, EventTerms
from reporting.model.margin.parameters import PoolVolatility
from reporting.stages.recompute.day_book import DayBook
from reporting.stages.stress.backtest.procyclicality import TABLE, procyclicality_rows

MON = date(2026, 5, 4)
DAYS = [MON + timedelta(days=n) for n in range(4)]
SCHEDULE = schedule(legal_class={"default": "future", "Sports": "option"}, core_floor_bps=0)
CALM, WILD = PoolVolatility(0.4, 0.4, 0.4, 100), PoolVolatility(1.5, 1.5, 1.5, 100)
IN_30_DAYS = 2
"""Bucket 8 to 30 days."""


def book_of(day: date, pools: dict, **changes: object) -> DayBook:
    """A book of one event that resolves on the last of June, at a price of its own each day."""
    left = (date(2026, 6, 30) - day).days
    market = market_of(
        [EventTerms("E", BINARY, "", ("T",))],
        [[5_000 + 100 * left]],
        tau_seconds=np.array([left * DAY]),
        categories=["Sports"],
        series=["E"],
        pools=pools,
    )
    return book_without_positions(market, replace(SCHEDULE, **changes), day, {"T": (0, 0)})


def moved(tables: Tables, day: date, pools: dict, window: int = 250, **changes: object) -> dict:
    """The rows of a date by category, which are then kept for the dates after it."""
    earlier = [each for each in reversed(DAYS) if each < day]
    table = procyclicality_rows(
        HandDay(tables, day), book_of(day, pools, **changes), earlier, window
    )
    rows = table.to_pylist()
    for row in rows:
        tables.put(TABLE, day, **row)
    return {row["category"]: row for row in rows}


def test_the_same_pools_are_the_same_margin_whatever_the_date_is(tables: Tables) -> None:
    """Ten contracts of 0.50 can lose five dollars. Without observations the ratio to the bridge
    is 1."""
    for number, day in enumerate(DAYS, start=1):
        row = moved(tables, day, {("Sports", IN_30_DAYS): PoolVolatility()})["Sports"]
        assert row["volatility_ratio"] == 1.0
        assert (row["worst_case_centicents"], row["liquidation_days"]) == (50_000, 1)
        # More than the jump of one event, less than the worst case: prices decide.
        assert 5_000 < row["margin_centicents"] < 50_000
        assert (row["days"], row["peak_to_trough"]) == (number, 1.0)
        assert row["least_centicents"] == row["largest_centicents"] == row["margin_centicents"]
        if number > 1:
            assert (row["growth_1"], row["increase_1_centicents"]) == (0.0, 0)
        assert (row["growth_5"], row["growth_30"]) == (None, None)


def test_only_the_pool_of_30_days_and_of_the_category_moves_it(tables: Tables) -> None:
    """Pools of other buckets and categories do not; its own does, and falls back again."""
    calm = moved(tables, DAYS[0], {("Sports", IN_30_DAYS): CALM})["Sports"]
    assert calm["volatility_ratio"] == pytest.approx(0.4**0.5)
    others = {("Sports", bucket): WILD for bucket in (0, 1, 3, 4)}
    others |= {("Sports", IN_30_DAYS): CALM, ("Climate", IN_30_DAYS): WILD}
    found = moved(tables, DAYS[1], others)
    assert found["Sports"]["margin_centicents"] == calm["margin_centicents"]
    wild = moved(tables, DAYS[2], {("Sports", IN_30_DAYS): WILD})["Sports"]
    low, high = calm["margin_centicents"], wild["margin_centicents"]
    assert high > low
    back = moved(tables, DAYS[3], {("Sports", IN_30_DAYS): CALM})["Sports"]
    assert back["margin_centicents"] == low
    assert (back["least_centicents"], back["largest_centicents"]) == (low, high)
    assert back["peak_to_trough"] == pytest.approx(high / low)
    assert back["growth_1"] == pytest.approx(high / low - 1)
    assert back["increase_1_centicents"] == high - low


def test_the_floor_and_the_worst_case_are_those_of_ten_contracts(tables: Tables) -> None:
    """Ten contracts of 0.50 cost 50,000 centicents in the worst case; a floor of 80 % is 40,000."""
    pools = {("Sports", IN_30_DAYS): PoolVolatility()}
    row = moved(tables, DAYS[0], pools, core_floor_bps=8_000)["Sports"]
    assert row["margin_centicents"] == 40_000
    row = moved(tables, DAYS[1], pools, core_floor_bps=10_000)["Sports"]
    assert (row["margin_centicents"], row["increase_1_centicents"]) == (50_000, 10_000)
    assert row["growth_1"] == 0.25


def test_a_date_without_a_pool_is_none_of_the_series(tables: Tables) -> None:
    """Climate has no pool on the second date: no row there, and its growth over one date is from
    the first to the third. A pool of any bucket makes a category."""
    both = {("Sports", IN_30_DAYS): CALM, ("Climate", IN_30_DAYS): CALM}
    first = moved(tables, DAYS[0], both)
    assert set(first) == {"Climate", "Sports"}
    assert set(moved(tables, DAYS[1], {("Sports", 0): CALM})) == {"Sports"}
    third = moved(tables, DAYS[2], both | {("Climate", IN_30_DAYS): WILD})
    climate = third["Climate"]
    rise = climate["margin_centicents"] - first["Climate"]["margin_centicents"]
    assert (climate["days"], climate["increase_1_centicents"]) == (2, rise)
    assert rise > 0
    assert third["Sports"]["days"] == 3


def test_the_window_is_in_business_dates(tables: Tables) -> None:
    pools = {("Sports", IN_30_DAYS): CALM}
    for day in DAYS[:3]:
        moved(tables, day, pools)
    assert moved(tables, DAYS[3], pools, window=3)["Sports"]["days"] == 3


def test_without_a_pool_there_is_no_row(tables: Tables) -> None:
    assert moved(tables, MON, {}) == {}
