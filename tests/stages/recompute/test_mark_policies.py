"""Marks by policy, from trades made by hand: the last trade, or a volume-weighted price.

The business date ends at 04:00 UTC of the next day. The policy counts trades of 10 contracts or
more, in the last hour, from 50 contracts on.
"""

import json
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model.schedules import PARAMETERS
from support.hand_rows import HandDay, Tables

from reporting.stages.recompute.market_data.mark_policies import mark_policies

MON, TUE = date(2026, 5, 4), date(2026, 5, 5)
END = datetime(2026, 5, 6, 4)
COLUMNS = ("mark_centicents", "mark_source", "mark_kind", "counted_qty", "marked_date")

pytestmark = pytest.mark.xdist_group("venue-0")


def policy(tables: Tables, category: str = "default", day: date = TUE, **values: object) -> None:
    usual = {"window_seconds": 3_600, "least_volume_qty": 5_000, "least_trade_qty": 1_000}
    row = {"category": category, "mark_kind": "volume_weighted", **usual, **values}
    tables.put("recompute.mark_policies", day, **row)


def trade(tables: Tables, number: int, before: timedelta, price: int, qty: int) -> None:
    """A trade of Tuesday, some time before its end."""
    tables.put(
        "validate.trades",
        TUE,
        trade_id=f"T{number}",
        ticker="K",
        traded_utc=END - before,
        yes_price_centicents=price,
        count_qty=qty,
    )


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.fixture
def tuesday(tables: Tables) -> Tables:
    """Tuesday; K was marked 0.50 on Monday, by a trade that counted, at 20:00 UTC."""
    tables.put("recompute.days", TUE, previous_business_date=MON)
    tables.put("recompute.contracts", TUE, ticker="K", category="Sports")
    policy(tables)
    carry(tables)
    return tables


def carry(tables: Tables, **changes: object) -> None:
    tables.connection.execute("DELETE FROM recompute.marks")
    usual = {
        "ticker": "K",
        "mark_centicents": 5_000,
        "mark_kind": "last_trade",
        "counted_qty": 2_000,
        "marked_date": MON,
        "counted": True,
        "last_trade_utc": datetime(2026, 5, 4, 20),
        "settled": False,
    }
    tables.put("recompute.marks", MON, **usual | changes)


def mark(tables: Tables, *columns: str) -> tuple:
    tables.make(TUE, "recompute.marks")
    (row,) = tables.rows("recompute.marks", TUE, *columns or COLUMNS)
    return row


CARRIED = (5_000, "carried", "last_trade", 2_000, MON)


@pytest.mark.parametrize(
    ("trades", "expected"),
    [
        ([], CARRIED),
        # 30 at 0.40 and 30 at 0.41, one of them exactly an hour before the end: 0.405.
        ([(minutes(60), 4_000, 3_000), (minutes(1), 4_100, 3_000)],
         (4_050, "trade", "volume_weighted", 6_000, TUE)),
        # A second earlier it is outside, and 30 are too few: the last counted trade of the day.
        ([(minutes(60) + timedelta(seconds=1), 4_000, 3_000), (minutes(1), 4_100, 3_000)],
         (4_100, "trade", "last_trade", 3_000, TUE)),
        # One contract at 0.99 at the end neither makes the mark nor moves it.
        ([(minutes(2), 4_000, 6_000), (minutes(1), 9_900, 100)],
         (4_000, "trade", "volume_weighted", 6_000, TUE)),
        ([(minutes(1), 9_900, 100)], CARRIED),
        # The last counted trade may be hours old.
        ([(minutes(600), 4_000, 1_000), (minutes(300), 3_000, 999)],
         (4_000, "trade", "last_trade", 1_000, TUE)),
        # Half a centicent goes to the even one: 4000.5 and 4001.5.
        ([(minutes(2), 4_000, 3_000), (minutes(1), 4_001, 3_000)],
         (4_000, "trade", "volume_weighted", 6_000, TUE)),
        ([(minutes(2), 4_001, 3_000), (minutes(1), 4_002, 3_000)],
         (4_002, "trade", "volume_weighted", 6_000, TUE)),
        # It arrives on Tuesday and is older than the trade that set Monday's mark.
        ([(timedelta(hours=33), 4_000, 3_000)], CARRIED),
    ],
)  # fmt: skip
def test_volume_weighted(tuesday, trades, expected):
    for number, (before, price, qty) in enumerate(trades):
        trade(tuesday, number, before, price, qty)
    assert mark(tuesday) == expected


