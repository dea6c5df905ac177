"""Tear-up: contracts and claims by hand, through the waterfall, and what always adds up."""

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.default.tear_up import OpenPosition, full_tear_up, partial_tear_up
from reporting.model.default.waterfall import Layer, run_waterfall
from reporting.model.errors import ModelError

# The defaulter is long 90 rain, settled at 50, that only sell at 40; short 30 snow, settled at
# 20, that cost 26 to buy.
POSITIONS = [
    OpenPosition("rain", 90, 50, 40, {"A": 100, "B": 50, "C": 30}),
    OpenPosition("snow", -30, 20, 26, {"C": 60}),
]


def test_partial_tear_up_by_hand():
    found = partial_tear_up(POSITIONS)
    # 90 of 180: half of each; 10 and 6 a contract
    assert found.contracts == {"rain": {"A": 50, "B": 25, "C": 15}, "snow": {"C": 30}}
    assert found.claims == {"A": 500, "B": 250, "C": 150 + 180}
    # A loss of 540 is half of 1080: half of each claim, and of the contracts
    used = run_waterfall(540, [Layer("t", "partial_tear_up", claims=found.claims)]).layers[0]
    assert used.haircut == F(1, 2)
    assert used.by_member == {"A": 250, "B": 125, "C": 165}
    half = partial_tear_up(POSITIONS, used.haircut)
    # 45 of 100 : 50 : 30 is 25, 12.5, 7.5: the odd unit to B, first of two equal remainders
    assert half.contracts == {"rain": {"A": 25, "B": 13, "C": 7}, "snow": {"C": 15}}


def test_a_share_is_rounded_up_to_whole_units():
    found = partial_tear_up([OpenPosition("rain", -10, 50, 60, {"A": 20})], F(1, 3))
    assert found.contracts == {"rain": {"A": 4}}


def test_a_better_price_makes_no_claim():
    found = partial_tear_up([OpenPosition("rain", 10, 50, 55, {"A": 20})])
    assert found.claims == {"A": 0}


def test_full_tear_up_by_hand():
    # rain rose by 10, snow fell by 5 since variation was last paid
    held = {"rain": {"A": 30, "B": -20, "D": -10}, "snow": {"A": 10, "B": -10}}
    found = full_tear_up(held, {"rain": 50, "snow": 20}, {"rain": 60, "snow": 15})
    assert found.claims == {"A": 300 - 50, "B": 0, "D": 0}
    assert found.contracts["rain"] == {"A": 30, "B": 20, "D": 10}
    # D does not pay its 100: A goes without them
    used = run_waterfall(100, [Layer("t", "full_tear_up", claims=found.claims)]).layers[0]
    assert used.paid["A"] == 150


prices = st.integers(0, 100)
opposing = st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 50), max_size=4)


@given(opposing, st.data(), prices, prices, st.booleans(), st.fractions(0, 1, max_denominator=50))
def test_contracts_match_the_open_position(held, data, settled, now, is_long, share):
    size = data.draw(st.integers(0, sum(held.values())))
    position = OpenPosition("x", size if is_long else -size, settled, now, held)
    found = partial_tear_up([position], share)
    ended = found.contracts["x"]
    assert 0 <= sum(ended.values()) - size * share < 1
    assert all(qty <= held[member] for member, qty in ended.items())
    # What the members give up is what closing out as many contracts would have cost.
    worse = max(0, (settled - now) * (1 if is_long else -1))
    assert sum(found.claims.values()) == worse * sum(ended.values())


@given(st.lists(st.integers(-50, 50), min_size=4, max_size=4), prices, prices)
def test_full_tear_up_pays_what_the_losers_pay_in(quantities, paid, settled):
    """In a market that balances, claims are what the losers owe: with all of them paying, no
    claim is cut; each unit that a loser does not pay is a unit cut."""
    held = dict(zip("ABCD", quantities, strict=True))
    held["E"] = -sum(quantities)
    claims = full_tear_up({"x": held}, {"x": paid}, {"x": settled}).claims
    owed = sum(max(0, -qty * (settled - paid)) for qty in held.values())
    assert sum(claims.values()) == owed


@pytest.mark.parametrize(
    ("positions", "share", "field"),
    [
        ([OpenPosition("x", 10, 1, 1, {"A": 9})], F(1), "positions[0].opposing"),
        ([OpenPosition("x", 1, 1, 1, {"A": 9, "B": -1})], F(1), "positions[0].opposing"),
        ([OpenPosition("x", 0, 1, 1, {})] * 2, F(1), "positions[1].contract"),
        ([], F(2), "share"),
    ],
)
def test_a_faulty_position_is_named(positions, share, field):
    with pytest.raises(ModelError) as caught:
        partial_tear_up(positions, share)
    assert caught.value.field == field


def test_a_missing_price_is_named():
    with pytest.raises(ModelError, match=r"settlement_prices.*'x'"):
        full_tear_up({"x": {"A": 1}}, {"x": 1}, {})
    with pytest.raises(ModelError, match=r"paid_prices.*'x'"):
        full_tear_up({"x": {"A": 1}}, {}, {"x": 1})
