"""Cash balances close to the centicent from day to day, whatever is settled, void or amended.

Rows made by hand. A buys 10.00 YES of K-A at 0.40 from B on Monday, and B pays a fee of 7
centicents. One YES that moves by 0.01 is worth 100 centicents; 10 that move by 0.10 are 10,000.
"""

from datetime import date, datetime

import pytest
from support.hand_rows import Tables

MON, TUE, WED, THU = (date(2026, 5, day) for day in (4, 5, 6, 7))
PAID = datetime(2026, 5, 5, 12)
HOUSE = ("CUSTODY", "MARGIN", "ROUNDING", "VENUE")
MADE = (
    "recompute.days",
    "recompute.settlements",
    "recompute.marks",
    "recompute.positions",
    "recompute.variation",
    "recompute.cash_ledger",
    "recompute.cash_balances",
)
RULES = (
    "RECOMPUTE-CONSERVATION-LEDGER",
    "RECOMPUTE-CONSERVATION-BALANCES",
    "RECOMPUTE-BALANCES-NOT-CARRIED",
)

pytestmark = pytest.mark.xdist_group("venue-0")


def _deal(
    tables: Tables,
    day: date,
    trade_id: str,
    price: int,
    qty: int,
    fee: int = 0,
    seller: str = "B",
) -> None:
    tables.put(
        "validate.trades",
        day,
        trade_id=trade_id,
        ticker="K-A",
        traded_utc=datetime(day.year, day.month, day.day, 16),
        yes_price_centicents=price,
    )
    for account, signed, charge in (("A", qty, 0), (seller, -qty, fee)):
        tables.put(
            "recompute.trade_sides",
            day,
            trade_id=trade_id,
            ticker="K-A",
            account_id=account,
            collateralisation="margined",
            signed_qty=signed,
            price_centicents=price,
            fee_centicents=charge,
        )


def _settle(tables: Tables, day: date, result: str, value: int, revision: int = 0) -> None:
    tables.put(
        "validate.settlement_periods",
        day,
        ticker="K-A",
        result=result,
        revision=revision,
        settlement_value_centicents=value,
    )


def _obligation(tables: Tables, day: date, account: str, margin: int, **changes: object) -> None:
    usual = {"cycle": "EOD", "net_centicents": margin, "paid_utc": PAID}
    tables.put(
        "validate.obligations",
        day,
        account_id=account,
        margin_change_centicents=margin,
        **usual | changes,
    )


def _cash(tables: Tables, day: date, account: str, value: int, kind: str = "cash") -> None:
    tables.put(
        "validate.collateral", day, account_id=account, asset_type=kind, value_centicents=value
    )


def _close(tables: Tables, day: date) -> dict[str, int]:
    """Closing balances of a date; each opens as it closed, and nothing is made or lost."""
    tables.put("recompute.contracts", day, ticker="K-A", event_ticker="K")
    tables.make(day, *MADE)
    assert {rule: tables.found(rule, day) for rule in RULES} == {rule: [] for rule in RULES}
    rows = tables.rows(
        "recompute.cash_balances",
        day,
        "account_id",
        "closing_centicents",
        "opening_centicents + variation_centicents + fees_centicents + rounding_centicents"
        " + margin_centicents + collateral_centicents",
    )
    assert all(closing == summed for _, closing, summed in rows)
    return {account: closing for account, closing, _ in rows}


def _opened(tables: Tables, day: date) -> dict[str, int]:
    rows = tables.rows("recompute.cash_balances", day, "account_id", "opening_centicents")
    return dict(rows)


def _of_accounts(balances: dict[str, int]) -> tuple[int, int, int]:
    """Balances of A, B and VENUE; the other accounts of the house have none."""
    assert {balances[name] for name in HOUSE if name != "VENUE"} == {0}
    return balances["A"], balances["B"], balances["VENUE"]


def test_a_void_settlement_and_its_amendments_are_posted_and_carried(tables):
    """Void at 0.50 on Tuesday: 10 x 0.10 for A. Amended to YES on Wednesday: 10 x 0.50 more, 6
    dollars in all, what a YES bought at 0.40 gains. Amended to NO on Thursday: 10 dollars back,
    4 lost in all, what it cost."""
    _deal(tables, MON, "t1", 4_000, 1_000, fee=7)
    assert _of_accounts(_close(tables, MON)) == (0, -7, 7)
    _settle(tables, TUE, "void", 5_000)
    assert _of_accounts(_close(tables, TUE)) == (10_000, -10_007, 7)
    _settle(tables, WED, "yes", 10_000, revision=1)
    assert _of_accounts(_close(tables, WED)) == (60_000, -60_007, 7)
    _settle(tables, THU, "no", 0, revision=2)
    closing = _close(tables, THU)
    assert _of_accounts(closing) == (-40_000, 39_993, 7)
    columns = ("account_id", "opening_centicents", "variation_centicents", "fees_centicents")
    assert tables.rows("recompute.cash_balances", THU, *columns)[:2] == [
        ("A", 60_000, -100_000, 0),
        ("B", -60_007, 100_000, 0),
    ]
    # A date on which nothing happens carries every balance.
    friday = date(2026, 5, 8)
    assert _close(tables, friday) == closing == _opened(tables, friday)


