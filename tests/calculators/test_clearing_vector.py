"""Calculator clearing-vector: the worked example by hand, fractions beside, refusals."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from reporting.calculators import api


def ask(**document):
    return api.run("clearing-vector", json.dumps(document))


def test_worked_example_by_hand():
    # Workings in docs/calculators.md
    found = api.run("clearing-vector", api.example("clearing-vector"))
    assert found["payments"] == [Decimal("3.4"), Decimal("3.813333333333333333"), 3]
    assert found["exact"]["payments"] == [None, "286/75", None]
    assert found["exact"]["to_external"] == [None, "572/175", None]
    assert found["exact"]["equity"] == [None, None, "2456/525"]
    assert found["lost"][0] == Decimal("1.6")
    assert found["exact"]["lost"][1] == "184/75"
    assert (found["defaults"], found["default_rounds"], found["rounds"]) == ([0, 1], [1, 2], 2)
    text = (found["exact"]["to_external"][1], "12/1", found["exact"]["equity"][2],
            "8/5", found["exact"]["lost"][1])  # fmt: skip
    outside, cash, equity, *lost = map(Fraction, text)
    assert outside + equity + sum(lost) == cash


def test_without_costs_and_creditors_outside_it_is_eisenberg_and_noe():
    # A has 1 of 3 owed to B and C alike: 1/2 each
    found = ask(liabilities=[[0, "1.5", "1.5"], [0, 0, 0], [0, 0, 0]], external_assets=[1, 0, 0])
    assert found["payments"] == [1, 0, 0]
    assert found["equity"] == [0, Decimal("0.5"), Decimal("0.5")]
    assert found["exact"]["payments"] == [None] * 3


def test_decimals_are_read_exactly():
    # a unit of the thirtieth decimal too little: fails
    short = "9." + "9" * 30
    assert ask(liabilities=[[0, 10], [0, 0]], external_assets=[short, 0])["defaults"] == [0]
    assert ask(liabilities=[[0, 10], [0, 0]], external_assets=["10", 0])["defaults"] == []


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"liabilities": []}, "external_assets"),
        ({"liabilities": [[0]], "external_assets": ["x"]}, "external_assets[0]"),
        ({"liabilities": [["x"]], "external_assets": [1]}, "liabilities[0][0]"),
        ({"liabilities": [[0]], "external_assets": [1, 2]}, "liabilities"),
        ({"liabilities": [[0, 1]], "external_assets": [1]}, "liabilities[0]"),
        ({"liabilities": [[1]], "external_assets": [1]}, "liabilities[0][0]"),
        ({"liabilities": [[0]], "external_assets": [-1]}, "external_assets[0]"),
        ({"liabilities": [[0]], "external_assets": [1], "external_liabilities": []},
         "external_liabilities"),
        ({"liabilities": [[0]], "external_assets": [1], "alpha": "1.1"}, "alpha"),
        ({"liabilities": [[0]], "external_assets": [1], "gamma": 1}, "gamma"),
        ({"liabilities": [[0] * 61] * 61, "external_assets": [0] * 61}, "external_assets"),
    ],
)  # fmt: skip
def test_refusals_name_the_field(document, field):
    with pytest.raises(api.CalculatorError) as caught:
        ask(**document)
    assert caught.value.field == field
