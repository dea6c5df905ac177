"""Calculators backtest and shortfall-backtest: fields, what follows from what, refusals."""

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.calculators import api

COUNTS = {"coverage": "0.99", "observations": 250, "breaches": 4}
SERIES = {
    "level": "0.9",
    "returns": [1, "-2.5", 0, -4],
    "expected_shortfall": [3, 3, 3, 3],
    "value_at_risk": [2, "2.5", 2, 2],
    "distribution": "normal",
    "seed": 1,
    "trials": 99,
}
TESTS = ("pof", "tuff", "independence", "conditional_coverage", "duration")


def ask(name: str, document: dict) -> dict:
    """The answer as its reader sees it."""
    return json.loads(api.render(api.run(name, json.dumps(document))))


def test_counts_alone():
    """Only what the counts can tell; the numbers as decimal strings too."""
    found = ask("backtest", COUNTS)
    assert found["pof"].keys() == {"statistic", "p_value", "reject"}
    assert [name for name in TESTS if found[name] is None] == list(TESTS[1:])
    # Basel's table: 4 of 250 at 99 % are the last of the green zone, 89.22 %.
    assert found["traffic_light"] == {"zone": "green", "yellow_from": 5, "red_from": 10}
    assert round(found["binomial"]["cumulative_probability"], 4) == 0.8922
    assert (found["expected_breaches"], found["achieved_coverage"]) == (2.5, 0.984)
    as_text = {name: str(value) for name, value in COUNTS.items()}
    rest = ask("backtest", as_text)
    assert rest["pof"] == found["pof"] and rest["binomial"] == found["binomial"]


def test_no_breach_has_no_first_and_no_durations():
    found = ask("backtest", COUNTS | {"breaches": 0, "breach_days": []})
    assert found["tuff"] is None and found["duration"] is None
    assert found["independence"] == {"statistic": 0, "p_value": 1, "reject": False}
    # -2 x 250 x ln 0.99 = 5.0252
    assert found["pof"]["statistic"] == pytest.approx(5.0252, abs=1e-4)
    assert found["pof"]["reject"] and not found["binomial"]["reject"]


def test_a_stricter_confidence_rejects_less():
    usual = ask("backtest", COUNTS | {"breaches": 8})
    strict = ask("backtest", COUNTS | {"breaches": 8, "confidence": "0.999"})
    assert usual["pof"]["reject"] and not strict["pof"]["reject"]
    assert usual["pof"]["p_value"] == strict["pof"]["p_value"]


@given(st.sets(st.integers(1, 60)), st.integers(60, 90))
def test_breach_days_say_the_rest(days, observations):
    """Transitions and first breach given beside them, counted here, change no statistic."""
    places = sorted(days)
    whole = {"coverage": "0.95", "observations": observations, "breaches": len(places)}
    found = ask("backtest", whole | {"breach_days": places})
    flags = [place in days for place in range(1, observations + 1)]
    pairs = list(pairwise(flags))
    moved = {f"n{a:d}{b:d}": pairs.count((a, b)) for a in (False, True) for b in (False, True)}
    first = {"first_breach": places[0]} if places else {}
    counted = whole | {"transitions": moved} | first
    both = ask("backtest", counted | {"breach_days": places})
    alone = ask("backtest", counted)
    for name in TESTS:
        assert both[name] == found[name]
        assert alone[name] == (found[name] if name != "duration" else None)
    if len(places) < 2:
        assert found["duration"] is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"coverage": 1}, "coverage"),
        ({"coverage": "0.9x"}, "coverage"),
        ({"confidence": 0}, "confidence"),
        ({"observations": 0}, "observations"),
        ({"observations": "250.5"}, "observations"),
        ({"observations": 10_000_001}, "observations"),
        ({"breaches": 251}, "breaches"),
        ({"breaches": -1}, "breaches"),
        ({"first_breach": 248}, "first_breach"),
        ({"first_breach": 0}, "first_breach"),
        ({"breaches": 0, "first_breach": 1}, "first_breach"),
        ({"transitions": {"n00": 240, "n01": 4, "n10": 4, "n11": 0}}, "transitions"),
        ({"transitions": {"n00": 249, "n01": 0, "n10": 0, "n11": 0}}, "transitions"),
        ({"transitions": {"n00": 241, "n01": 4, "n10": 4, "n11": "a"}}, "transitions.n11"),
        ({"transitions": {"n00": 254, "n01": 4, "n10": 4, "n11": -13}}, "transitions.n11"),
        ({"transitions": {"n00": 241, "n01": 4, "n10": 4}}, "transitions.n11"),
        ({"breach_days": [1, 2, 3]}, "breach_days"),
        ({"breach_days": [1, 2, 3, 3]}, "breach_days[3]"),
        ({"breach_days": [1, 2, 3, 251]}, "breach_days[3]"),
        ({"breach_days": [0, 2, 3, 4]}, "breach_days[0]"),
        ({"breach_days": [5, 6, 9, 20], "first_breach": 6}, "first_breach"),
        (
            {
                "breach_days": [5, 6, 9, 20],
                "transitions": {"n00": 241, "n01": 4, "n10": 4, "n11": 0},
            },
            "transitions",
        ),
        ({"durations": []}, "durations"),
    ],
)
def test_backtest_refusals_name_the_field(change, field):
    with pytest.raises(api.CalculatorError) as caught:
        ask("backtest", COUNTS | change)
    assert caught.value.field == field


