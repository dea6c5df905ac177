"""Outcome states and exact worst case: order, hand-computed cases, closed forms."""

from fractions import Fraction
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.calculator_oracle.fields import DocumentError
from support.calculator_oracle.states import (
    StructureError,
    contracts_of,
    outcomes,
    worst_case,
)
from support.calculator_oracle.worst_case import replicate_worst_case

ORDERS = [
    ("binary", 1, None, ["no", "yes"], [[0, 1]]),
    ("exclusive", 2, None, ["c1", "c2", "none"], [[1, 0, 0], [0, 1, 0]]),
    ("exclusive_exhaustive", 2, None, ["c1", "c2"], [[1, 0], [0, 1]]),
    ("ladder", 2, None, ["first 0 pay", "first 1 pay", "first 2 pay"], [[0, 1, 1], [0, 0, 1]]),
    ("k_of_n", 3, 2, ["c1+c2", "c1+c3", "c2+c3"], [[1, 1, 0], [1, 0, 1], [0, 1, 1]]),
    (
        *("at_least_k", 3, 2, ["c1+c2", "c1+c3", "c2+c3", "c1+c2+c3"]),
        [[1, 1, 0, 1], [1, 0, 1, 1], [0, 1, 1, 1]],
    ),
]


def names(count):
    return [f"c{number + 1}" for number in range(count)]


@pytest.mark.parametrize(("structure", "contracts", "k", "states", "payoffs"), ORDERS)
def test_states_stand_in_the_published_order(structure, contracts, k, states, payoffs):
    event = outcomes(structure, names(contracts), k)
    assert list(event.states) == states
    assert [list(row) for row in event.payoffs] == payoffs
    if structure != "at_least_k":
        assert contracts_of(structure, len(states), k) == contracts


def test_a_void_state_is_the_last():
    half = Fraction(1, 2)
    event = outcomes("exclusive", names(2), void=[half, half])
    assert event.states == ("c1", "c2", "none", "void")
    assert [row[-1] for row in event.payoffs] == [half, half]


def test_a_matrix_is_taken_as_it_is():
    event = outcomes("matrix", names(2), payoffs=[[1, 0, Fraction(1, 2)], [0, 1, 1]])
    assert event.states == ("state 1", "state 2", "state 3")
    assert event.payoffs[0] == (1, 0, Fraction(1, 2))


@pytest.mark.parametrize(
    ("structure", "contracts", "k", "payoffs"),
    [
        ("binary", 2, None, None),
        ("exclusive", 0, None, None),
        ("digital", 1, None, None),
        ("k_of_n", 3, None, None),
        ("k_of_n", 3, 4, None),
        ("k_of_n", 3, 0, None),
        ("k_of_n", 40, 20, None),
        ("at_least_k", 3, 4, None),
        ("at_least_k", 40, 2, None),
        ("ladder", 2, 1, None),
        ("ladder", 1, None, [[1, 0]]),
        ("matrix", 2, None, None),
        ("matrix", 2, None, [[1, 0]]),
        ("matrix", 2, None, [[1, 0], [1]]),
        ("matrix", 1, None, [[]]),
    ],
)
def test_parts_that_do_not_fit_are_refused(structure, contracts, k, payoffs):
    with pytest.raises(StructureError):
        outcomes(structure, names(contracts), k, payoffs)


@pytest.mark.parametrize(
    ("structure", "states", "k"),
    [("binary", 3, None), ("ladder", 1, None), ("k_of_n", 5, 2), ("k_of_n", 3, None), ("x", 3, 1)],
)
def test_a_number_of_states_that_no_structure_has_is_refused(structure, states, k):
    with pytest.raises(StructureError):
        contracts_of(structure, states, k)


