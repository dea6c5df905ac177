"""The waterfall: by hand, and conservation of every unit on random layers."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.default.waterfall import Layer, pro_rata, run_waterfall
from reporting.model.errors import ModelError


def test_layers_are_used_in_order():
    layers = [
        Layer("margin", "capacity", capacity=300),
        Layer("fund", "contributions", contributions={"D": 50, "A": 100, "B": 200},
              excluded=("D",)),
        Layer("calls", "assessment", contributions={"D": 50, "A": 100, "B": 200},
              excluded=("D",), cap_multiple=Fraction(1, 2)),
        Layer("gains", "gains_haircut", gains={"A": 30, "C": 90}),
    ]  # fmt: skip
    found = run_waterfall(780, layers)
    assert [layer.used for layer in found.layers] == [300, 300, 150, 30]
    assert [layer.remaining for layer in found.layers] == [0, 0, 0, 90]
    fund, calls, gains = found.layers[1:]
    assert fund.by_member == {"A": 100, "B": 200}
    assert calls.by_member == {"A": 50, "B": 100}
    # 30 of 120: a quarter; 7.5 and 22.5 in whole units, the equal remainder to A
    assert gains.haircut == Fraction(1, 4)
    assert gains.by_member == {"A": 8, "C": 22}
    assert gains.paid == {"A": 22, "C": 68}
    assert found.unallocated == 0
    assert run_waterfall(1000, layers).unallocated == 1000 - 300 - 300 - 150 - 120


def test_tranches_are_used_up_one_after_the_other():
    layer = Layer("fund", "contributions", contributions={"A": 10, "B": 20, "C": 5},
                  tranches=(("C",), ("A", "B")))  # fmt: skip
    assert run_waterfall(4, [layer]).layers[0].by_member == {"A": 0, "B": 0, "C": 4}
    assert run_waterfall(11, [layer]).layers[0].by_member == {"A": 2, "B": 4, "C": 5}


def test_largest_remainder_by_hand():
    # 10 over 1:1:1 is 3.33 each; the odd unit to the first name
    assert pro_rata(10, {"c": 9, "a": 9, "b": 9}) == {"a": 4, "b": 3, "c": 3}
    # 10 over 5:3:1 (of 9): 5.56, 3.33, 1.11 -> the unit left goes to the largest remainder,
    # but all limits together are 9
    assert pro_rata(10, {"a": 5, "b": 3, "c": 1}) == {"a": 5, "b": 3, "c": 1}
    # 7 over 5:3:1: 3.89, 2.33, 0.78 -> 3, 2, 0 and the two left to a and c
    assert pro_rata(7, {"a": 5, "b": 3, "c": 1}) == {"a": 4, "b": 2, "c": 1}


def test_assessment_cap_is_rounded_down():
    # two thirds of 10 is 6.67: nobody is called for 7
    layer = Layer("calls", "assessment", contributions={"A": 10}, cap_multiple=Fraction(2, 3))
    found = run_waterfall(100, [layer])
    assert found.layers[0].by_member == {"A": 6}
    assert found.unallocated == 94


SPEC_ORDER = [
    Layer("margin", "contributions", contributions={"D house": 60, "D customers": 40}),
    Layer("own fund", "contributions", contributions={"D": 20}),
    Layer("junior capital", "capacity", capacity=15),
    Layer("fund", "contributions", contributions={"A": 30, "B": 10, "C": 10, "D": 20},
          excluded=("D",), tranches=(("D", "B"), ("A", "C"))),
    Layer("senior capital", "capacity", capacity=15),
    Layer("calls", "assessment", contributions={"A": 30, "B": 10, "C": 10, "D": 20},
          excluded=("D",), cap_multiple=Fraction(1), period_cap_multiple=Fraction(2),
          called_in_period={"A": 40}),
    Layer("gains", "gains_haircut", gains={"A": 24, "C": 6}),
    Layer("some contracts", "partial_tear_up", claims={"A": 5, "B": 5}),
    Layer("all contracts", "full_tear_up", claims={"A": 60, "B": 40}),
]  # fmt: skip


def test_assessments_of_one_waterfall_share_the_cap_of_the_period():
    """Deposits of 100 each: 150 each from the first layer, then 50 each up to twice the deposit;
    B, of whom 80 were called before, 120 and nothing. A layer without a cap is not held back, and
    what it calls counts for those after it."""
    calls = Layer(
        "calls", "assessment", contributions={"A": 100, "B": 100}, cap_multiple=Fraction(3, 2)
    )
    capped = replace(calls, layer_id="capped", period_cap_multiple=Fraction(2))
    again = replace(capped, layer_id="again")
    found = run_waterfall(1_000, [capped, again])
    assert [layer.by_member for layer in found.layers] == [{"A": 150, "B": 150}, {"A": 50, "B": 50}]
    before = {"called_in_period": {"B": 80}}
    found = run_waterfall(1_000, [replace(capped, **before), replace(again, **before)])
    assert [layer.by_member for layer in found.layers] == [{"A": 150, "B": 120}, {"A": 50, "B": 0}]
    found = run_waterfall(1_000, [calls, capped])
    assert [layer.used for layer in found.layers] == [300, 100]


def test_every_kind_of_layer_in_the_order_of_the_specification():
    # 100, 20, 15, 50, 15, then A 60 - 40 = 20 and B, C 10 each: 40, 30, 10; 300 - 280 = 20 of 100
    found = run_waterfall(300, SPEC_ORDER)
    assert [layer.used for layer in found.layers] == [100, 20, 15, 50, 15, 40, 30, 10, 20]
    assert found.layers[-1].paid == {"A": 48, "B": 32}
    # 137 reaches the fund: 2, of the first tranche
    assert run_waterfall(137, SPEC_ORDER).layers[3].by_member == {"A": 0, "B": 2, "C": 0}
    # 215 stops in the calls, at 15 of 40
    assert run_waterfall(215, SPEC_ORDER).layers[5].by_member == {"A": 7, "B": 4, "C": 4}
    assert run_waterfall(500, SPEC_ORDER).unallocated == 500 - 380


@given(st.permutations(SPEC_ORDER), st.integers(0, 400))
def test_any_order_of_layers_takes_as_much_in_all(layers, loss):
    found = run_waterfall(loss, layers)
    assert found.unallocated == max(0, loss - 380)
    assert sum(layer.used for layer in found.layers) == min(loss, 380)
    assert [layer.layer_id for layer in found.layers] == [layer.layer_id for layer in layers]


def test_assessment_is_capped_per_default_and_per_period():
    # In this default up to 10 and 20; in the period up to 15 and 30, with 8 and 31 called before.
    layer = Layer("calls", "assessment", contributions={"A": 10, "B": 20},
                  cap_multiple=Fraction(1), period_cap_multiple=Fraction(3, 2),
                  called_in_period={"A": 8, "B": 31})  # fmt: skip
    found = run_waterfall(100, [layer]).layers[0]
    assert found.by_member == {"A": 7, "B": 0}
    again = Layer(**{**vars(layer), "called_in_period": {"A": 4}})
    assert run_waterfall(100, [again]).layers[0].by_member == {"A": 10, "B": 20}


def test_tear_up_comes_after_the_haircut_where_the_data_say_so():
    layers = [
        Layer("gains", "gains_haircut", gains={"A": 40}),
        Layer("some", "partial_tear_up", claims={"A": 10, "B": 20}),
        Layer("all", "full_tear_up", claims={"A": 100, "B": 300}, excluded=("D",)),
    ]
    found = run_waterfall(170, layers)
    assert [layer.used for layer in found.layers] == [40, 30, 100]
    some, every = found.layers[1:]
    assert (some.haircut, some.paid) == (1, {"A": 0, "B": 0})
    assert (every.haircut, every.by_member) == (Fraction(1, 4), {"A": 25, "B": 75})
    assert every.paid == {"A": 75, "B": 225}
    first = run_waterfall(170, layers[::-1])
    assert [layer.used for layer in first.layers] == [170, 0, 0]


amounts = st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 10**15), max_size=5)
excluded = st.lists(st.sampled_from("ABCDE"), max_size=2).map(tuple)
layer_of = {
    "capacity": st.builds(Layer, st.none(), st.just("capacity"), st.integers(0, 10**15)),
    "contributions": st.builds(
        Layer, st.none(), st.just("contributions"), contributions=amounts, excluded=excluded
    ),
    "assessment": st.builds(
        Layer,
        st.none(),
        st.just("assessment"),
        contributions=amounts,
        excluded=excluded,
        cap_multiple=st.fractions(0, 3, max_denominator=1000),
        period_cap_multiple=st.none() | st.fractions(0, 3, max_denominator=1000),
        called_in_period=amounts,
    ),
    "gains_haircut": st.builds(Layer, st.none(), st.just("gains_haircut"), gains=amounts),
    "tear_up": st.builds(
        Layer,
        st.none(),
        st.sampled_from(["partial_tear_up", "full_tear_up"]),
        claims=amounts,
        excluded=excluded,
    ),
}


@given(st.integers(0, 10**16), st.lists(st.one_of(*layer_of.values()), max_size=6))
def test_every_unit_is_allocated_once(loss, layers):
    named = [Layer(**{**vars(layer), "layer_id": str(n)}) for n, layer in enumerate(layers)]
    found = run_waterfall(loss, named)
    assert sum(layer.used for layer in found.layers) + found.unallocated == loss
    open_loss = loss
    for layer, result in zip(named, found.layers, strict=True):
        assert result.used == min(open_loss, result.size)  # later layers only after earlier
        open_loss -= result.used
        if layer.layer_type == "capacity":
            assert result.by_member == {}
            continue
        assert sum(result.by_member.values()) == result.used
        source = layer.contributions or layer.gains or layer.claims
        multiple = layer.cap_multiple if layer.layer_type == "assessment" else 1
        for member, amount in result.by_member.items():
            assert 0 <= amount <= source[member] * multiple
            assert member not in layer.excluded
            if layer.period_cap_multiple is not None:
                most = source[member] * layer.period_cap_multiple
                assert amount == 0 or amount + layer.called_in_period.get(member, 0) <= most
        if result.paid is not None:
            for member, paid in result.paid.items():
                assert paid + result.by_member[member] == source[member]


@given(st.integers(0, 10**15), amounts)
def test_shares_are_within_a_unit_of_pro_rata(amount, limits):
    shares = pro_rata(amount, limits)
    total = sum(limits.values())
    assert sum(shares.values()) == min(amount, total)
    for member, share in shares.items():
        exact = Fraction(min(amount, total) * limits[member], total or 1)
        assert abs(share - exact) < 1


@pytest.mark.parametrize(
    ("loss", "layer", "field"),
    [
        (-1, Layer("a", "capacity"), "loss"),
        (1, Layer("a", "capacity", capacity=-1), "layers[0].capacity"),
        (1, Layer("a", "contributions", contributions={"A": -1}), "layers[0].contributions.A"),
        (1, Layer("a", "gains_haircut", gains={"A": -1}), "layers[0].gains.A"),
        (1, Layer("a", "assessment", cap_multiple=Fraction(-1)), "layers[0].cap_multiple"),
        (1, Layer("a", "assessment", period_cap_multiple=Fraction(-1)),
         "layers[0].period_cap_multiple"),
        (1, Layer("a", "assessment", called_in_period={"A": -1}), "layers[0].called_in_period.A"),
        (1, Layer("a", "full_tear_up", claims={"A": -1}), "layers[0].claims.A"),
        (1, Layer("a", "insurance"), "layers[0].type"),
        (1, Layer("a", "contributions", contributions={"A": 1}, tranches=(("B",),)),
         "layers[0].tranches[0]"),
        (1, Layer("a", "contributions", contributions={"A": 1}, tranches=(("A",), ("A",))),
         "layers[0].tranches[1]"),
        (1, Layer("a", "contributions", contributions={"A": 1, "B": 1}, tranches=(("A",),)),
         "layers[0].tranches"),
    ],
)  # fmt: skip
def test_bad_layer_is_named(loss, layer, field):
    with pytest.raises(ModelError) as caught:
        run_waterfall(loss, [layer])
    assert caught.value.field == field


def test_a_layer_id_occurs_once():
    with pytest.raises(ModelError, match="named twice"):
        run_waterfall(1, [Layer("a", "capacity"), Layer("a", "capacity")])
