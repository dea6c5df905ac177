"""Calculator waterfall: the worked example by hand, conservation, refusals."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.calculators import api


def ask(loss, *layers):
    return api.run("waterfall", json.dumps({"loss": loss, "layers": layers}))


def test_worked_example_by_hand():
    found = api.run("waterfall", api.example("waterfall"))
    margin, capital, fund, calls, gains = found["layers"]
    # 1000 - 300 - 50.5 = 649.5; the fund has 400 without D; 249.5 left
    assert (margin["used"], capital["used"], fund["used"]) == (300, Decimal("50.5"), 400)
    assert fund["by_member"] == {"A": 100, "B": 200, "C": 100}
    # half of 400 can be called: 200; 49.5 left
    assert calls["by_member"] == {"A": 50, "B": 100, "C": 50}
    # 49.5 of 180 gained: 27.5 %
    assert gains["haircut"] == Decimal("0.275")
    assert gains["by_member"] == {
        "A": Decimal("16.5"),
        "B": Decimal("8.25"),
        "E": Decimal("24.75"),
    }
    assert gains["paid"] == {"A": Decimal("43.5"), "B": Decimal("21.75"), "E": Decimal("65.25")}
    assert gains["remaining"] == Decimal("130.5")
    assert found["unallocated"] == 0


def test_thirds_are_shared_to_the_last_unit():
    found = ask(
        100, {"id": "f", "type": "contributions", "contributions": {"A": 50, "B": 50, "C": 50}}
    )
    assert found["layers"][0]["by_member"] == {
        "A": Decimal("33.333333333334"),
        "B": Decimal("33.333333333333"),
        "C": Decimal("33.333333333333"),
    }


def test_haircut_that_does_not_come_out_even_is_rounded_but_amounts_are_exact():
    found = ask(1, {"id": "g", "type": "gains_haircut", "gains": {"A": 1, "B": 2}})["layers"][0]
    assert found["haircut"] == Decimal("0.333333333333333333")
    assert sum(found["by_member"].values()) == 1
    assert found["paid"]["A"] == 1 - found["by_member"]["A"]


def test_loss_beyond_all_layers_stays_open():
    found = ask("10.01", {"id": "c", "type": "capacity", "capacity": "0.02"})
    assert found["unallocated"] == Decimal("9.99")
    assert ask(5)["unallocated"] == 5


def test_period_cap_and_tear_up_by_hand():
    calls = {
        "id": "c",
        "type": "assessment",
        "contributions": {"A": 10, "B": 20},
        "cap_multiple": 1,
        "period_cap_multiple": "1.5",
        "called_in_period": {"A": "8.5"},
    }
    # A: 15 - 8.5 = 6.5; B: 20. 40 - 26.5 = 13.5 of claims of 54: a quarter
    torn = {"id": "t", "type": "partial_tear_up", "claims": {"A": 18, "B": 36}}
    found = ask(40, calls, torn)["layers"]
    assert found[0]["by_member"] == {"A": Decimal("6.5"), "B": 20}
    assert found[1]["haircut"] == Decimal("0.25")
    assert found[1]["by_member"] == {"A": Decimal("4.5"), "B": 9}
    assert found[1]["paid"] == {"A": Decimal("13.5"), "B": 27}


money = st.decimals(0, 10**9, places=6).map(str)
members = st.dictionaries(st.sampled_from("ABCD"), money, max_size=4)
layers = st.one_of(
    st.fixed_dictionaries({"type": st.just("capacity"), "capacity": money}),
    st.fixed_dictionaries({"type": st.just("contributions"), "contributions": members}),
    st.fixed_dictionaries(
        {
            "type": st.just("assessment"),
            "contributions": members,
            "cap_multiple": st.decimals(0, 3, places=3).map(str),
            "period_cap_multiple": st.decimals(0, 3, places=3).map(str),
            "called_in_period": members,
        }
    ),
    st.fixed_dictionaries({"type": st.just("full_tear_up"), "claims": members}),
    st.fixed_dictionaries({"type": st.just("gains_haircut"), "gains": members}),
)


@given(money, st.lists(layers, max_size=5))
def test_used_and_unallocated_are_the_loss_exactly(loss, drawn):
    found = ask(loss, *({"id": str(i), **layer} for i, layer in enumerate(drawn)))
    used = sum((layer["used"] for layer in found["layers"]), Decimal(0))
    assert used + found["unallocated"] == Decimal(loss)
    for layer in found["layers"]:
        if layer["type"] != "capacity":
            assert sum(layer["by_member"].values(), Decimal(0)) == layer["used"]


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"layers": []}, "loss"),
        ({"loss": 1}, "layers"),
        ({"loss": -1, "layers": []}, "loss"),
        ({"loss": "one", "layers": []}, "loss"),
        ({"loss": 1, "layers": [{"id": "a"}]}, "layers[0].type"),
        ({"loss": 1, "layers": [{"id": "a", "type": "insurance"}]}, "layers[0].type"),
        ({"loss": 1, "layers": [{"type": "capacity", "capacity": 1}]}, "layers[0].id"),
        ({"loss": 1, "layers": [{"id": "a", "type": "capacity"}]}, "layers[0].capacity"),
        ({"loss": 1, "layers": [{"id": "a", "type": "capacity", "capacity": 1, "gains": {}}]},
         "layers[0].gains"),
        ({"loss": 1, "layers": [{"id": "a", "type": "capacity", "capacity": -1}]},
         "layers[0].capacity"),
        ({"loss": 1, "layers": [{"id": "a", "type": "full_tear_up", "gains": {"A": 1}}]},
         "layers[0].claims"),
        ({"loss": 1, "layers": [{"id": "a", "type": "assessment", "contributions": {},
                                 "cap_multiple": 1, "period_cap_multiple": "x"}]},
         "layers[0].period_cap_multiple"),
        ({"loss": 1, "layers": [{"id": "a", "type": "gains_haircut", "gains": {"A": "x"}}]},
         "layers[0].gains.A"),
        ({"loss": 1, "layers": [{"id": "a", "type": "contributions", "contributions": {"A": 1},
                                 "tranches": [["B"]]}]}, "layers[0].tranches[0]"),
        ({"loss": 1, "layers": [{"id": "a", "type": "capacity", "capacity": 1}] * 2},
         "layers[1].id"),
    ],
)  # fmt: skip
def test_refusals_name_the_field(document, field):
    with pytest.raises(api.CalculatorError) as caught:
        api.run("waterfall", json.dumps(document))
    assert caught.value.field == field
