"""Records that arrive again, late, early or out of order: what counts, and what is said of it.

Each test puts a few hand-made rows into empty tables and runs the SELECTs of tables and
rules on them, as they stand in the files.
"""

from datetime import date

import pytest
from support.hand_rows import Tables

MON, TUE, WED = date(2026, 5, 4), date(2026, 5, 5), date(2026, 5, 6)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("venue-0")]


TRADE_RULES = (
    "VALIDATE-TRADE-CONFLICT",
    "VALIDATE-TRADE-RESENT",
    "VALIDATE-TRADE-RESENT-CHANGED",
    "VALIDATE-TRADE-PRICE-SUM",
    "VALIDATE-TRADE-FINE-PRICE",
)
COUNTED = ("validate.trades", "validate.resent_trades")


def _found(tables: Tables, day: date) -> dict[str, list[tuple]]:
    found = {rule: tables.found(rule, day) for rule in TRADE_RULES}
    return {rule: rows for rule, rows in found.items() if rows}


def test_a_trade_is_corrected_under_the_next_sequence_number(tables):
    """Of two records of one date the one of the later file counts, whatever the hashes sort
    like; its errors are gone, and the replaced record is for the record only."""
    tables.file(MON, "ff", 1)
    tables.trade(MON, "ff", 1, "t1", no_price_dollars="0.7000")
    tables.trade(MON, "ff", 2, "t2", yes_price_dollars="0.40005", no_price_dollars="0.59995")
    tables.make(MON, *COUNTED)
    assert _found(tables, MON) == {
        "VALIDATE-TRADE-PRICE-SUM": [("t1", "ff", 1), ("t2", "ff", 2)],
        "VALIDATE-TRADE-FINE-PRICE": [("t2", "ff", 2)],
    }
    tables.file(MON, "aa", 2)
    tables.trade(MON, "aa", 1, "t1")
    tables.trade(MON, "aa", 2, "t2", yes_price_dollars="0.41", no_price_dollars="0.59")
    tables.make(MON, *COUNTED)
    assert tables.rows("validate.trades", MON, "trade_id", "yes_price_centicents", "line") == [
        ("t1", 4_000, 1),
        ("t2", 4_100, 2),
    ]
    assert _found(tables, MON) == {"VALIDATE-TRADE-RESENT": [("t1", "ff", 1), ("t2", "ff", 2)]}


@pytest.mark.parametrize("files", [("aa", "aa"), ("aa", "bb")])
def test_records_of_one_number_conflict_until_a_later_one_decides(tables, files):
    """Different records in one file, or in files of one number (released by hand), are an
    ERROR and the first counts; a record under the next number ends it."""
    for name in set(files):
        tables.file(MON, name, 7)
    tables.trade(MON, files[0], 1, "t1")
    tables.trade(MON, files[1], 2, "t1", count_fp="11.00")
    tables.make(MON, *COUNTED)
    assert tables.rows("validate.trades", MON, "count_qty") == [(1_000,)]
    assert _found(tables, MON)["VALIDATE-TRADE-CONFLICT"] == [("t1", "aa", 1)]
    tables.file(MON, "cc", 8)
    tables.trade(MON, "cc", 1, "t1", count_fp="11.00")
    tables.make(MON, *COUNTED)
    assert tables.rows("validate.trades", MON, "count_qty") == [(1_100,)]
    assert set(_found(tables, MON)) == {"VALIDATE-TRADE-RESENT"}


def test_a_record_of_an_earlier_date_stays_and_a_changed_copy_is_said(tables):
    """A copy under a later date is not counted: INFO where it says the same in whatever
    generation's columns, WARN with its file and line where it differs. Corrected in its own
    folder, the earlier record agrees again."""
    tables.file(MON, "mon", 1)
    tables.trade(MON, "mon", 1, "t1")
    tables.trade(MON, "mon", 2, "t2")
    tables.make(MON, *COUNTED)
    tables.file(TUE, "tue", 2)
    cents = {"count_fp": None, "yes_price_dollars": None, "no_price_dollars": None}
    tables.trade(TUE, "tue", 1, "t1", **cents | {"count": "10", "yes_price": "40"})
    tables.trade(TUE, "tue", 2, "t2", count_fp="12.00")
    tables.make(TUE, *COUNTED)
    assert tables.rows("validate.trades", TUE, "trade_id") == []
    assert _found(tables, TUE) == {
        "VALIDATE-TRADE-RESENT": [("t1", "tue", 1)],
        "VALIDATE-TRADE-RESENT-CHANGED": [("t2", "tue", 2)],
    }
    tables.file(MON, "mon2", 3)
    tables.trade(MON, "mon2", 1, "t2", count_fp="12.00")
    for day in (MON, TUE):
        tables.make(day, *COUNTED)
    assert tables.rows("validate.trades", MON, "trade_id", "count_qty") == [
        ("t1", 1_000),
        ("t2", 1_200),
    ]
    assert _found(tables, TUE) == {
        "VALIDATE-TRADE-RESENT": [("t1", "tue", 1), ("t2", "tue", 2)],
    }


