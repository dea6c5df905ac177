"""A wrong margin document: the message begins with the field at fault."""

import pytest
from support.calculator_oracle.fields import DocumentError
from support.calculator_oracle.margin import replicate

from .documents import hand_document

HAPPENS = {"happens": [1], "happens_probability": 0.1, "jump_probability": 0}
SET = {"structure": "exclusive_exhaustive", "probabilities": [0.5, 0.5], "jump_probability": 0}

WRONG = [
    ({"alpha": 1}, {}, "alpha: "),
    ({"alpha": "ninety"}, {}, "alpha: "),
    ({"gap_quantile": 1}, {}, "gap_quantile: "),
    ({"core_floor": None}, {}, "core_floor: "),
    ({"liquidation_days": 1}, {}, "liquidation_days: unknown field"),
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
    ({}, {"structure": "at_least_k", "k": 1}, "events[0].contracts: missing"),
    ({}, {"contracts": 2}, "events[0].contracts: 2, and the states are of 1"),
    ({}, {"k": 1}, "events[0].structure: k belongs"),
    ({}, {"information": 1.5}, "events[0].information: "),
    ({}, {"rho": 1.5}, "events[0].rho: "),
    ({}, {"ramp": "inf"}, "events[0].ramp: "),
    ({}, {"kappa": 1.1}, "events[0].kappa: "),
    ({}, {"lumps": 0}, "events[0].lumps: "),
    ({}, {"lumps": 1}, "events[0].id: scenarios.info has no row 'e'"),
    ({}, {"gap": "jump"}, "events[0].gap: 'jump' is none of"),
    ({}, {"ordered": False}, "events[0].ordered: "),
    ({}, {"marks": [0.5, 0.5]}, "events[0].marks: 2 numbers for 1 contracts"),
    ({}, {"group": -1}, "events[0].group: "),
    ({}, {"group": 1, "rho": 0.1}, "events[0].group: scenarios.F has no row 1"),
    ({}, {"group": True}, "events[0].group: "),
    ({}, {"cluster": "x"}, "events[0].cluster: scenarios.U has no row 'x'"),
    ({}, {"void": 0.5}, "events[0].void: unknown field"),
    ({}, {"jump_probability": [0, 0]}, "events[0].jump_probability: "),
    ({}, {"happens": [1]}, "events[0].happens: comes with"),
    ({}, HAPPENS, "events[0].jump_probability: not where"),
    ({}, {"loadings": [1]}, "events[0].loadings: 1 numbers for 0 signals"),
    ({}, SET | {"loadings": [1, 1]}, "events[0].loadings: their squares sum to 2"),
    ({}, SET, "events[0].id: scenarios.theta has no row 'e'"),
]


@pytest.mark.parametrize(("document_change", "event_change", "message"), WRONG)
def test_a_wrong_field_is_named(document_change, event_change, message):
    with pytest.raises(DocumentError) as error:
        replicate(hand_document(**event_change) | document_change)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("happens", "probability", "message"),
    [
        ([1], 0.7, "events[0].happens_probability: above that of its states, 0.6"),
        ([2], 0.1, "events[0].happens: each state once"),
        ([1, 1], 0.1, "events[0].happens: each state once"),
        ([], 0.1, "events[0].happens: each state once"),
    ],
)
def test_what_cannot_happen_is_named(happens, probability, message):
    document = hand_document(happens=happens, happens_probability=probability)
    del document["events"][0]["jump_probability"]
    with pytest.raises(DocumentError) as error:
        replicate(document)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("kind", "rows", "message"),
    [
        ("F", [[0, 0, 0]], "scenarios.U: a row of 4 numbers, and one of 3 in F"),
        ("eps", {}, "events[0].id: scenarios.eps has no row 'e'"),
        ("eps", [[0, 0, 0, 0]], "scenarios.eps: an object"),
        ("U", [[]], "scenarios.U: a row of 0"),
    ],
)
def test_wrong_scenarios_are_named(kind, rows, message):
    document = hand_document()
    document["scenarios"][kind] = rows
    with pytest.raises(DocumentError) as error:
        replicate(document)
    assert str(error.value).startswith(message)


def test_each_signal_needs_a_row():
    document = hand_document(**SET)
    document["scenarios"] |= {"theta": {"e": [0.5] * 4}, "eta": {"e": [[0, 0, 0, 0]]}}
    document["accounts"] = []
    with pytest.raises(DocumentError, match=r"scenarios.eta.e: 1 rows for 2 signals"):
        replicate(document)
