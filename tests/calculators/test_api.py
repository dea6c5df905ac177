"""The front of the calculators, and that the documentation tells the truth."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reporting.calculators import api

DOCUMENT = Path(__file__).parents[2] / "docs" / "calculators.md"


def blocks(name):
    """The json blocks of the section of one calculator: the input, then the answer."""
    section = DOCUMENT.read_text(encoding="utf-8").split(f"\n## {name}\n")[1].split("\n## ")[0]
    return re.findall(r"```json\n(.*?)```", section, re.DOTALL)


FLOATING = {"margin", "backtest", "shortfall-backtest"}
"""Calculators whose last digits belong to the machine's exponential function."""


def _rounded(text):
    return json.loads(text, parse_float=lambda digits: f"{float(digits):.12g}")


@pytest.mark.parametrize("name", api.NAMES)
def test_documented_example_and_answer(name):
    given_text, answer = blocks(name)
    assert given_text == api.example(name)
    found = api.render(api.run(name, given_text))
    if name in FLOATING:
        assert _rounded(answer) == _rounded(found)
    else:
        assert answer == found


@pytest.mark.parametrize("name", api.NAMES)
def test_schema_is_a_schema_and_the_example_fits_it(name):
    Draft202012Validator.check_schema(api.schema(name))
    Draft202012Validator(api.schema(name)).validate(json.loads(api.example(name)))


@pytest.mark.parametrize("name", api.NAMES)
def test_answer_is_json_and_names_its_input(name):
    data = api.example(name).encode()
    answer = json.loads(api.render(api.run(name, data)))
    assert answer["calculator"] == name
    assert answer["input_sha256"] == hashlib.sha256(data).hexdigest()
    spaced = api.run(name, data + b" ")
    assert spaced["input_sha256"] != answer["input_sha256"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff{}", "UTF-8"),
        (b"", "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"loss": 1e999999999, "layers": []}', "loss"),
        (b'{"loss": ' + b"9" * 5000 + b', "layers": []}', "loss"),
        (b'{"loss": 1, "layers": [], "a\\nb": 1}', r"a\nb"),
        (b'{"loss": Infinity, "layers": []}', "Infinity"),
    ],
)
def test_hostile_text_gets_one_line(data, words):
    with pytest.raises(api.CalculatorError) as caught:
        api.run("waterfall", data)
    assert words in str(caught.value)
    assert str(caught.value).isprintable()


def test_unknown_calculator_lists_the_known_ones():
    with pytest.raises(api.CalculatorError, match="worst-case, margin, variation-margin, fees"):
        api.run("astrology", "{}")
