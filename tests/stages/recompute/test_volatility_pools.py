"""Volatility pools and trading volume, worked out by hand over a few days."""

from datetime import date, datetime
from math import sqrt

import pytest
from support.hand_rows import HandDay, Tables

from reporting.model.margin.parameters import PoolVolatility
from reporting.model.margin.volatility import DECAY
from reporting.stages.recompute.margin.sensitivity import pools_with_decay
from reporting.stages.recompute.market_data.volatility import (
    measured_ratios,
    volatility_observations,
)

MON, TUE, WED = date(2026, 5, 4), date(2026, 5, 5), date(2026, 5, 6)
DAY = 86_400
# Phi(1), Phi(-1), Phi(0) in centicents, and x = Phi^-1 of the first two as rounded.
UP, DOWN, HALF = 8_413, 1_587, 5_000
X = 0.9998151


def mark(
    tables: Tables,
    day: date,
    ticker: str,
    now: int,
    last: tuple[int, date] | None = (HALF, MON),
    tau_seconds: int = 9 * DAY,
    category: str = "Sports",
    event: str = "",
    source: str = "trade",
    settled: bool = False,
) -> None:
    """A contract marked on a day, and its earlier mark as carried on Monday."""
    if last:
        carried = {"mark_source": "carried", "settled": False}
        tables.put(
            "recompute.marks", MON, ticker=ticker, mark_centicents=last[0], marked_date=last[1],
            **carried,
        )  # fmt: skip
    tables.put(
        "recompute.marks",
        day,
        ticker=ticker,
        mark_centicents=now,
        marked_date=day,
        mark_source=source,
        settled=settled,
    )
    tables.put(
        "recompute.contracts",
        day,
        ticker=ticker,
        event_ticker=event or ticker,
        category=category,
        tau_seconds=tau_seconds,
    )


def observations(tables: Tables, day: date) -> list[tuple]:
    tables.make(day, "recompute.days")
    made = volatility_observations(HandDay(tables, day))
    return [tuple(row.values()) for row in made.to_pylist()]


@pytest.fixture
def tuesday(tables: Tables) -> Tables:
    tables.put("recompute.days", MON)
    return tables


def test_the_move_since_the_last_trade_is_standardised_and_is_one_an_event(tuesday: Tables) -> None:
    """9 days to go. A: from x = 0 a day before: 0.9 x^2 / 0.1 = 9 x^2. B, of the same event, last
    traded four days before: 9 / 13 x^2 / (4 / 13) = 9/4 x^2; their mean 45/8 x^2."""
    mark(tuesday, TUE, "A", UP, event="E")
    mark(tuesday, TUE, "B", DOWN, (HALF, date(2026, 5, 1)), event="E")
    mark(tuesday, TUE, "C", UP)
    rows = observations(tuesday, TUE)
    assert [row[:3] + row[4:] for row in rows] == [("C", "Sports", 2, 1), ("E", "Sports", 2, 2)]
    assert [row[3] / 10**12 for row in rows] == pytest.approx([9 * X**2, 45 / 8 * X**2], rel=1e-6)


@pytest.mark.parametrize(
    ("seconds", "bucket"),
    [(2 * DAY, 0), (2 * DAY + 1, 1), (7 * DAY, 1), (30 * DAY, 2), (90 * DAY, 3), (90 * DAY + 1, 4)],
)
def test_part_days_count_as_whole_ones(tuesday: Tables, seconds: int, bucket: int) -> None:
    mark(tuesday, TUE, "A", UP, tau_seconds=seconds)
    assert observations(tuesday, TUE)[0][2] == bucket


def test_what_is_no_observation(tuesday: Tables) -> None:
    mark(tuesday, TUE, "NEW", 6000, None)
    mark(tuesday, TUE, "QUIET", 6000, source="carried")
    mark(tuesday, TUE, "OVER", 10_000, settled=True)
    mark(tuesday, TUE, "SOON", 6000, tau_seconds=DAY)
    mark(tuesday, TUE, "LOW", 6000, (200, MON))
    mark(tuesday, TUE, "HIGH", 6000, (9800, MON))
    assert observations(tuesday, TUE) == []


def test_the_clocks_change_between_two_trades(tables: Tables) -> None:
    """The night to Sunday 8 March 2026 has 23 hours: Saturday's end is 23 hours before Sunday's."""
    saturday, sunday = date(2026, 3, 7), date(2026, 3, 8)
    tables.put("recompute.days", saturday)
    kinds = {"ticker": "A", "mark_source": "trade", "settled": False}
    tables.put("recompute.marks", saturday, mark_centicents=HALF, marked_date=saturday, **kinds)
    tables.put("recompute.marks", sunday, mark_centicents=UP, marked_date=sunday, **kinds)
    tables.put(
        "recompute.contracts",
        sunday,
        ticker="A",
        event_ticker="A",
        category="",
        tau_seconds=9 * DAY,
    )
    ((*_, square, _),) = observations(tables, sunday)
    assert square / 10**12 == pytest.approx(9 * 24 / 23 * X**2, rel=1e-6)


