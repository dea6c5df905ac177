"""Trends: which dates and which values of a series go into each, from rows made by hand."""

from datetime import date, timedelta

import numpy as np
import pytest
from scipy import stats
from support.hand_rows import HandDay, Tables

from reporting.stages.recompute.surveillance.metrics import trend_rows

LAST = date(2026, 5, 5)

pytestmark = pytest.mark.xdist_group("venue-0")


def _ago(days: int) -> date:
    return LAST - timedelta(days=days)


def _venue_day(tables: Tables, ago: int, **values: object) -> None:
    usual = {
        "trades": 10,
        "volume_qty": 1_000,
        "margined_sides": 0,
        "sides": 0,
        "margined_side_qty": 0,
        "side_qty": 0,
        "margined_notional_micros": 0,
        "notional_micros": 0,
        "open_interest_qty": 100,
        "weight_qty": 90,
        "open_qty": 100,
        "mean_square_e12": None,
    }
    tables.put("recompute.venue_days", _ago(ago), **usual | values)


def _value(
    tables: Tables,
    ago: int,
    value: str,
    arrived: int,
    series: str = "VIX",
    measure: str = "value",
) -> None:
    """A value of a date so many days ago, delivered so many days ago."""
    tables.put(
        "validate.benchmarks",
        _ago(arrived),
        series_id=series,
        trading_date=_ago(ago),
        value=value,
        measure=measure,
    )


def _trends(tables: Tables, metric: str) -> dict[str, dict]:
    rows = trend_rows(HandDay(tables, LAST)).to_pylist()
    return {row["series"]: row for row in rows if row["metric"] == metric}


def test_growth_is_against_the_date_itself(tables):
    """150 after 100 is 50 % more, after 200 a quarter less; nothing of a date that is not there."""
    _venue_day(tables, 0, open_interest_qty=150)
    _venue_day(tables, 8, open_interest_qty=7)
    _venue_day(tables, 30, open_interest_qty=200)
    assert {k: v["value"] for k, v in _trends(tables, "open_interest_growth").items()} == {
        "30 days": -0.25
    }
    _venue_day(tables, 7, open_interest_qty=100)
    assert _trends(tables, "open_interest_growth")["7 days"]["value"] == 0.5


def test_the_share_on_margin_within_six_months(tables):
    """Sides rise by 20 bps a day from 30 % to 35.8 %, one half 71 days on. A date without trading
    and one of seven months ago do not count. Contracts are above one half since yesterday."""
    for ago in range(30):
        contracts = {0: 52, 1: 51}.get(ago, 45)
        _venue_day(
            tables,
            ago,
            margined_sides=3_580 - 20 * ago,
            sides=10_000,
            margined_side_qty=contracts,
            side_qty=100,
        )
    _venue_day(tables, 33)
    _venue_day(tables, 210, margined_sides=100, sides=100, margined_side_qty=99, side_qty=100)
    found = _trends(tables, "margined_share_trend")
    assert found.keys() == {"sides", "contracts"}
    sides = found["sides"]
    assert (sides["observations"], sides["value"]) == (30, 20.0)
    assert (sides["half_on"], sides["projected"]) == (_ago(-71), True)
    assert (found["contracts"]["half_on"], found["contracts"]["projected"]) == (_ago(1), False)


def test_three_dates_are_no_trend(tables):
    """No slope and no projected date; that contracts passed one half yesterday is a fact."""
    for ago, sides, contracts in ((2, 30, 45), (1, 32, 51), (0, 34, 52)):
        _venue_day(
            tables, ago, margined_sides=sides, sides=100, margined_side_qty=contracts, side_qty=100
        )
    found = _trends(tables, "margined_share_trend")
    names = ("observations", "value", "half_on", "projected")
    assert [found["sides"][name] for name in names] == [3, None, None, False]
    assert [found["contracts"][name] for name in names] == [3, None, _ago(1), False]


def test_a_bootstrap_of_few_dates_has_no_interval(tables):
    """Twenty dates; the change itself is a fact."""
    for ago in range(20):
        _venue_day(tables, ago, trades=10, volume_qty=10 * (150 if ago < 7 else 100))
    (found,) = _trends(tables, "average_trade_size_change").values()
    assert [found[name] for name in ("observations", "low", "high")] == [20, None, None]
    assert found["value"] == pytest.approx(0.5)


