"""Simulated bids: the rule worked out again, its bounds, and its refusals."""

import hashlib
from dataclasses import replace

import pytest

from reporting.model.default.auction import Bid, Lot
from reporting.model.default.bidding import BiddingRule, draw, simulated_bids
from reporting.model.errors import ModelError

RULE = BiddingRule(
    seed=7,
    participation=8_000,
    left_out=500,
    min_discount=2_500,
    max_discount=15_000,
    min_share=1_000,
    max_share=5_000,
)
LOTS = [
    (Lot("x", 1_000, 60_000, bidders=("A", "B", "C", "D", "E")), 3_001),
    (Lot("y", 7, -500, bidders=("B", "A")), 0),
]


def by_the_words(text: str, choices: int) -> int:
    """The documented rule, written from its words."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:32], 16) % choices


def test_a_draw_is_the_documented_one():
    assert draw(7, "a", "x", "A", "share", 4_001) == by_the_words("7|a|x|A|share", 4_001)
    with pytest.raises(ModelError, match="choices"):
        draw(7, "a", "x", "A", "share", 0)


def test_bids_follow_the_rule():
    expected = []
    for lot, cost in LOTS:
        for member in sorted(lot.bidders):
            key = f"7|auction|{lot.lot_id}|{member}|"
            if by_the_words(f"7|auction||{member}|takes part", 10_000) >= 8_000:
                continue
            if by_the_words(key + "leaves out", 10_000) < 500:
                continue
            discount = 2_500 + by_the_words(key + "discount", 12_501)
            share = 1_000 + by_the_words(key + "share", 4_001)
            # The discount is rounded up: the price down.
            taken_off = (cost * discount + 9_999) // 10_000
            qty = max(1, lot.qty * share // 10_000)
            expected.append(Bid(member, lot.lot_id, qty, lot.mark - taken_off))
    found = simulated_bids("auction", LOTS, RULE)
    assert found == expected
    assert found, "a rule under which nobody bids shows nothing"
    assert all(bid.price == -500 and 1 <= bid.qty <= 3 for bid in found if bid.lot_id == "y")


def test_the_ends_of_the_rule():
    assert simulated_bids("auction", LOTS, replace(RULE, participation=0)) == []
    assert simulated_bids("auction", LOTS, replace(RULE, left_out=10_000)) == []
    fixed = replace(RULE, participation=10_000, left_out=0, max_discount=2_500, max_share=1_000)
    # 60,000 less a quarter of 3,001, rounded up: 751; a tenth of the lot.
    assert simulated_bids("auction", LOTS[:1], fixed) == [
        Bid(member, "x", 100, 59_249) for member in "ABCDE"
    ]


def test_what_cannot_be_is_refused():
    with pytest.raises(ModelError, match="min_discount"):
        simulated_bids("auction", LOTS, replace(RULE, min_discount=15_001))
    with pytest.raises(ModelError, match="cost"):
        simulated_bids("auction", [(LOTS[0][0], -1)], RULE)