def test_a_trade_that_arrives_a_day_early_and_on_its_day_counts_once(tables):
    """It counts under the date on which it arrived first; the copy on its own day is not
    counted, and other trades of that day are."""
    evening = "2026-05-05T03:59:59Z"  # Monday in New York
    night = "2026-05-05T04:00:01Z"  # Tuesday
    tables.file(MON, "mon", 1)
    tables.trade(MON, "mon", 1, "t1", created_time=evening)
    tables.trade(MON, "mon", 2, "t2", created_time=night)
    tables.make(MON, *COUNTED)
    assert tables.found("VALIDATE-TRADE-LATE", MON) == [("t2", "mon", 2)]
    tables.file(TUE, "tue", 2)
    for line, (trade_id, time) in enumerate(
        [("t1", evening), ("t2", night), ("t3", night)], start=1
    ):
        tables.trade(TUE, "tue", line, trade_id, created_time=time)
    for day, ids in ((MON, ["t1", "t2"]), (TUE, ["t3"]), (MON, ["t1", "t2"])):
        tables.make(day, *COUNTED)
        assert tables.rows("validate.trades", day, "trade_id") == [(i,) for i in ids]
    assert _found(tables, TUE) == {
        "VALIDATE-TRADE-RESENT": [("t1", "tue", 1), ("t2", "tue", 2)],
    }


def test_a_copy_that_is_dated_into_the_next_day_is_not_counted_again(tables):
    """Sent again with the time of the day of its second arrival, it would be a trade of that
    day; the first record stays and the change is said."""
    tables.file(MON, "mon", 1)
    tables.trade(MON, "mon", 1, "t1")
    tables.make(MON, *COUNTED)
    tables.file(TUE, "tue", 2)
    tables.trade(TUE, "tue", 1, "t1", created_time="2026-05-05T16:00:00Z")
    tables.make(TUE, *COUNTED)
    assert tables.rows("validate.trades", TUE, "trade_id") == []
    assert _found(tables, TUE) == {"VALIDATE-TRADE-RESENT-CHANGED": [("t1", "tue", 1)]}


def test_a_late_trade_does_not_undo_a_newer_mark(tables):
    """Tuesday's mark is kept when only trades older than it arrive on Wednesday; a newer one
    sets it, an older one in another market too, which had no mark."""

    def trade(day: date, trade_id: str, ticker: str, time: str, price: int) -> None:
        tables.put(
            "validate.trades",
            day,
            trade_id=trade_id,
            ticker=ticker,
            traded_utc=time,
            yes_price_centicents=price,
        )

    columns = ("ticker", "mark_centicents", "mark_source", "CAST(last_trade_utc AS VARCHAR)")
    noon_mon, noon_tue, noon_wed = (f"2026-05-0{day} 16:00:00" for day in (4, 5, 6))
    trade(TUE, "t1", "K-A", noon_tue, 4_000)
    trade(TUE, "t2", "K-B", noon_tue, 4_000)
    tables.make(TUE, "recompute.days", "recompute.marks")
    trade(WED, "t3", "K-A", noon_mon, 9_000)
    trade(WED, "t4", "K-B", noon_mon, 9_000)
    trade(WED, "t5", "K-B", noon_wed, 4_500)
    trade(WED, "t6", "K-C", noon_mon, 9_000)
    tables.make(WED, "recompute.days", "recompute.marks")
    assert tables.rows("recompute.marks", WED, *columns) == [
        ("K-A", 4_000, "carried", noon_tue),
        ("K-B", 4_500, "trade", noon_wed),
        ("K-C", 9_000, "trade", noon_mon),
    ]
    assert tables.rows("recompute.marks", WED, "ticker", "previous_mark_centicents") == [
        ("K-A", 4_000),
        ("K-B", 4_000),
        ("K-C", None),
    ]


