"""A wrong margin document: the message begins with the field at fault."""

import pytest
from support.calculator_oracle.fields import DocumentError
from support.calculator_oracle.margin import replicate

from .documents import hand_document

WRONG = [
    ({"alpha": 1}, {}, "alpha: "),
    ({"alpha": "ninety"}, {}, "alpha: "),
    ({"liquidation_days": -1}, {}, "liquidation_days: "),
    ({"core_floor": None}, {}, "core_floor: "),
    ({"colour": "red"}, {}, "colour: unknown field"),
    ({"events": {}}, {}, "events: a list"),
    ({"accounts": [{"id": "A"}]}, {}, "accounts[0].positions: missing"),
    ({"accounts": [{"id": "A", "positions": {"x": [1]}}]}, {}, "accounts[0].positions.x: "),
    ({"accounts": [{"id": "A", "positions": {"e": [1, 2]}}]}, {}, "accounts[0].positions.e: 2"),
    ({"accounts": [{"id": "A", "positions": {}, "add_on": -1}]}, {}, "accounts[0].add_on: "),
    ({"accounts": [{"id": "A", "positions": {}}] * 2}, {}, "accounts[1].id: 'A' occurs twice"),
    ({}, {"probabilities": [0.6, 0.5]}, "events[0].probabilities: they sum to 1.1"),
    ({}, {"probabilities": [0.6, 0.2, 0.2]}, "events[0].probabilities: "),
    ({}, {"probabilities": [1.1, -0.1]}, "events[0].probabilities[0]: 1.1"),
    ({}, {"structure": "void"}, "events[0].probabilities: "),
    ({}, {"structure": ["binary"]}, "events[0].structure: text"),
    ({}, {"structure": "matrix"}, "events[0].payoffs: a list"),
    ({}, {"k": 1}, "events[0].structure: k belongs"),
    ({}, {"sigma": -1}, "events[0].sigma: "),
    ({}, {"rho": 1.5}, "events[0].rho: "),
    ({}, {"ramp": "inf"}, "events[0].ramp: "),
    ({}, {"jump": 1}, "events[0].jump: true or false"),
    ({}, {"group": -1}, "events[0].group: "),
    ({}, {"group": 1}, "events[0].group: scenarios.F has no row 1"),
    ({}, {"group": True}, "events[0].group: "),
    ({}, {"cluster": "x"}, "events[0].cluster: scenarios.U has no row 'x'"),
    ({}, {"void": 0.5}, "events[0].void: unknown field"),
    ({}, {"liquidation_days": -1}, "events[0].liquidation_days: "),
    ({}, {"jump_probability": [0, 0, 1.5, 0]}, "events[0].jump_probability[2]: "),
    ({}, {"jump_probability": [0, 0]}, "events[0].jump_probability: 2 numbers for 4 scenarios"),
]


@pytest.mark.parametrize(("document_change", "event_change", "message"), WRONG)
def test_a_wrong_field_is_named(document_change, event_change, message):
    with pytest.raises(DocumentError) as error:
        replicate(hand_document(**event_change) | document_change)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("kind", "rows", "message"),
    [
        ("F", [[0, 0, 0]], "scenarios.FJ: a row of 4 numbers, and one of 3 in F"),
        ("eps", {"e": [[0, 0, 0, 0]]}, "scenarios.eps.e: 1 rows for 2 states"),
        ("xi", {}, "events[0].id: scenarios.xi has no row 'e'"),
        ("xi", [[0, 0, 0, 0]], "scenarios.xi: an object"),
        ("U", [[]], "scenarios.U: a row of 0"),
    ],
)
def test_wrong_scenarios_are_named(kind, rows, message):
    document = hand_document()
    document["scenarios"][kind] = rows
    with pytest.raises(DocumentError) as error:
        replicate(document)
    assert str(error.value).startswith(message)