def observe(tables: Tables, day: date, *squares: float, category: str = "Sports") -> None:
    for number, square in enumerate(squares):
        tables.put(
            "recompute.volatility_observations",
            day,
            event_ticker=f"E{number}",
            category=category,
            bucket=2,
            observation_e12=int(square * 10**12),
            contracts=1,
        )


def pools(tables: Tables, day: date) -> list[tuple]:
    tables.make(day, "recompute.days", "recompute.volatility_pools")
    columns = ("category", "bucket", "observed_events", "observations", "moving_average", "stress")
    return tables.rows("recompute.volatility_pools", day, *columns, "ten_years")


def test_the_first_day_of_a_pool_is_its_mean(tables: Tables) -> None:
    observe(tables, MON, 1.5, 0.5)
    assert pools(tables, MON) == [("Sports", 2, 2, 2, 1.0, 1.0, 1.0)]


def test_the_average_moves_by_three_percent_a_day_and_stress_is_its_peak(tables: Tables) -> None:
    """1, then the mean of 2 and 4: 0.97 + 0.09 = 1.06; then nothing; then 0: 1.0282. Over ten
    years 1, 2 and 4 make 7/3, with 0 7/4."""
    observe(tables, MON, 1.0)
    observe(tables, TUE, 2.0, 4.0)
    thursday = date(2026, 5, 7)
    observe(tables, thursday, 0.0)
    pools(tables, MON)
    (tuesdays,) = pools(tables, TUE)
    assert tuesdays[2:] == (2, 3, pytest.approx(1.06), pytest.approx(1.06), pytest.approx(7 / 3))
    (quiet,) = pools(tables, WED)
    assert quiet[2:] == (0, 3, *tuesdays[4:])
    (last,) = pools(tables, thursday)
    assert last[2:] == (1, 4, pytest.approx(1.0282), pytest.approx(1.06), pytest.approx(7 / 4))


def test_categories_do_not_mix(tables: Tables) -> None:
    observe(tables, MON, 1.0)
    observe(tables, MON, 2.0, category="")
    assert [row[:4] for row in pools(tables, MON)] == [("", 2, 1, 1), ("Sports", 2, 1, 1)]


def test_a_category_has_its_measured_ratio_of_all_dates(tables: Tables) -> None:
    """1 and 3 on Monday, 5 on Tuesday of the first event: v^2 = 3, two events."""
    observe(tables, MON, 1.0, 3.0)
    observe(tables, TUE, 5.0)
    found = measured_ratios(HandDay(tables, TUE))
    assert found.keys() == {"Sports"}
    assert found["Sports"].ratio == pytest.approx(sqrt(3))
    assert (found["Sports"].observations, found["Sports"].events) == (3, 2)
    assert measured_ratios(HandDay(tables, MON))["Sports"].ratio == pytest.approx(sqrt(2))


def trade(tables: Tables, day: date, ticker: str, count_qty: int) -> None:
    traded = datetime(day.year, day.month, day.day, 16)
    tables.put("validate.trades", day, ticker=ticker, count_qty=count_qty, traded_utc=traded)


def test_volume_adds_up_until_the_market_settles(tables: Tables) -> None:
    for day, quantities in ((MON, (300, 200)), (TUE, ()), (WED, (50,))):
        for quantity in quantities:
            trade(tables, day, "A", quantity)
        if day != WED:
            tables.put("recompute.marks", day, ticker="A", mark_centicents=1, settled=False)
        tables.make(day, "recompute.days", "recompute.trading_volume")
    columns = ("ticker", "first_traded_date", "volume_qty", "total_volume_qty")
    found = [tables.rows("recompute.trading_volume", day, *columns) for day in (MON, TUE, WED)]
    assert found[:2] == [[("A", MON, 500, 500)], [("A", MON, 0, 500)]]
    # On Wednesday the market has no mark any more: it was settled, and trades anew.
    assert found[2] == [("A", WED, 50, 50)]


@pytest.mark.parametrize("decay", [0.5, DECAY])
def test_pools_as_if_the_decay_had_been_another(tables: Tables, decay: float) -> None:
    """1, nothing on a date without a trade, then 3: at a decay of one half their mean, at that in
    force what the table carries from day to day."""
    observe(tables, MON, 1.0)
    observe(tables, WED, 3.0)
    pools(tables, MON)
    pools(tables, TUE)
    ((*_, average, stress, _),) = pools(tables, WED)
    known = {("Sports", 2): PoolVolatility(1.0, 1.0, ten_years=0.7, observations=5)}
    (found,) = pools_with_decay(HandDay(tables, WED), known, decay).values()
    if decay == DECAY:
        assert (found.moving_average, found.stress) == pytest.approx((average, stress))
    else:
        assert found.moving_average == found.stress == 2.0
    assert (found.ten_years, found.observations) == (0.7, 5)
