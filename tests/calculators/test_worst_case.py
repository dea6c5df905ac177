"""Calculator worst-case: the worked example by hand, exactness, refusals."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.calculators import api

MATRIX = {"id": "e", "structure": "matrix", "payoffs": [["0.2", "0.5", 2]]}


def ask(*events):
    return api.run("worst-case", json.dumps({"events": list(events)}))


def event(structure, *contracts, **more):
    return {
        "id": "e",
        "structure": structure,
        "contracts": [
            {"id": name, "quantity": quantity, "price": price}
            for name, quantity, price in contracts
        ],
        **more,
    }


def test_worked_example_by_hand():
    found = api.run("worst-case", api.example("worst-case"))
    rates, inflation = found["events"]
    # value at marks: 100 x 0.25 - 50 x 0.60 = -5; payouts 100, -50, 0
    assert [state["payout"] for state in rates["states"]] == [100, -50, 0]
    assert [state["loss"] for state in rates["states"]] == [-105, 45, -5]
    assert (rates["worst_case_loss"], rates["premium_requirement"]) == (45, 50)
    assert (rates["worst_state"], rates["worst_state_index"]) == ("hold", 1)
    # value at marks: 9 - 15 + 2 = -4; payouts are the running sums 0, 10, -20, 0
    assert [state["payout"] for state in inflation["states"]] == [0, 10, -20, 0]
    assert [state["loss"] for state in inflation["states"]] == [-4, -14, 16, -4]
    assert (inflation["worst_case_loss"], inflation["premium_requirement"]) == (16, 20)
    assert inflation["worst_state"] == "first 2 pay"
    assert found["total"] == 61
    assert (found["calculator"], found["version"]) == ("worst-case", "1.0")


@pytest.mark.parametrize(
    ("given_event", "loss", "state"),
    [
        (event("binary", ("A", "10", "0.3")), "3", "no"),
        (event("binary", ("A", -10, 0.3)), "7", "yes"),
        (event("exclusive", ("A", 1, "0.25"), ("B", 1, "0.6")), "0.85", "none"),
        (event("exclusive_exhaustive", ("A", 1, "0.25"), ("B", 1, "0.75")), "0", "A"),
        (event("k_of_n", ("A", 1, "0.5"), ("B", 1, "0.7"), ("C", -1, "0.8"), k=2), "0.4", "A + C"),
        ({**event("matrix", ("A", 1, "0.6")), "payoffs": [["0.2", "0.5", 2]]}, "0.4", "state 0"),
    ],
)
def test_every_structure_by_hand(given_event, loss, state):
    found = ask(given_event)["events"][0]
    assert found["worst_case_loss"] == Decimal(loss)
    assert found["worst_state"] == state


def test_numbers_are_exact_to_twelve_decimals_and_far_beyond_int64():
    found = ask(event("binary", ("A", "123456789012345678.123456789012", "0.000000000001")))
    answer = found["events"][0]
    assert answer["worst_case_loss"] == Decimal("123456.789012345678123456789012")
    text = api.render(found)
    assert '"worst_case_loss": 123456.789012345678123456789012,' in text


def test_floats_never_pass_through():
    # 0.1 + 0.2 as binary floats would give 0.30000000000000004
    text = api.render(ask(event("exclusive", ("A", 1, 0.1), ("B", 1, 0.2))))
    assert '"worst_case_loss": 0.3,' in text


def test_floats_with_all_their_digits_are_read():
    """What a program writes: 0.1 + 0.2 has 17 decimals, 1/3 x 1e-9 has 26."""
    found = ask(event("exclusive", ("A", 0.1 + 0.2, 1 / 3), ("B", 1e-9 / 3, 2 / 3)))["events"][0]
    as_written = [Fraction(repr(x)) for x in (0.1 + 0.2, 1 / 3, 1e-9 / 3, 2 / 3)]
    paid = as_written[0] * as_written[1] + as_written[2] * as_written[3]
    assert Fraction(found["worst_case_loss"]) == paid


def test_more_states_than_are_listed():
    """10 of 30 win, 30 million states: 30 long at 0.5 less the 10 that pay: 15 - 10. One of
    5,000 wins, each at 0.0001: 0.5 paid, none pays."""
    many = [(f"C{i}", 1, "0.5") for i in range(30)]
    found = ask(event("k_of_n", *many, k=10))["events"][0]
    assert (found["worst_case_loss"], found["states"]) == (5, [])
    assert (found["worst_state"], found["worst_state_index"]) == ("", -1)
    found = ask(event("exclusive", *[(f"C{i}", 1, "0.0001") for i in range(5_000)]))["events"][0]
    assert (found["worst_case_loss"], found["states"]) == (Decimal("0.5"), [])
    assert (found["worst_state"], found["worst_state_index"]) == ("none", 5_000)


two = st.decimals(-(10**9), 10**9, places=2)


@given(st.lists(st.tuples(two, st.decimals(0, 1, places=4)), min_size=2, max_size=5))
def test_worst_case_is_the_largest_listed_loss_and_conventions_reconcile(rows):
    contracts = [(str(i), str(q), str(p)) for i, (q, p) in enumerate(rows)]
    for structure in ("exclusive", "exclusive_exhaustive", "ladder"):
        found = ask(event(structure, *contracts))["events"][0]
        losses = [state["loss"] for state in found["states"]]
        payouts = [state["payout"] for state in found["states"]]
        value = sum(q * p for q, p in rows)
        assert found["worst_case_loss"] == max(losses)
        assert losses[found["worst_state_index"]] == max(losses)
        assert found["premium_requirement"] == max(0, -min(payouts))
        assert found["worst_case_loss"] == value - min(payouts)  # W = S + F'


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("{", "document"),
        ("[]", "document"),
        ('{"events": []}', "events"),
        ('{"events": [], "x": 1}', "x"),
        ('{"events": [{}], "events": []}', "events"),
        ('{"events": [{"id": "a", "structure": "binary"}]}', "events[0].contracts"),
        (json.dumps({"events": [event("square", ("A", 1, 0))]}), "events[0].structure"),
        (json.dumps({"events": [event("binary", ("A", 1, 0), ("B", 1, 0))]}),
         "events[0].contracts"),
        (json.dumps({"events": [event("binary", ("A", "1e", 0))]}),
         "events[0].contracts[0].quantity"),
        (json.dumps({"events": [event("binary", ("A", None, 0))]}),
         "events[0].contracts[0].quantity"),
        (json.dumps({"events": [event("binary", ("A", True, 0))]}),
         "events[0].contracts[0].quantity"),
        (json.dumps({"events": [event("binary", ("A", "1" * 101, 0))]}),
         "events[0].contracts[0].quantity"),
        (json.dumps({"events": [event("binary", ("A", 10**30, 0))]}),
         "events[0].contracts[0].quantity"),
        ('{"events": [{"id": "a", "structure": "binary", "contracts": [{"id": "A", "quantity": '
         "NaN" ', "price": 0}]}]}', "document"),
        (json.dumps({"events": [event("binary", ("A", 1, "1.01"))]}),
         "events[0].contracts[0].price"),
        (json.dumps({"events": [event("binary", ("A", 1, -0.01))]}),
         "events[0].contracts[0].price"),
        (json.dumps({"events": [event("ladder", ("A", 1, 0), ("A", 1, 0))]}),
         "events[0].contracts[1].id"),
        (json.dumps({"events": [event("binary", ("A", 1, 0))] * 2}), "events[1].id"),
        (json.dumps({"events": [event("k_of_n", ("A", 1, 0))]}), "events[0].k"),
        (json.dumps({"events": [event("k_of_n", ("A", 1, 0), k=2)]}), "events[0].k"),
        (json.dumps({"events": [event("binary", ("A", 1, 0), k=1)]}), "events[0].k"),
        (json.dumps({"events": [event("matrix", ("A", 1, 0))]}), "events[0].payoffs"),
        (json.dumps({"events": [event("matrix", ("A", 1, 0), payoffs=[[1], [0]])]}),
         "events[0].payoffs"),
        (json.dumps({"events": [event("matrix", ("A", 1, 0), ("B", 1, 0), payoffs=[[1], [0, 1]])]}),
         "events[0].payoffs[1]"),
    ],
)  # fmt: skip
def test_refusals_name_the_field(text, field):
    with pytest.raises(api.CalculatorError) as caught:
        api.run("worst-case", text)
    assert caught.value.field == field
    assert "\n" not in str(caught.value)
