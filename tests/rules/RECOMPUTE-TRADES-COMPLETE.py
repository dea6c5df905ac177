"""Each trade on the tape has two rebuilt sides of its size."""

from datetime import datetime, timedelta

from rules.days import BEFORE, DAY, NO_LINE, put

RULE = "RECOMPUTE-TRADES-COMPLETE"
NOON = datetime(2026, 5, 4, 12)


def _trade(tables, ticker, count_qty=100, when=NOON, day=DAY):
    put(tables, "validate.trades", day, ticker=ticker, count_qty=count_qty, traded_utc=when)


def _sides(tables, ticker, *quantities, when=NOON, day=DAY):
    for qty in quantities:
        put(tables, "recompute.trade_sides", day, ticker=ticker, signed_qty=qty, executed_utc=when)


def test_numbers_and_quantities_of_each_market(tables):
    _trade(tables, "K-EVEN")
    _sides(tables, "K-EVEN", 100, -100)
    # Right quantity but wrong number of sides, then right number but wrong quantity.
    _trade(tables, "K-ONE-SIDE")
    _sides(tables, "K-ONE-SIDE", 200)
    _trade(tables, "K-THREE-SIDES")
    _sides(tables, "K-THREE-SIDES", 100, -50, -50)
    _trade(tables, "K-LESS")
    _sides(tables, "K-LESS", 100, -99)
    _trade(tables, "K-MORE")
    _sides(tables, "K-MORE", 100, -101)
    _trade(tables, "K-TAPE-ONLY", count_qty=0)
    _sides(tables, "K-SIDES-ONLY", 0, 0)
    # Trades and sides of another date do not count.
    _trade(tables, "K-OLD", day=BEFORE)
    _sides(tables, "K-LESS", -1, day=BEFORE)
    _sides(tables, "K-EVEN", 100, -100, day=BEFORE)
    markets = ["LESS", "MORE", "ONE-SIDE", "SIDES-ONLY", "TAPE-ONLY", "THREE-SIDES"]
    assert tables.found(RULE, DAY) == [(f"K-{market}", *NO_LINE) for market in markets]


def test_while_the_date_runs_only_what_all_feeds_have_reached(tables):
    put(tables, "land.progress", complete_to_utc=NOON)
    put(tables, "land.progress", BEFORE, complete_to_utc=NOON + timedelta(days=1))
    after = NOON + timedelta(seconds=1)
    # At noon itself both feeds are complete: a missing trade or side is found.
    _trade(tables, "K-NOON")
    _sides(tables, "K-NOON-SIDES", 100, -100)
    _trade(tables, "K-AHEAD", when=after)
    _sides(tables, "K-AHEAD-SIDES", 100, -100, when=after)
    assert tables.found(RULE, DAY) == [("K-NOON", *NO_LINE), ("K-NOON-SIDES", *NO_LINE)]