BOOKS = (
    "recompute.days",
    "recompute.settlements",
    "recompute.marks",
    "recompute.positions",
    "recompute.variation",
    "recompute.cash_ledger",
)
CONSERVATION = ("POSITIONS", "VARIATION", "LEDGER")


def _settle(tables: Tables, day: date, revision: int, value: int, **changes: object) -> None:
    usual = {"ticker": "K-A", "result": "yes" if value else "no"}
    tables.put(
        "validate.settlement_periods",
        day,
        revision=revision,
        settlement_value_centicents=value,
        **usual | changes,
    )


def _deal(tables: Tables, day: date, trade_id: str, price: int, qty: int) -> None:
    """A trade in K-A of noon of Monday: A buys YES from B, who pays a fee of 7."""
    time = "2026-05-04 16:00:00"
    tables.put(
        "validate.trades",
        day,
        trade_id=trade_id,
        ticker="K-A",
        traded_utc=time,
        yes_price_centicents=price,
    )
    for account, signed, fee in (("A", qty, 0), ("B", -qty, 7)):
        tables.put(
            "recompute.trade_sides",
            day,
            trade_id=trade_id,
            ticker="K-A",
            account_id=account,
            collateralisation="margined",
            signed_qty=signed,
            price_centicents=price,
            fee_centicents=fee,
        )


def _books(tables: Tables, day: date) -> dict[str, tuple]:
    """Make the books of a date; nothing may be lost between accounts. What A holds and gets."""
    if not tables.rows("recompute.contracts", day, "ticker"):
        tables.put("recompute.contracts", day, ticker="K-A", event_ticker="K")
    tables.make(day, *BOOKS)
    for name in CONSERVATION:
        assert tables.found(f"RECOMPUTE-CONSERVATION-{name}", day) == []
    quantities = ("opening_qty", "traded_qty", "settled_qty", "closing_qty")
    return {
        "held": tables.rows("recompute.positions", day, "account_id", *quantities)[:1],
        "micros": tables.rows("recompute.variation", day, "account_id", "variation_micros")[:1],
    }


def test_a_trade_that_arrives_after_the_settlement_is_settled_at_once(tables):
    """Monday 10 contracts at 0.40; Tuesday YES pays 1; Wednesday 5 late ones at 0.30: they
    gain 5 x 0.70 and leave no position. The amendment on Thursday takes back 15 dollars of
    all 15, and 2 more that arrive with it pay the new value; on Friday nothing is open."""
    thu, fri = date(2026, 5, 7), date(2026, 5, 8)
    _deal(tables, MON, "t1", 4_000, 1_000)
    assert _books(tables, MON) == {"held": [("A", 0, 1_000, 0, 1_000)], "micros": [("A", 0)]}
    _settle(tables, TUE, 0, 10_000)
    assert _books(tables, TUE) == {
        "held": [("A", 1_000, 0, -1_000, 0)],
        "micros": [("A", 6_000_000)],
    }
    _deal(tables, WED, "t2", 3_000, 500)
    assert _books(tables, WED) == {
        "held": [("A", 0, 500, -500, 0)],
        "micros": [("A", 3_500_000)],
    }
    assert tables.rows("recompute.marks", WED, "settled", "settlement_value_centicents") == [
        (True, 10_000)
    ]
    _settle(tables, thu, 1, 0)
    _deal(tables, thu, "t3", 3_000, 200)
    assert _books(tables, thu) == {
        "held": [("A", 0, 200, -200, 0)],
        "micros": [("A", -15_000_000 - 600_000)],
    }
    assert _books(tables, fri) == {"held": [], "micros": []}
    assert tables.rows("recompute.marks", fri, "ticker") == []


def test_a_trade_that_arrives_after_an_amendment_is_settled_at_the_amended_value(tables):
    """The latest settlement counts, not the first."""
    _settle(tables, MON, 0, 10_000)
    _books(tables, MON)
    _settle(tables, TUE, 1, 0)
    _books(tables, TUE)
    _deal(tables, WED, "t1", 3_000, 500)
    assert _books(tables, WED) == {
        "held": [("A", 0, 500, -500, 0)],
        "micros": [("A", -1_500_000)],
    }