def test_shortfall_by_hand():
    """-4 alone is beyond; -2.5 is just the value at risk. Z2 = 1 - (4/3) / (4 x 0.1) = -2.333."""
    found = ask("shortfall-backtest", SERIES)
    assert (found["observations"], found["breaches"], found["expected_breaches"]) == (4, 1, 0.4)
    assert found["z2"]["statistic"] == pytest.approx(1 - 10 / 3)
    assert found["critical_values"]["0.05"] == found["critical_value"]
    assert found["critical_values"]["0.0001"] is None  # 99 trials do not reach that far
    assert found["z2"]["reject"] == (found["z2"]["statistic"] < found["critical_value"])


def test_a_breach_is_told_to_the_last_digit():
    """Numbers that are one float: a loss 1e-25 above the value at risk is a breach."""
    tiny = {"returns": ["-2." + "0" * 24 + "1", -2], "value_at_risk": [2, 2]}
    found = ask("shortfall-backtest", SERIES | tiny | {"expected_shortfall": [3, 3]})
    assert found["breaches"] == 1


def test_shortfall_reference():
    """250 days of the standard normal law at 97.5 %: about -0.70 at 5 % (Acerbi and Székely)."""
    days = 250
    returns = np.random.default_rng(7).normal(size=days).round(6)
    document = {
        "level": "0.975",
        "returns": [str(value) for value in returns],
        "expected_shortfall": ["2.337803"] * days,
        "value_at_risk": ["1.959964"] * days,
        "distribution": "normal",
        "seed": 3,
        "trials": 20_000,
    }
    found = ask("shortfall-backtest", document)
    assert found["critical_value"] == pytest.approx(-0.70, abs=0.03)
    assert not found["z2"]["reject"] and found["z2"]["p_value"] > 0.05
    halved = document | {"expected_shortfall": ["1.1689"] * days, "value_at_risk": ["0.98"] * days}
    assert ask("shortfall-backtest", halved)["z2"]["reject"]


def test_the_seed_decides_the_draws():
    one, same, other = (ask("shortfall-backtest", SERIES | {"seed": seed}) for seed in (1, 1, 2))
    assert one == same
    assert one["z2"]["statistic"] == other["z2"]["statistic"]
    assert one["critical_value"] != other["critical_value"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"level": "0.4"}, "level"),
        ({"level": 1}, "level"),
        ({"returns": []}, "returns"),
        ({"returns": [1, 2]}, "value_at_risk"),
        ({"returns": [1, 2, 3, "x"]}, "returns[3]"),
        ({"expected_shortfall": [3, 3, 3]}, "expected_shortfall"),
        ({"expected_shortfall": [3, 3, 3, 0]}, "expected_shortfall"),
        ({"value_at_risk": [2, 2, 2, "3.01"]}, "value_at_risk"),
        ({"distribution": "uniform"}, "distribution"),
        ({"distribution": "student-t"}, "degrees_of_freedom"),
        ({"distribution": "student-t", "degrees_of_freedom": 1}, "degrees_of_freedom"),
        ({"degrees_of_freedom": 5}, "degrees_of_freedom"),
        ({"seed": -1}, "seed"),
        ({"seed": "0.5"}, "seed"),
        ({"trials": 0}, "trials"),
        ({"trials": 300_000_000}, "trials"),
        ({"confidence": 1}, "confidence"),
        ({"scenarios": 5}, "scenarios"),
    ],
)
def test_shortfall_refusals_name_the_field(change, field):
    with pytest.raises(api.CalculatorError) as caught:
        ask("shortfall-backtest", SERIES | change)
    assert caught.value.field == field