def test_a_void_settlement_at_the_last_price_moves_nothing_but_what_was_not_marked(tables):
    """Marked at 0.46 on Tuesday, +6,000 for A; void at that price on Wednesday: nothing more."""
    _deal(tables, MON, "t1", 4_000, 1_000)
    _close(tables, MON)
    _deal(tables, TUE, "t2", 4_600, 100)
    assert _of_accounts(_close(tables, TUE)) == (6_000, -6_000, 0)
    _settle(tables, WED, "void", 4_600)
    assert _of_accounts(_close(tables, WED)) == (6_000, -6_000, 0)


def test_residues_of_rounding_are_kept_and_everything_still_closes(tables):
    """A buys 0.01 of B and 0.02 of C; the mark moves by 50 each day. Micros of a day: A 150, B
    -50, C -100, which are 1.5, -0.5 and -1 centicents, half to even 2, 0 and -1: 1 too many."""
    _deal(tables, MON, "t1", 4_000, 1)
    _deal(tables, MON, "t2", 4_000, 2, seller="C")
    _close(tables, MON)
    for number, day in enumerate((TUE, WED, THU), start=1):
        _deal(tables, day, f"u{number}", 4_000 + 50 * number, 0)
        closing = _close(tables, day)
        assert [closing[name] for name in ("A", "B", "C")] == [2 * number, 0, -number]
        assert closing["ROUNDING"] == -number


def test_margin_and_cash_collateral_are_posted_against_the_house(tables):
    """A pays 500 of margin in, gets 120 back in two cycles; B puts up 900 of cash, takes 300
    back, then all of it. Treasuries are no cash."""
    _obligation(tables, MON, "A", -500)
    _cash(tables, MON, "B", 600)
    _cash(tables, MON, "B", 300)
    _cash(tables, MON, "B", 10_000, "treasury")
    house = {"ROUNDING": 0, "VENUE": 0}
    assert _close(tables, MON) == house | {"A": -500, "B": -900, "MARGIN": 500, "CUSTODY": 900}
    _obligation(tables, TUE, "A", 100, cycle="12:00")
    _obligation(tables, TUE, "A", 20)
    _cash(tables, TUE, "B", 600)
    assert _close(tables, TUE) == house | {"A": -380, "B": -600, "MARGIN": 380, "CUSTODY": 600}
    columns = ("account_id", "margin_centicents", "collateral_centicents")
    held = "cash_collateral_centicents"
    assert tables.rows("recompute.cash_balances", TUE, *columns, held) == [
        ("A", 120, 0, 0),
        ("B", 0, 300, 600),
        ("CUSTODY", 0, -300, 0),
        ("MARGIN", -120, 0, 0),
        ("ROUNDING", 0, 0, 0),
        ("VENUE", 0, 0, 0),
    ]
    assert _close(tables, WED) == house | {"A": -380, "B": 0, "MARGIN": 380, "CUSTODY": 0}


def test_what_the_feed_does_not_show_as_paid_is_said(tables):
    _obligation(tables, MON, "A", -500, net_centicents=-507)
    _obligation(tables, MON, "B", -300, net_centicents=-310, paid_utc=None)
    _close(tables, MON)
    assert tables.rows("recompute.cash_balances", MON, "account_id", "unpaid_centicents")[:2] == [
        ("A", 0),
        ("B", -310),
    ]


def test_balances_that_were_not_made_the_day_before_are_missed(tables):
    """Tuesday's rows are gone: Wednesday opens with nothing, and says so; Thursday does not."""
    for day in (MON, TUE, WED):
        _close(tables, day)
    tables.connection.execute("DELETE FROM recompute.cash_balances WHERE business_date = ?", [TUE])
    tables.make(WED, *MADE)
    rule = "RECOMPUTE-BALANCES-NOT-CARRIED"
    assert tables.found(rule, WED) == [("2026-05-05", "", None)]
    assert tables.found(rule, MON) == []
    _close(tables, THU)


def test_a_balance_that_was_lost_is_found(tables):
    _obligation(tables, MON, "A", -500)
    _close(tables, MON)
    tables.connection.execute("DELETE FROM recompute.cash_balances WHERE account_id = 'MARGIN'")
    rule = "RECOMPUTE-CONSERVATION-BALANCES"
    assert tables.found(rule, MON) == [("2026-05-04", "", None)]
