"""Marks by the policy of the schedule, worked out by hand."""

import numpy as np

from reporting.simulator import clock
from reporting.simulator.clearing_house.marks import MarkKeeper
from reporting.simulator.market.listing import Listing
from reporting.simulator.market.trades import Trades

from .hand_margin import YES_NO, schedule

LAST = {"kind": "last_trade"}
WEIGHTED = {
    "kind": "volume_weighted",
    "window_seconds": 120,
    "least_qty": 2_000,
    "least_trade_qty": 500,
}
NOON = 1_000 * clock.MICROS


def _keeper(policy=WEIGHTED, markets=1) -> MarkKeeper:
    listing = Listing()
    for number in range(markets):
        listing.add(f"E{number}", "S", "binary", [f"E{number}"], YES_NO, None, category="Sports")
    return MarkKeeper(listing, schedule({"mark_policy": {"default": LAST, "Sports": policy}}))


def _trades(*rows) -> Trades:
    """Rows of (seconds before noon, cents, contracts[, market])."""
    count = len(rows)
    return Trades(
        ids=np.zeros((count, 1), np.uint8),
        market=np.array([row[3] if len(row) > 3 else 0 for row in rows]),
        quantity=np.array([100 * row[2] for row in rows]),
        price=np.array([100 * row[1] for row in rows]),
        taker_yes=np.zeros(count, bool),
        micros=np.array([NOON - row[0] * clock.MICROS for row in rows]),
    )


def _mark(*rows, policy=WEIGHTED) -> int:
    keeper = _keeper(policy)
    keeper.take(_trades(*rows))
    return int(keeper.at(NOON)[0])


def test_last_trade():
    assert _mark((60, 50, 10), (30, 61, 1), policy=LAST) == 6_100
    # In order of time, whatever the order in which they come.
    assert _mark((30, 61, 1), (60, 50, 10), policy=LAST) == 6_100


def test_volume_weighted():
    # 10 at 50 and 20 at 53 within two minutes: 15.60 / 30 = 52 cents. What is older, or of less
    # than 5 contracts, counts for nothing.
    assert _mark((120, 10, 90), (60, 50, 10), (30, 53, 20), (5, 99, 4)) == 5_200
    # To a centicent, halves to even: (10 * 50 + 10 * 50.01) / 20 = 50.005; here a third:
    # (10 * 50 + 20 * 51) / 30 = 50.6667.
    assert _mark((60, 50, 10), (30, 51, 20)) == 5_067


def test_one_print_of_one_contract_moves_nothing():
    assert _mark((3_000, 50, 10), (2_000, 52, 10), (10, 99, 1)) == 5_200
    # Too little in the window: the last trade that counts, in it or before.
    assert _mark((3_000, 50, 10), (60, 55, 10), (10, 99, 1)) == 5_500


def test_carried_marks():
    keeper = _keeper(markets=3)
    keeper.take(_trades((900, 40, 10, 0), (900, 70, 1, 1)))
    # A market without any trade that counts has its last one of any size; none without a trade.
    assert keeper.close_day(NOON).tolist() == [4_000, 7_000, -1]
    keeper.open_day()
    keeper.take(_trades((900, 99, 1, 0), (900, 80, 1, 1)))
    # Small trades move the mark of a market only until it has had one that counts.
    assert keeper.close_day(NOON).tolist() == [4_000, 8_000, -1]
    keeper.open_day()
    keeper.take(_trades((900, 45, 5, 1)))
    assert keeper.close_day(NOON).tolist() == [4_000, 4_500, -1]


def test_a_preview_changes_nothing():
    keeper = _keeper()
    keeper.take(_trades((900, 40, 10)))
    assert keeper.preview(_trades((800, 60, 10)), NOON).tolist() == [6_000]
    assert keeper.at(NOON).tolist() == [4_000]
    # Trades after the moment do not count.
    assert keeper.at(NOON - 901 * clock.MICROS).tolist() == [-1]


def test_a_day_of_small_trades_marks_nothing_once_a_large_one_has():
    """What never had a large trade is marked by small ones. Volatility is measured between days
    that made a mark: a carried one would look like a day without news."""
    keeper, marked = _keeper(), []
    for trades in ([(60, 50, 4)], [(60, 60, 10)], [(60, 90, 4)], [(60, 70, 10), (30, 90, 4)], []):
        keeper.open_day()
        if trades:
            keeper.take(_trades(*trades))
        keeper.close_day(NOON)
        marked.append(bool(keeper.marked[0]))
    assert marked == [True, True, False, True, False]
    assert keeper.carried.tolist() == [7_000]