def test_a_lower_revision_that_arrives_later_changes_nothing(tables):
    """Revision 2 on Tuesday, revision 1 on Wednesday: no settlement on Wednesday, and
    revision 3 on Thursday amends the value of revision 2."""
    thu = date(2026, 5, 7)
    for day, revision, value in ((MON, 0, 10_000), (TUE, 2, 0), (WED, 1, 5_000), (thu, 3, 7_000)):
        _settle(tables, day, revision, value)
        tables.make(day, "recompute.settlements")
    columns = ("revision", "settlement_value_centicents", "previous_value_centicents")
    assert [
        tables.rows("recompute.settlements", day, *columns) for day in (MON, TUE, WED, thu)
    ] == [
        [(0, 10_000, None)],
        [(2, 0, 10_000)],
        [],
        [(3, 7_000, 0)],
    ]


@pytest.mark.parametrize(
    ("settled", "found"),
    [
        ({"K-A": (MON, "no", 0), "K-B": (TUE, "no", 0)}, {TUE}),
        ({"K-A": (TUE, "no", 0), "K-B": (TUE, "no", 0)}, {TUE}),
        ({"K-A": (MON, "yes", 10_000), "K-B": (TUE, "no", 0)}, set()),
        ({"K-A": (MON, "void", 4_000), "K-B": (TUE, "void", 5_000)}, set()),
        ({"K-A": (MON, "scalar", 4_000), "K-B": (TUE, "no", 0)}, set()),
        ({"K-A": (MON, "no", 0)}, set()),
    ],
)
def test_an_event_whose_markets_settle_on_two_dates_needs_a_winner(tables, settled, found):
    """Found on the date of the last settlement if no market paid, on no other date; not while
    a market is open, nor where one is void or scalar."""
    for ticker, (day, result, value) in settled.items():
        _settle(tables, day, 0, value, ticker=ticker, result=result)
    for day in (MON, TUE, WED):
        for ticker in ("K-A", "K-B"):
            tables.put(
                "recompute.contracts",
                day,
                ticker=ticker,
                event_ticker="K",
                structure="exclusive_exhaustive",
                event_legs=2,
            )
        tables.make(day, "recompute.settlements")
    days = {day for day in (MON, TUE, WED) if tables.found("RECOMPUTE-NO-WINNER", day)}
    assert days == found


def test_an_amendment_can_take_the_winner_away(tables):
    """Settled as YES on Monday, amended to NO on Tuesday: no winner from Tuesday on."""
    tables.put(
        "recompute.contracts",
        TUE,
        ticker="K-A",
        event_ticker="K",
        structure="exclusive_exhaustive",
        event_legs=1,
    )
    for day, revision, value in ((MON, 0, 10_000), (TUE, 1, 0)):
        _settle(tables, day, revision, value)
        tables.make(day, "recompute.settlements")
    assert tables.found("RECOMPUTE-NO-WINNER", TUE) == [("K", "", None)]


def test_a_revision_that_is_not_above_the_one_in_force_is_said(tables):
    """Revision 2 pays a dollar on Monday. On Tuesday revision 1 does not count, a second
    revision 2 with another value does; the same value again is nothing."""
    rule = "RECOMPUTE-SETTLEMENT-REVISION"
    for ticker in ("K-A", "K-B", "K-C"):
        _settle(tables, MON, 2, 10_000, ticker=ticker)
    tables.make(MON, "recompute.settlements")
    assert tables.found(rule, MON) == []
    _settle(tables, TUE, 1, 0, ticker="K-A", file_sha256="tue", line=1)
    _settle(tables, TUE, 2, 0, ticker="K-B", file_sha256="tue", line=2)
    _settle(tables, TUE, 2, 10_000, ticker="K-C", file_sha256="tue", line=3)
    tables.make(TUE, "recompute.settlements")
    assert tables.rows("recompute.settlements", TUE, "ticker", "settlement_value_centicents") == [
        ("K-B", 0),
        ("K-C", 10_000),
    ]
    assert tables.found(rule, TUE) == [("K-A", "tue", 1), ("K-B", "tue", 2)]
