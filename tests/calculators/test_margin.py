"""Calculator margin: against the replica, which was written from the specification alone."""

import copy
import json
import math

import pytest
from hypothesis import given
from replica.documents import documents
from support.calculator_oracle.margin import replicate

from reporting.calculators import api

pytestmark = pytest.mark.slow

ONE_ACCOUNT = (
    "worst_case_loss",
    "expected_shortfall",
    "value_at_risk",
    "jump_to_resolution",
    "core",
    "add_on",
    "initial_margin",
)


def ask(document: dict) -> dict:
    return json.loads(api.render(api.run("margin", json.dumps(document))))


def example() -> dict:
    return json.loads(api.example("margin"))


def close(found: float, expected: float) -> bool:
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)


@given(documents())
def test_two_implementations_agree(document):
    for found, expected in zip(
        ask(document)["accounts"], replicate(document)["accounts"], strict=True
    ):
        assert found["id"] == expected["id"]
        for name in ONE_ACCOUNT:
            assert close(found[name], expected[name]), name
        assert all(map(close, found["losses"], expected["losses"]))


@given(documents())
def test_order_of_measures(document):
    for account in ask(document)["accounts"]:
        assert 0 <= account["initial_margin"] <= max(account["worst_case_loss"], 0)
        assert account["expected_shortfall"] >= account["value_at_risk"]
        assert account["core"] >= account["jump_to_resolution"]


def test_tail_counts_are_exact():
    """(1 - 0.9) x 20 and (1 - 0.99) x 100 are 2 and 1; in floats they are 1.99.. and 1.00..9."""
    for alpha, scenarios, tail in (("0.9", 20, 2), (0.9, 20, 2), ("0.99", 100, 1), (0.99, 100, 1)):
        document = example() | {"alpha": alpha}
        drawn = document["scenarios"]
        for name in ("F", "FJ", "U"):
            drawn[name] = [[i / scenarios for i in range(scenarios)] for _ in drawn[name]]
        drawn["eps"] = {e: [[0] * scenarios for _ in rows] for e, rows in drawn["eps"].items()}
        drawn["xi"] = {e: [0] * scenarios for e in drawn["xi"]}
        account = ask(document)["accounts"][0]
        worst = sorted(account["losses"])[-tail:]
        assert close(account["value_at_risk"], worst[0])
        assert close(account["expected_shortfall"], sum(worst) / tail)


def test_rows_may_have_names_and_more_of_them_may_be_there():
    named = example()
    for event in named["events"]:
        event["group"], event["cluster"] = "economy", f"cluster {event['cluster']}"
    drawn = named["scenarios"]
    for name in ("F", "FJ"):
        drawn[name] = {"economy": drawn[name][0], "sport": [9, 9, 9, 9]}
    drawn["U"] = {f"cluster {i}": row for i, row in enumerate(drawn["U"])}
    drawn["xi"]["another event"] = [0, 0, 0, 0]
    assert ask(named)["accounts"] == ask(example())["accounts"]


def test_an_event_that_cannot_jump_needs_no_draws_of_jumps():
    document = example()
    for event in document["events"]:
        event["jump_probability"] = 0
    expected = ask(document)["accounts"]
    document["scenarios"] |= {"FJ": [], "U": [], "xi": {}}
    assert ask(document)["accounts"] == expected


def test_a_jump_probability_for_each_scenario():
    """Rain, account B, short 40 at 0.4, half in full (12): resolved where U = 0.2, 0.4, 0.6, 0.8
    is below its own number, and there xi = -1, 1, -1, 1 decides: dry, rain, dry, rain. It
    stays at 0.4 elsewhere but for sigma, whose draws are 0: 12 + (12, 0, -8, 0)."""
    document = example()
    document["events"][1]["jump_probability"] = ["0.1", 1, "0.7", 0]
    losses = ask(document)["accounts"][1]["losses"]
    assert all(map(close, losses, [12, 12 + 12, 12 - 8, 12]))


def test_an_event_has_a_liquidation_period_of_its_own():
    """The same as the document's changes nothing; four times as long is twice the sigma."""
    document = example()
    document["events"][0]["liquidation_days"] = "1.0"
    assert ask(document)["accounts"] == ask(example())["accounts"]
    document["events"][0]["liquidation_days"] = 4
    doubled = example()
    doubled["events"][0]["sigma"] = 1
    assert ask(document)["accounts"] == ask(doubled)["accounts"]


def _changed(path: str, value: object) -> dict:
    document = copy.deepcopy(example())
    *way, last = path.split("/")
    place = document
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    if value is None:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("alpha", 1, "alpha"),
        ("alpha", "0", "alpha"),
        ("liquidation_days", 0, "liquidation_days"),
        ("core_floor", 1.5, "core_floor"),
        ("events/0/probabilities", [0.5, 0.6, 0.1], "events[0].probabilities"),
        ("events/0/probabilities", [1.1, -0.1, 0], "events[0].probabilities"),
        ("events/1/probabilities", [0.5, 0.25, 0.25], "events[1].probabilities"),
        ("events/0/structure", "square", "events[0].structure"),
        ("events/0/sigma", -1, "events[0].sigma"),
        ("events/0/rho", 1.01, "events[0].rho"),
        ("events/0/jump_probability", 2, "events[0].jump_probability"),
        ("events/0/jump_probability", [0, 0, 0, 2], "events[0].jump_probability[3]"),
        ("events/0/jump_probability", [0, 0, 0], "events[0].jump_probability"),
        ("events/0/jump_probability", [], "events[0].jump_probability"),
        ("events/0/liquidation_days", 0, "events[0].liquidation_days"),
        ("events/0/liquidation_days", "x", "events[0].liquidation_days"),
        ("events/0/ramp", -0.1, "events[0].ramp"),
        ("events/0/kappa", -1, "events[0].kappa"),
        ("events/0/k", 1, "events[0].k"),
        ("events/0/structure", "k_of_n", "events[0].k"),
        ("events/0", example()["events"][0] | {"structure": "k_of_n", "k": 10**12}, "events[0].k"),
        ("events/0/structure", "matrix", "events[0].payoffs"),
        ("events/0/group", 7, "events[0].group"),
        ("events/0/cluster", "x", "events[0].cluster"),
        ("events/1/id", "rate-decision", "events[1].id"),
        ("accounts/1/id", "A", "accounts[1].id"),
        ("accounts/0/positions/rain", [1, 2], "accounts[0].positions.rain"),
        ("accounts/0/positions/rain", ["many"], "accounts[0].positions.rain[0]"),
        ("accounts/0/positions/snow", [1], "accounts[0].positions.snow"),
        ("accounts/0/add_on", -1, "accounts[0].add_on"),
        ("scenarios/F", [], "scenarios.F"),
        ("scenarios/F", [[]], "scenarios.F"),
        ("scenarios/U/1", [0.1, 0.2], "scenarios.U[1]"),
        ("scenarios/eps/rain", [[0, 0, 0, 0]], "scenarios.eps.rain"),
        ("scenarios/eps/rain", [[0, 0, 0, 0], [0, 0]], "scenarios.eps.rain"),
        ("scenarios/xi/rain", None, "scenarios.xi.rain"),
        ("scenarios/xi/rain", [0, 0, 0, "x"], "scenarios.xi.rain[3]"),
        ("scenarios/xi/rain", [0, 0, 0, True], "scenarios.xi.rain[3]"),
    ],
)
def test_refusals_name_the_field(path, value, field):
    document = _changed(path, value)
    with pytest.raises(api.CalculatorError) as caught:
        ask(document)
    assert caught.value.field == field
