"""Marks, positions and collateral of a cycle from rows made by hand, where they are delicate:
the change of clocks, late trades, settlements and their revisions, files as of the cycle."""

from datetime import date, datetime, timedelta

import pytest
from support.hand_rows import Tables

MON, TUE = date(2026, 5, 4), date(2026, 5, 5)

pytestmark = pytest.mark.xdist_group("venue-0")


def _utc(hour: int, minute: int = 0, day: int = 5) -> datetime:
    return datetime(2026, 5, day, hour, minute)


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        (date(2026, 3, 7), 17),
        # The clocks go forward and back in the night before.
        (date(2026, 3, 8), 16),
        (date(2026, 5, 5), 16),
        (date(2026, 10, 31), 16),
        (date(2026, 11, 1), 17),
    ],
)
def test_a_cycle_is_at_its_new_york_time(tables, day, hour):
    for cycle in ("12:00", "16:00", "EOD"):
        tables.put("validate.market_price_snapshot", day, cycle=cycle, ticker="K")
    tables.make(day, "recompute.cycles")
    noon = datetime(day.year, day.month, day.day, hour)
    assert tables.rows("recompute.cycles", day, "cycle", "cycle_utc", "prices") == [
        ("12:00", noon, 1),
        ("16:00", noon + timedelta(hours=4), 1),
    ]


@pytest.fixture
def tuesday(tables: Tables) -> Tables:
    """Tuesday with its cycle of 12:00, 16:00 UTC; K was marked 0.50 at 20:00 UTC on Monday."""
    tables.put("recompute.days", TUE, previous_business_date=MON)
    tables.put("recompute.cycles", TUE, cycle="12:00", cycle_utc=_utc(16))
    tables.put("recompute.contracts", TUE, ticker="K")
    tables.put(
        "recompute.marks",
        MON,
        ticker="K",
        mark_centicents=5_000,
        last_trade_utc=_utc(20, day=4),
        settled=False,
    )
    return tables


def _trade(tables: Tables, trade_id: str, when: datetime, price: int, qty: int = 100) -> None:
    tables.put(
        "validate.trades",
        TUE,
        trade_id=trade_id,
        ticker="K",
        traded_utc=when,
        yes_price_centicents=price,
        count_qty=qty,
    )


def _mark(tables: Tables, *columns: str) -> tuple:
    tables.make(TUE, "recompute.cycle_marks")
    (row,) = tables.rows("recompute.cycle_marks", TUE, *columns)
    return row


@pytest.mark.parametrize(
    ("trades", "mark"),
    [
        ([], (5_000, "carried")),
        ([(_utc(15), 4_000)], (4_000, "trade")),
        ([(_utc(15), 4_000), (_utc(16), 3_000), (_utc(16, 1), 2_000)], (3_000, "trade")),
        # It arrives on Tuesday and is older than the trade that set Monday's mark.
        ([(_utc(19, day=4), 4_000)], (5_000, "carried")),
        # At one time the last identifier counts, as at the end of the day.
        ([(_utc(15), 4_000), (_utc(15), 4_100)], (4_100, "trade")),
    ],
)
def test_the_mark_is_the_latest_trade_up_to_the_cycle(tuesday, trades, mark):
    for number, (when, price) in enumerate(trades):
        _trade(tuesday, f"T{number}", when, price)
    assert _mark(tuesday, "mark_centicents", "mark_source") == mark


def test_volume_counts_up_to_the_cycle(tuesday):
    tuesday.put(
        "recompute.trading_volume",
        MON,
        ticker="K",
        first_traded_date=date(2026, 5, 1),
        total_volume_qty=1_000,
    )
    _trade(tuesday, "T1", _utc(16), 4_000, 30)
    _trade(tuesday, "T2", _utc(17), 4_000, 500)
    found = _mark(tuesday, "total_volume_qty", "first_traded_date")
    assert found == (1_030, date(2026, 5, 1))


