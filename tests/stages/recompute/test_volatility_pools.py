"""Volatility pools and trading volume, worked out by hand over a few days."""

from datetime import date, datetime
from math import log

import pytest
from support.hand_rows import HandDay, Tables

from reporting.model.margin.parameters import PoolVolatility
from reporting.model.margin.volatility import DECAY
from reporting.stages.recompute.what_if import pools_with_decay

MON, TUE, WED = date(2026, 5, 4), date(2026, 5, 5), date(2026, 5, 6)
DAY = 86_400
# ln(0.6 / 0.4), ln(0.7 / 0.3), ln(0.995 / 0.005)
R_60, R_70, R_995 = 0.4054651081, 0.8472978604, 5.2933048247


def mark(
    tables: Tables,
    day: date,
    ticker: str,
    now: int,
    before: int | None,
    tau_seconds: int = DAY,
    category: str = "Sports",
    source: str = "trade",
    settled: bool = False,
) -> None:
    tables.put(
        "recompute.marks",
        day,
        ticker=ticker,
        mark_centicents=now,
        previous_mark_centicents=before,
        mark_source=source,
        settled=settled,
    )
    tables.put(
        "recompute.contracts", day, ticker=ticker, category=category, tau_seconds=tau_seconds
    )


def pools(tables: Tables, day: date) -> list[tuple]:
    tables.make(day, "recompute.days", "recompute.volatility_pools")
    columns = ("category", "bucket", "observations", "variance", "stress_variance")
    return tables.rows("recompute.volatility_pools", day, *columns, "ten_year_variance")


def test_the_first_day_of_a_pool_is_its_mean_square(tables: Tables) -> None:
    mark(tables, MON, "A", 6000, 5000)
    mark(tables, MON, "B", 3000, 5000)
    square = (R_60**2 + R_70**2) / 2
    ((category, bucket, observations, *variances),) = pools(tables, MON)
    assert (category, bucket, observations) == ("Sports", 0, 2)
    assert variances == [pytest.approx(square, rel=1e-9)] * 3


def test_the_average_moves_by_three_percent_a_day_and_stress_is_its_peak(tables: Tables) -> None:
    mark(tables, MON, "A", 6000, 5000)
    mark(tables, TUE, "A", 7000, 5000)
    mark(tables, WED, "A", 5000, 5000)
    first = R_60**2
    second = 0.97 * first + 0.03 * R_70**2
    third = 0.97 * second
    squares = [first, (first + R_70**2) / 2, (first + R_70**2) / 3]
    pools(tables, MON)
    assert pools(tables, TUE)[0][3:] == pytest.approx((second, second, squares[1]), rel=1e-9)
    assert pools(tables, WED)[0][3:] == pytest.approx((third, second, squares[2]), rel=1e-9)


def test_a_day_without_observations_leaves_the_pool_as_it_is(tables: Tables) -> None:
    mark(tables, MON, "A", 6000, 5000)
    before = pools(tables, MON)
    after = pools(tables, TUE)
    assert after[0][2] == 0
    assert after[0][3:] == before[0][3:]


@pytest.mark.parametrize(
    ("seconds", "bucket"),
    [(2 * DAY, 0), (2 * DAY + 1, 1), (7 * DAY, 1), (30 * DAY, 2), (90 * DAY, 3), (90 * DAY + 1, 4)],
)
def test_part_days_count_as_whole_ones(tables: Tables, seconds: int, bucket: int) -> None:
    mark(tables, MON, "A", 6000, 5000, seconds)
    assert pools(tables, MON)[0][1] == bucket


def test_what_is_no_observation(tables: Tables) -> None:
    mark(tables, MON, "NEW", 6000, None)
    mark(tables, MON, "QUIET", 6000, 5000, source="carried")
    mark(tables, MON, "OVER", 10_000, 5000, settled=True)
    assert pools(tables, MON) == []


def test_prices_are_clipped_before_their_log_odds(tables: Tables) -> None:
    mark(tables, MON, "A", 9999, 5000)
    assert pools(tables, MON)[0][3] == pytest.approx(R_995**2, rel=1e-9)
    assert log(0.995 / 0.005) == pytest.approx(R_995)


def test_categories_do_not_mix(tables: Tables) -> None:
    mark(tables, MON, "A", 6000, 5000)
    mark(tables, MON, "B", 6000, 5000, category="")
    assert [row[:3] for row in pools(tables, MON)] == [("", 0, 1), ("Sports", 0, 1)]


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
    """Squares of ln 1.5, nothing on a date without a trade, then ln(7/3): at a decay of one half
    their mean, at that in force what the table carries from day to day."""
    mark(tables, MON, "A", 6000, 5000)
    pools(tables, MON)
    mark(tables, TUE, "A", 6000, 6000, source="carried")
    pools(tables, TUE)
    mark(tables, WED, "A", 7000, 5000)
    ((_, bucket, _, variance, stress, _),) = pools(tables, WED)
    known = {("Sports", bucket): PoolVolatility(1.0, 1.0, ten_years=0.7)}
    (found,) = pools_with_decay(HandDay(tables, WED), known, decay).values()
    if decay == DECAY:
        assert (found.moving_average**2, found.stress**2) == pytest.approx((variance, stress))
    else:
        assert found.moving_average**2 == pytest.approx((R_60**2 + R_70**2) / 2)
        assert found.stress == found.moving_average
    assert found.ten_years == 0.7