def test_a_share_above_one_half_for_longer_than_six_months_passed_it_on_no_known_day(tables):
    """60 % on 400 dates. Half a year after a day of 50 % that day is the last of the window; a day
    later it is out of it."""
    for ago in range(400):
        _venue_day(tables, ago, margined_sides=60, sides=100)
    (found,) = _trends(tables, "margined_share_trend").values()
    assert (found["observations"], found["half_on"], found["projected"]) == (184, None, False)
    for ago, half_on in ((183, _ago(182)), (184, None)):
        tables.connection.execute(
            "UPDATE recompute.venue_days SET margined_sides = if(business_date = ?, 50, 60)",
            [_ago(ago)],
        )
        (found,) = _trends(tables, "margined_share_trend").values()
        assert (found["half_on"], found["projected"]) == (half_on, False)


def test_the_average_trade_of_a_week_against_the_four_weeks_before(tables):
    """1.50 after 1.00 contracts a trade; what is older than five weeks does not count."""
    for ago in range(40):
        size = 150 if ago < 7 else 100 if ago < 35 else 1
        _venue_day(tables, ago, trades=10 + ago, volume_qty=(10 + ago) * size)
    (found,) = _trends(tables, "average_trade_size_change").values()
    assert found["observations"] == 35
    assert [found[name] for name in ("value", "low", "high")] == pytest.approx([0.5] * 3)


def _series(tables: Tables, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Volatility and a level of so many dates, the last today, nothing wrong with any."""
    rng = np.random.default_rng(7)
    square = rng.integers(1, 10**9, count)
    level = np.round(15 + rng.random(count) * 20 + square / 1e8, 4)
    for place in range(count):
        ago = count - 1 - place
        _venue_day(tables, ago, mean_square_e12=int(square[place]))
        # It arrives on the next date, the last one is known at once.
        _value(tables, ago, str(level[place]), max(ago - 1, 0))
    return square, level


def _found(tables: Tables) -> dict[str, tuple]:
    return {
        name: (row["observations"], row["value"])
        for name, row in _trends(tables, "volatility_dependence").items()
    }


def test_dependence_is_of_the_last_sixty_dates(tables):
    square, level = _series(tables, 70)
    moves = np.abs(np.diff(np.log(level)))
    found = _found(tables)
    assert found.keys() == {"VIX level", "VIX move"}
    assert found["VIX level"] == (
        60,
        pytest.approx(stats.spearmanr(square[-60:], level[-60:]).statistic),
    )
    assert found["VIX move"] == (
        60,
        pytest.approx(stats.spearmanr(square[-60:], moves[-60:]).statistic),
    )
    row = _trends(tables, "volatility_dependence")["VIX level"]
    # 10 % of 60 are six dates.
    largest = [set(np.argsort(values[-60:])[-6:]) for values in (square, level)]
    assert row["co_exceedance"] == len(largest[0] & largest[1]) / 6


def test_tables_of_futures_are_no_risk_series(tables):
    """Each contract of a futures exchange is a series too, of interest, volume or margin."""
    _series(tables, 35)
    for measure in ("open_interest", "total_volume", "maintenance"):
        for ago in range(35):
            value = str(100 + ago * ago % 17)
            _value(tables, ago, value, ago, f"CME/ES/FUT/2026-06/{measure}", measure)
    assert _found(tables).keys() == {"VIX level", "VIX move"}


def test_dates_that_say_nothing_are_left_out(tables):
    """Of 40 dates: too little traded on one, the series has no value of two, stands still for
    four (the third and fourth say nothing), and one value was corrected later."""
    square, level = _series(tables, 40)
    for ago, change in ((5, "weight_qty = 19"), (6, "mean_square_e12 = NULL")):
        tables.connection.execute(
            f"UPDATE recompute.venue_days SET {change} WHERE business_date = ?", [_ago(ago)]
        )
    tables.connection.execute(
        "DELETE FROM validate.benchmarks WHERE trading_date IN (?, ?)", [_ago(10), _ago(11)]
    )
    for ago in (23, 22, 21, 20):
        level[39 - ago] = 44.0
        tables.connection.execute(
            "UPDATE validate.benchmarks SET value = '44.0' WHERE trading_date = ?", [_ago(ago)]
        )
    level[39 - 30] = 99.0
    _value(tables, 30, "99.0", 1)
    out = {39 - ago for ago in (5, 6, 10, 11, 21, 20)}
    kept = [place for place in range(40) if place not in out]
    assert _found(tables)["VIX level"] == (
        34,
        pytest.approx(stats.spearmanr(square[kept], level[kept]).statistic),
    )


def test_what_arrives_later_is_not_known_yet_and_few_dates_say_nothing(tables):
    _series(tables, 30)
    assert _found(tables).keys() == {"VIX level"}
    tables.connection.execute("UPDATE validate.benchmarks SET business_date = ?", [_ago(-1)])
    assert _found(tables) == {}