@pytest.mark.parametrize(
    ("earlier", "today", "value"),
    [
        (None, [], None),
        (None, [(0, 10_000, _utc(16))], 10_000),
        (None, [(0, 10_000, _utc(16, 1))], None),
        # An amendment counts from its own time on.
        (None, [(0, 10_000, _utc(14)), (1, 0, _utc(15))], 0),
        (None, [(0, 10_000, _utc(14)), (1, 0, _utc(17))], 10_000),
        ((0, 10_000), [(1, 0, _utc(15))], 0),
        ((0, 10_000), [(1, 0, _utc(17))], 10_000),
        # A revision that arrives after a higher one changes nothing.
        ((1, 10_000), [(0, 0, _utc(15))], 10_000),
    ],
)
def test_a_market_is_settled_by_what_was_settled_by_the_cycle(tuesday, earlier, today, value):
    if earlier:
        columns = {"revision": earlier[0], "settlement_value_centicents": earlier[1]}
        tuesday.put("recompute.settlements", MON, ticker="K", **columns)
    for revision, paid, when in today:
        tuesday.put(
            "validate.settlement_periods",
            TUE,
            ticker="K",
            revision=revision,
            settlement_value_centicents=paid,
            settled_utc=when,
        )
    assert _mark(tuesday, "settlement_value_centicents") == (value,)


@pytest.mark.parametrize(
    ("settled", "closing", "micros"),
    # Open: 100 x (0.40 - 0.50) + 50 x (0.40 - 0.45); settled at 1: 100 x 0.50 + 50 x 0.55.
    [(False, 15_000, -12_500_000), (True, 0, 77_500_000)],
)
def test_a_position_is_carried_traded_and_settled(tuesday, settled, closing, micros):
    held = {"account_id": "A", "ticker": "K", "collateralisation": "margined"}
    tuesday.put("recompute.positions", MON, closing_qty=10_000, **held)
    for when, qty, price in ((_utc(15), 5_000, 4_500), (_utc(17), 700, 9_900)):
        tuesday.put(
            "recompute.trade_sides",
            TUE,
            signed_qty=qty,
            price_centicents=price,
            executed_utc=when,
            **held,
        )
    _trade(tuesday, "T1", _utc(15), 4_000)
    if settled:
        tuesday.put(
            "validate.settlement_periods",
            TUE,
            ticker="K",
            revision=0,
            settlement_value_centicents=10_000,
            settled_utc=_utc(15, 30),
        )
    tuesday.make(TUE, "recompute.cycle_marks", "recompute.cycle_positions")
    columns = ("opening_qty", "traded_qty", "closing_qty", "variation_micros")
    found = tuesday.rows("recompute.cycle_positions", TUE, *columns)
    assert found == [(10_000, 5_000, closing, micros)]


def _holding(tables: Tables, table: str, day: date, value: object, **more: object) -> None:
    holding = {"account_id": "A", "asset_type": "cash", "custodian": "B"}
    tables.put(table, day, value_centicents=value, **holding, **more)


@pytest.mark.parametrize(
    ("files", "value"),
    [
        ([], 70),
        ([(_utc(16), "LANDED")], 1),
        ([(_utc(16, 1), "LANDED")], 70),
        ([(_utc(14), "LANDED"), (_utc(15), "LANDED")], 2),
        ([(_utc(14), "LANDED"), (_utc(17), "LANDED")], 1),
        ([(_utc(15), "REFUSED")], 70),
    ],
)
def test_collateral_is_what_was_known_at_the_cycle(tuesday, files, value):
    """70 the day before; the files of Tuesday hold 1, 2, ... under rising numbers."""
    _holding(tuesday, "validate.collateral", MON, 70)
    for number, (as_of, status) in enumerate(files, start=1):
        name = f"f{number}"
        tuesday.put(
            "land.files",
            TUE,
            file_sha256=name,
            stream="collateral",
            sequence=number,
            status=status,
            as_of_utc=as_of,
        )
        if status == "LANDED":
            _holding(tuesday, "land.collateral", TUE, str(number), file_sha256=name, line=2)
    tuesday.make(TUE, "recompute.cycle_collateral")
    found = tuesday.rows("recompute.cycle_collateral", TUE, "cycle", "value_centicents")
    assert found == [("12:00", value)]


def test_an_empty_file_of_collateral_says_that_there_is_none(tuesday):
    _holding(tuesday, "validate.collateral", MON, 70)
    columns = {"file_sha256": "f", "stream": "collateral", "sequence": 1, "status": "LANDED"}
    tuesday.put("land.files", TUE, as_of_utc=_utc(15), **columns)
    tuesday.make(TUE, "recompute.cycle_collateral")
    assert tuesday.rows("recompute.cycle_collateral", TUE, "account_id") == []
