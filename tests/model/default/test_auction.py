"""Default auction: by hand, conservation, the order of bids, juniorisation in the waterfall."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.default.auction import (
    INCOMPLETE,
    LOST,
    NO_BID,
    WON,
    Bid,
    Lot,
    fund_tranches,
    run_auction,
)
from reporting.model.default.waterfall import Layer, run_waterfall
from reporting.model.errors import ModelError

MEMBERS = ("A", "B", "C", "D", "E", "F")
LOTS = [Lot("x", 10, 60, reserve=40, bidders=MEMBERS), Lot("y", 5, -20, bidders=MEMBERS)]
BIDS = [
    Bid("A", "x", 6, 55), Bid("A", "y", 5, -22),
    Bid("B", "x", 8, 50), Bid("B", "y", 5, -30),
    Bid("C", "x", 9, 45), Bid("C", "y", 5, -24),
    Bid("D", "x", 9, 39), Bid("D", "y", 5, -50),
    Bid("E", "x", 9, 49),
]  # fmt: skip


def test_auction_by_hand():
    found = run_auction(LOTS, BIDS)
    x, y = found.lots
    # x: A takes 6 at 55, B 4 at 50; worth 600, sold for 330 + 200
    assert x.awards == {("A", 55): 6, ("B", 50): 4}
    assert (x.sold, x.unsold, x.proceeds, x.loss, x.marginal) == (10, 0, 530, 70, 50)
    # y: the house pays: A takes all at -22, against -20
    assert (y.awards, y.proceeds, y.loss) == ({("A", -22): 5}, -110, 10)
    assert found.loss == 80
    assert found.conduct == {"A": WON, "B": WON, "C": LOST, "D": LOST, "E": INCOMPLETE,
                             "F": NO_BID}  # fmt: skip
    # C was 5 x 10 + 2 x 5 = 60 too low, D 11 x 10 + 28 x 5 = 250
    assert found.tranches == (("F",), ("E",), ("D",), ("C",), ("A", "B"))


def test_who_bid_badly_pays_first():
    contributions = {**dict.fromkeys(MEMBERS, 10), "G": 10}  # G did not have to bid
    tranches = fund_tranches(run_auction(LOTS, BIDS), contributions)
    assert tranches == (("F",), ("E",), ("D",), ("C",), ("G",), ("A", "B"))
    fund = Layer("fund", "contributions", contributions=contributions, tranches=tranches)
    used = run_waterfall(35, [fund]).layers[0].by_member
    assert used == {"F": 10, "E": 10, "D": 10, "C": 5, "G": 0, "A": 0, "B": 0}


def test_nobody_wins_below_the_reserve():
    found = run_auction(
        [Lot("x", 10, 60, reserve=50)], [Bid("A", "x", 10, 49), Bid("B", "x", 1, 9)]
    )
    assert (found.lots[0].sold, found.lots[0].unsold, found.loss) == (0, 10, 0)
    # 1 and 41 below the reserve
    assert found.tranches == (("B",), ("A",))
    assert fund_tranches(found, {"A": 1, "C": 1}) == (("A",), ("C",))


def test_a_bid_at_the_reserve_is_taken():
    found = run_auction([Lot("x", 10, 60, reserve=50)], [Bid("A", "x", 10, 50)])
    assert (found.lots[0].sold, found.lots[0].proceeds) == (10, 500)


def test_a_bad_bid_for_a_large_lot_weighs_more():
    # A is 1 too low for 100 units, B 50 for one; W takes all.
    lots = [Lot("x", 100, 60), Lot("y", 1, 60)]
    bids = [Bid("W", "x", 100, 55), Bid("W", "y", 1, 55), Bid("A", "x", 1, 54), Bid("B", "y", 1, 5)]
    assert run_auction(lots, bids).tranches == (("A",), ("B",), ("W",))


def test_equal_prices_share_by_quantity():
    found = run_auction([Lot("x", 10, 60)], [Bid("A", "x", 30, 50), Bid("B", "x", 10, 50)])
    # 7.5 and 2.5: the odd unit to the first name
    assert found.lots[0].awards == {("A", 50): 8, ("B", 50): 2}


def test_no_bids_at_all():
    found = run_auction([Lot("x", 10, 60, bidders=("A",))], [])
    assert (found.lots[0].unsold, found.lots[0].marginal) == (10, None)
    assert found.tranches == (("A",),)
    assert run_auction([], []).tranches == ()
    assert fund_tranches(run_auction([], []), {"A": 1}) == (("A",),)


bids = st.lists(
    st.builds(Bid, st.sampled_from("ABCD"), st.sampled_from("xy"), st.integers(1, 20),
              st.integers(-50, 50)), max_size=12,
)  # fmt: skip
lots = st.tuples(
    *(
        st.builds(Lot, st.just(name), st.integers(1, 40), st.integers(-50, 50),
                  st.none() | st.integers(-50, 50), st.just(tuple("ABC")))
        for name in "xy"
    )
)  # fmt: skip


@given(lots, bids, st.randoms(use_true_random=False))
def test_best_bids_are_taken_and_money_adds_up(lots, bids, random):
    found = run_auction(lots, bids)
    for lot, result in zip(lots, found.lots, strict=True):
        offers = [b for b in bids if b.lot_id == lot.lot_id
                  and (lot.reserve is None or b.price >= lot.reserve)]  # fmt: skip
        # Plain: one unit after the other to the best price that is left.
        prices = sorted((b.price for b in offers for _ in range(b.qty)), reverse=True)[: lot.qty]
        assert result.sold == len(prices) == lot.qty - result.unsold
        assert result.proceeds == sum(prices)
        assert result.loss + result.proceeds == lot.mark * result.sold
        for (member, price), qty in result.awards.items():
            assert qty <= sum(b.qty for b in offers if (b.member, b.price) == (member, price))
    placed = [member for tranche in found.tranches for member in tranche]
    assert sorted(placed) == sorted(found.conduct) == sorted({*"ABC", *(b.member for b in bids)})
    shuffled = list(bids)
    random.shuffle(shuffled)
    assert run_auction(lots, shuffled) == found


@given(lots, bids, st.integers(0, 50))
def test_a_better_bid_never_makes_conduct_worse(lots, bids, raised):
    if not any(bid.member == "A" for bid in bids):
        return
    better = [Bid(b.member, b.lot_id, b.qty, b.price + raised * (b.member == "A")) for b in bids]
    conduct = (NO_BID, INCOMPLETE, LOST, WON)
    before, after = (run_auction(lots, b).conduct["A"] for b in (bids, better))
    assert conduct.index(after) >= conduct.index(before)


@pytest.mark.parametrize(
    ("lots", "bids", "field"),
    [
        ([Lot("x", 0, 1)], [], "lots[0].qty"),
        ([Lot("x", 1, 1), Lot("x", 1, 1)], [], "lots[1].id"),
        ([Lot("x", 1, 1)], [Bid("A", "y", 1, 1)], "bids[0].lot_id"),
        ([Lot("x", 1, 1)], [Bid("A", "x", 0, 1)], "bids[0].qty"),
    ],
)
def test_a_faulty_auction_is_named(lots, bids, field):
    with pytest.raises(ModelError) as caught:
        run_auction(lots, bids)
    assert caught.value.field == field
