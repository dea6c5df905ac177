"""Silos: by hand, each unit of loss once, and no customer's asset for another loss."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.default.silos import (
    CUSTOMER,
    HOUSE,
    Silo,
    SiloLayer,
    SurplusRule,
    house_covers_all,
    run_silos,
    silos_of_group,
)
from reporting.model.default.waterfall import LAYER_TYPES, Layer
from reporting.model.errors import ModelError


def test_silos_of_a_group_by_hand():
    """The house lost 40 of 100. A customer who gained has no silo: nothing of it is touched."""
    loss, margin = {"house": 40, "A": 70, "B": -5}, {"house": 100, "A": 50, "B": 9}
    customer = Silo("A", CUSTOMER, 70, 50)
    assert silos_of_group(loss, margin, True) == [Silo("house", HOUSE, 40, 100), customer]
    assert silos_of_group(loss, margin, False) == [Silo("house", HOUSE, 40, 40), customer]
    # What the house gained is there in either case, its margin where the rules let it.
    loss["house"] = -8
    assert silos_of_group(loss, margin, True) == [Silo("house", HOUSE, 0, 108), customer]
    assert silos_of_group(loss, margin, False) == [Silo("house", HOUSE, 0, 8), customer]


def test_house_surplus_covers_customers_and_never_the_other_way():
    silos = [
        Silo("house", HOUSE, 40, 100),
        Silo("A", CUSTOMER, 70, 50),
        Silo("B", CUSTOMER, 60, 20),
        Silo("C", CUSTOMER, 10, 500),
    ]
    # 60 left of the house for 20 and 40 short; C keeps its 490
    found = run_silos(silos, house_covers_all(silos), [])
    assert {(f.source, f.target): f.amount for f in found.flows} == {
        ("house", "house"): 40, ("A", "A"): 50, ("B", "B"): 20, ("C", "C"): 10,
        ("house", "A"): 20, ("house", "B"): 40,
    }  # fmt: skip
    assert found.surplus == {"house": 0, "A": 0, "B": 0, "C": 490}
    # the other way round the house's loss stays open
    silos = [Silo("house", HOUSE, 100, 40), Silo("A", CUSTOMER, 10, 500)]
    found = run_silos(silos, house_covers_all(silos), [])
    assert found.shortfall == {"house": 60, "A": 0}
    assert found.surplus == {"house": 0, "A": 490}


def test_a_short_surplus_is_shared_pro_rata():
    silos = [Silo("house", HOUSE, 0, 9), Silo("A", CUSTOMER, 20, 0), Silo("B", CUSTOMER, 10, 0)]
    found = run_silos(silos, house_covers_all(silos), [])
    assert found.shortfall == {"house": 0, "A": 14, "B": 7}


def test_layers_meet_silos_in_the_order_of_the_data():
    silos = [Silo("house", HOUSE, 50, 0), Silo("A", CUSTOMER, 30, 0)]
    layers = [
        SiloLayer(Layer("guarantee", "capacity", capacity=10), ("A",), assets_of="A"),
        SiloLayer(Layer("capital", "capacity", capacity=25), ("A", "house")),
        SiloLayer(Layer("fund", "contributions", contributions={"M": 20, "N": 20}), ("house",)),
    ]
    found = run_silos(silos, [], layers)
    # A: 10, then 20 of the capital; 5 of it are left for the house; 40 of the fund; 5 open
    assert [layer.by_silo for layer in found.layers] == [
        {"A": 10},
        {"A": 20, "house": 5},
        {"house": 40},
    ]
    assert found.unallocated == {"house": 5, "A": 0}


MEMBERS = "KLMN"
SILOS = {"house": HOUSE, "prop": HOUSE, "A": CUSTOMER, "B": CUSTOMER}
money = st.integers(0, 1000)
amounts = st.dictionaries(st.sampled_from(MEMBERS), money, max_size=4)


@st.composite
def layers(draw, number):
    kind = draw(st.sampled_from(LAYER_TYPES))
    contributions = draw(amounts)
    tranches = ()
    if kind == "contributions" and contributions and draw(st.booleans()):
        order = draw(st.permutations(sorted(contributions)))
        cut = draw(st.integers(0, len(order)))
        tranches = (tuple(order[:cut]), tuple(order[cut:]))
    layer = Layer(
        str(number),
        kind,
        capacity=draw(money),
        contributions=contributions,
        excluded=tuple(draw(st.lists(st.sampled_from(MEMBERS), max_size=2))),
        tranches=tranches,
        cap_multiple=draw(st.fractions(0, 2, max_denominator=9)),
        period_cap_multiple=draw(st.none() | st.fractions(0, 2, max_denominator=9)),
        called_in_period=draw(amounts),
        gains=draw(amounts),
        claims=draw(amounts),
    )
    owner = draw(st.sampled_from(["", *SILOS]))
    if SILOS.get(owner) == CUSTOMER:
        return SiloLayer(layer, (owner,), owner)
    pays = draw(st.lists(st.sampled_from(sorted(SILOS)), unique=True, max_size=4))
    return SiloLayer(layer, tuple(pays), owner)


@st.composite
def cases(draw):
    silos = [Silo(name, owner, draw(money), draw(money)) for name, owner in SILOS.items()]
    silos = draw(st.permutations(silos))
    rules = list(house_covers_all(silos)) if draw(st.booleans()) else []
    rules = draw(st.permutations(rules))[: draw(st.integers(0, 4))]
    return silos, rules, [draw(layers(n)) for n in range(draw(st.integers(0, 6)))]


@given(cases())
def test_every_unit_is_allocated_once(case):
    silos, rules, chosen = case
    found = run_silos(silos, rules, chosen)
    for silo in silos:
        name = silo.silo_id
        by_assets = sum(flow.amount for flow in found.flows if flow.target == name)
        by_layers = sum(layer.by_silo.get(name, 0) for layer in found.layers)
        assert by_assets + by_layers + found.unallocated[name] == silo.loss
        assert found.shortfall[name] == silo.loss - by_assets >= 0
        used = sum(flow.amount for flow in found.flows if flow.source == name)
        assert used + found.surplus[name] == silo.assets
        assert found.surplus[name] >= 0 and found.unallocated[name] >= 0
    for layer, result in zip(chosen, found.layers, strict=True):
        assert sum(result.by_silo.values()) == result.result.used <= result.result.size
        assert set(result.by_silo) == set(layer.pays)
        if layer.layer.layer_type != "capacity":
            assert sum(result.result.by_member.values()) == result.result.used
            assert not set(result.result.by_member) & set(layer.layer.excluded)


@given(cases())
def test_no_customer_asset_meets_another_loss(case):
    silos, rules, chosen = case
    found = run_silos(silos, rules, chosen)
    for flow in found.flows:
        assert flow.amount > 0
        assert flow.source == flow.target or SILOS[flow.source] == HOUSE
    for layer, result in zip(chosen, found.layers, strict=True):
        if SILOS.get(layer.assets_of) == CUSTOMER:
            paid = {silo for silo, amount in result.by_silo.items() if amount}
            assert paid <= {layer.assets_of}


house, customer = Silo("h", HOUSE, 1, 1), Silo("c", CUSTOMER, 1, 1)
other = Silo("d", CUSTOMER, 1, 1)
CAPITAL = Layer("l", "capacity", capacity=1)


@pytest.mark.parametrize(
    ("silos", "rules", "chosen", "field"),
    [
        ([house, house], [], [], "silos[1].id"),
        ([Silo("h", "venue", 1, 1)], [], [], "silos[0].owner"),
        ([Silo("h", HOUSE, -1, 1)], [], [], "silos[0].loss"),
        ([Silo("h", HOUSE, 1, -1)], [], [], "silos[0].assets"),
        ([house, customer], [SurplusRule("c", ("h",))], [], "rules[0].source"),
        ([customer, other], [SurplusRule("c", ("d",))], [], "rules[0].source"),
        ([house], [SurplusRule("x", ("h",))], [], "rules[0].source"),
        ([house], [SurplusRule("h", ("x",))], [], "rules[0].targets"),
        ([house], [SurplusRule("h", ("h",))], [], "rules[0].targets"),
        ([house, customer], [SurplusRule("h", ("c", "c"))], [], "rules[0].targets"),
        ([house], [], [SiloLayer(CAPITAL, ("x",))], "layers[0].pays"),
        ([house, customer], [], [SiloLayer(CAPITAL, ("c", "h"), "c")], "layers[0].pays"),
        ([customer, other], [], [SiloLayer(CAPITAL, ("d",), "c")], "layers[0].pays"),
        ([house], [], [SiloLayer(CAPITAL, ("h",), "x")], "layers[0].assets_of"),
        ([house], [], [SiloLayer(Layer("l", "capacity", capacity=-1), ("h",))],
         "layers[0].capacity"),
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_named(silos, rules, chosen, field):
    with pytest.raises(ModelError) as caught:
        run_silos(silos, rules, chosen)
    assert caught.value.field == field