def test_a_market_without_a_counted_trade_has_its_last_trade(tuesday):
    tuesday.connection.execute("DELETE FROM recompute.marks")
    trade(tuesday, 1, minutes(20), 3_000, 100)
    trade(tuesday, 2, minutes(10), 3_100, 200)
    assert mark(tuesday, *COLUMNS, "counted") == (3_100, "trade", "last_trade", 200, TUE, False)
    # The same on Monday: another small trade moves it, and a counted one ends that for good,
    # even if it arrives late.
    carry(tuesday, counted=False, counted_qty=100)
    assert mark(tuesday, "mark_centicents", "counted") == (3_100, False)
    trade(tuesday, 3, timedelta(hours=40), 2_000, 1_000)
    assert mark(tuesday, "mark_centicents", "counted") == (2_000, True)


def test_each_category_has_its_policy_and_no_policy_is_the_last_trade(tuesday):
    trade(tuesday, 1, minutes(2), 4_000, 6_000)
    trade(tuesday, 2, minutes(1), 9_900, 100)
    assert mark(tuesday)[0] == 4_000
    last = {"window_seconds": 0, "least_volume_qty": 0, "least_trade_qty": 0}
    policy(tuesday, "Sports", mark_kind="last_trade", **last)
    assert mark(tuesday) == (9_900, "trade", "last_trade", 100, TUE)
    tuesday.connection.execute("DELETE FROM recompute.mark_policies")
    assert mark(tuesday) == (9_900, "trade", "last_trade", 100, TUE)


def test_a_cycle_has_its_own_window(tuesday):
    """At 16:00 UTC, twelve hours before the end: 60 contracts in the hour before it."""
    tuesday.put("recompute.cycles", TUE, cycle="12:00", cycle_utc=END - timedelta(hours=12))
    trade(tuesday, 1, timedelta(hours=13), 4_000, 3_000)
    trade(tuesday, 2, timedelta(hours=12), 4_100, 3_000)
    trade(tuesday, 3, timedelta(hours=12), 9_900, 100)
    trade(tuesday, 4, timedelta(hours=11), 1_000, 9_000)
    tuesday.make(TUE, "recompute.cycle_marks")
    columns = ("mark_centicents", "mark_source", "mark_kind", "total_volume_qty")
    assert tuesday.rows("recompute.cycle_marks", TUE, *columns) == [
        (4_050, "trade", "volume_weighted", 6_100)
    ]


TRADES = st.lists(
    st.tuples(
        st.integers(1, 7_200),
        st.integers(1, 9_999),
        st.sampled_from((100, 999, 1_000, 2_500, 5_000, 10_000)),
    ),
    max_size=6,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    trades=TRADES,
    seconds=st.integers(1, 80_000),
    price=st.integers(1, 9_999),
    size=st.integers(1, 999),
)
def test_one_small_print_moves_no_mark(tuesday, trades, seconds, price, size):
    """Whatever else was traded; and the mark is the exact mean, or a counted trade's price."""
    tuesday.connection.execute("DELETE FROM validate.trades")
    for number, (before, at, qty) in enumerate(trades):
        trade(tuesday, number, timedelta(seconds=before), at, qty)
    without = mark(tuesday)
    trade(tuesday, 99, timedelta(seconds=seconds), price, size)
    assert mark(tuesday) == without
    inside = [(at, qty) for before, at, qty in trades if qty >= 1_000 and before <= 3_600]
    volume = sum(qty for _, qty in inside)
    if volume >= 5_000:
        assert without[0] == round(Fraction(sum(at * qty for at, qty in inside), volume))
        assert without[2:4] == ("volume_weighted", volume)
    else:
        assert without[0] in {5_000, *(at for _, at, qty in trades if qty >= 1_000)}


def schedule(tables: Tables, **changes: object) -> None:
    tables.put(
        "validate.margin_schedule",
        MON,
        version="1",
        effective_date=MON,
        approver="board",
        reason="first",
        parameters=json.dumps(PARAMETERS | changes),
    )


def test_policies_come_from_the_schedule_in_force(tables):
    weighted = {
        "kind": "volume_weighted",
        "window_seconds": 900,
        "least_qty": 10_000,
        "least_trade_qty": 100,
    }
    schedule(tables, mark_policy={"default": {"kind": "last_trade"}, "Sports": weighted})
    rows = mark_policies(HandDay(tables, TUE)).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("Sports", "volume_weighted", 900, 10_000, 100),
        ("default", "last_trade", 0, 0, 0),
    ]


@pytest.mark.parametrize("changes", [None, {"model": "ECM-1"}])
def test_without_a_schedule_in_force_there_is_no_policy(tables, changes):
    if changes:
        schedule(tables, **changes)
    assert mark_policies(HandDay(tables, TUE)).num_rows == 0