def test_worst_case_by_hand():
    """Exclusive, not exhaustive; q = (10, -5, 0), p = (0.30, 0.50, 0.10).

    S = 10 x 0.30 - 5 x 0.50 = 0.50. Payouts: 10, -5, 0, none 0. Losses = S - payout:
    -9.50, 5.50, 0.50, 0.50. W = 5.50 when b wins; F = max(0, 5) = 5.
    """
    contracts = [
        {"id": "a", "quantity": 10, "price": "0.30"},
        {"id": "b", "quantity": -5, "price": 0.5},
        {"id": "c", "quantity": "0", "price": "0.10"},
    ]
    event = {"id": "e", "structure": "exclusive", "contracts": contracts}
    binary = {
        "id": "f",
        "structure": "binary",
        "contracts": [{"id": "f", "quantity": -2, "price": "0.9"}],
    }
    bought = [
        {"id": "x", "quantity": 1, "price": "0.4"},
        {"id": "y", "quantity": 1, "price": "0.5"},
    ]
    full_set = {"id": "s", "structure": "exclusive_exhaustive", "contracts": bought}
    answer = replicate_worst_case({"events": [event, binary, full_set]})
    first = answer["events"][0]
    assert [state["loss"] for state in first["states"]] == [
        Fraction(-19, 2),
        Fraction(11, 2),
        Fraction(1, 2),
        Fraction(1, 2),
    ]
    assert [state["payout"] for state in first["states"]] == [10, -5, 0, 0]
    assert first["worst_state"] == "b"
    assert (first["worst_case_loss"], first["premium_requirement"]) == (Fraction(11, 2), 5)
    # -2 YES at 0.9: loss 2 x 0.1 = 0.2 when yes; pays out -2 then.
    assert answer["events"][1]["worst_case_loss"] == Fraction(1, 5)
    # A full set bought at 0.90 gains 0.10 for sure, which pays for nothing else.
    assert answer["events"][2]["worst_case_loss"] == Fraction(-1, 10)
    assert answer["total"] == Fraction(57, 10)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"structure": "binary", "k": 1}, "events[0].structure"),
        ({"colour": "red"}, "events[0].colour: unknown"),
        ({"contracts": [{"id": "a", "quantity": 1}]}, "events[0].contracts[0].price: missing"),
        ({"contracts": [{"id": "a", "quantity": True, "price": 1}]}, "contracts[0].quantity"),
        ({"contracts": [{"id": "a", "quantity": "1e9999", "price": 1}]}, "contracts[0].quantity"),
        ({"contracts": [{"id": "a", "quantity": float("nan"), "price": 1}]}, "quantity"),
        ({"contracts": [{"id": "a", "quantity": "9" * 500, "price": 1}]}, "quantity"),
    ],
)
def test_an_error_names_its_field(change, field):
    event = {
        "id": "e",
        "structure": "binary",
        "contracts": [{"id": "a", "quantity": 1, "price": "0.5"}],
    }
    with pytest.raises(DocumentError) as error:
        replicate_worst_case({"events": [event | change]})
    assert field in str(error.value)


HUNDREDTHS = st.integers(0, 100).map(lambda n: Fraction(n, 100))
POSITIONS = st.lists(st.tuples(st.integers(-20, 20), HUNDREDTHS), min_size=1, max_size=6)


@given(POSITIONS, st.data())
def test_enumeration_agrees_with_the_closed_forms(positions, data):
    """The table of section 1, with S = sum of q p."""
    q = [quantity for quantity, _ in positions]
    p = [price for _, price in positions]
    s = sum(x * y for x, y in zip(q, p, strict=True))
    k = data.draw(st.integers(1, len(q)))
    expected = {
        "exclusive_exhaustive": s - min(q),
        "exclusive": s - min(0, *q, 0),
        "ladder": s - min(0, *accumulate(q)),
        "k_of_n": s - sum(sorted(q)[:k]),
        "at_least_k": s - sum(sorted(q)[:k]) - sum(x for x in sorted(q)[k:] if x < 0),
    }
    if len(q) == 1:
        expected["binary"] = max(q[0] * p[0], -q[0] * (1 - p[0]))
    for structure, loss in expected.items():
        event = outcomes(
            structure, names(len(q)), k if structure in ("k_of_n", "at_least_k") else None
        )
        assert worst_case(event, q, p).loss == loss


@given(POSITIONS)
def test_both_conventions_reconcile(positions):
    """W = S + F', where F' is the premium-paid requirement before its floor."""
    q = [quantity for quantity, _ in positions]
    p = [price for _, price in positions]
    result = worst_case(outcomes("ladder", names(len(q))), q, p)
    unfloored = -min(result.payouts)
    assert result.loss == sum(x * y for x, y in zip(q, p, strict=True)) + unfloored
    assert result.premium_requirement == max(0, unfloored)


@given(POSITIONS, st.lists(HUNDREDTHS, min_size=6, max_size=6))
def test_another_state_never_lowers_the_worst_case(positions, void):
    q = [quantity for quantity, _ in positions]
    p = [price for _, price in positions]
    plain = outcomes("exclusive_exhaustive", names(len(q)))
    more = outcomes("exclusive_exhaustive", names(len(q)), void=void[: len(q)])
    assert worst_case(more, q, p).loss >= worst_case(plain, q, p).loss


@given(POSITIONS, st.integers(1, 5))
def test_splitting_an_event_never_lowers_the_worst_case(positions, cut):
    """A ladder taken apart into two ladders loses at least as much."""
    parts = [positions, positions[:cut], positions[cut:]]
    losses = []
    for part in parts:
        q = [quantity for quantity, _ in part]
        p = [price for _, price in part]
        losses.append(worst_case(outcomes("ladder", names(len(q))), q, p).loss if part else 0)
    assert losses[1] + losses[2] >= losses[0]


@given(POSITIONS)
def test_losses_of_all_holders_cancel_in_every_state(positions):
    q = [quantity for quantity, _ in positions]
    p = [price for _, price in positions]
    event = outcomes("exclusive", names(len(q)))
    long, short = worst_case(event, q, p), worst_case(event, [-x for x in q], p)
    assert [a + b for a, b in zip(long.losses, short.losses, strict=True)] == [0] * (len(q) + 1)
