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
    "expected_shortfall_at_rho",
    "expected_shortfall_at_zero",
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
        assert found["gaps"].keys() == expected["gaps"].keys()
        assert all(close(gap, expected["gaps"][event]) for event, gap in found["gaps"].items())
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
        drawn, row = document["scenarios"], [i / scenarios for i in range(scenarios)]
        drawn |= {name: [row for _ in drawn[name]] for name in ("F", "U")}
        drawn |= {name: dict.fromkeys(drawn[name], row) for name in ("eps", "theta", "info")}
        drawn["eta"] = {event: [row for _ in rows] for event, rows in drawn["eta"].items()}
        account = ask(document)["accounts"][0]
        worst = sorted(account["losses"])[-tail:]
        assert close(account["value_at_risk"], worst[0])
        assert close(account["expected_shortfall"], sum(worst) / tail)


def test_rows_may_have_names_and_more_of_them_may_be_there():
    named = example()
    for event in named["events"]:
        event["group"], event["cluster"] = "economy", f"cluster {event['cluster']}"
    drawn = named["scenarios"]
    drawn["F"] = {"economy": drawn["F"][0], "sport": [9, 9, 9, 9]}
    drawn["U"] = {f"cluster {i}": row for i, row in enumerate(drawn["U"])}
    drawn["theta"]["another event"] = [0, 0, 0, 0]
    assert ask(named)["accounts"] == ask(example())["accounts"]


def test_news_that_arrives_smoothly_needs_no_draws_of_lumps():
    document = example()
    del document["events"][1]["lumps"], document["scenarios"]["info"]
    assert ask(document)["accounts"][0]["initial_margin"] > 0


def test_the_two_events_of_the_specification_are_charged_in_full():
    """1,000 full sets marked 0.30 x 3 (W -100) and 200 long at 0.50 due tomorrow (W 100)."""
    document = example()
    document["events"][0] |= {"ramp": 1, "information": 1, "gap": "resolution"}
    document["events"][1] |= {"structure": "exclusive_exhaustive", "marks": [0.3, 0.3, 0.3]}
    held = {"rate-rise": [200], "nominee": [1000, 1000, 1000]}
    document["accounts"] = [{"id": "both", "positions": held}]
    answer = ask(document)["accounts"][0]
    assert answer["worst_case_loss"] == answer["initial_margin"] == 100
    assert answer["jump_to_resolution"] == 100


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
        ("core_floor", 1.5, "core_floor"),
        ("gap_quantile", 1, "gap_quantile"),
        ("gap_quantile", "0.4", "gap_quantile"),
        ("events/1/probabilities", [0.5, 0.6, 0.1], "events[1].probabilities"),
        ("events/1/probabilities", [1.1, -0.1, 0], "events[1].probabilities"),
        ("events/0/probabilities", [0.5, 0.25, 0.25], "events[0].probabilities"),
        ("events/0/structure", "square", "events[0].structure"),
        ("events/0/information", -1, "events[0].information"),
        ("events/0/gap_information", 2, "events[0].gap_information"),
        ("events/0/rho", 1.01, "events[0].rho"),
        ("events/0/ordered", False, "events[0].ordered"),
        ("events/1/lumps", 0, "events[1].lumps"),
        ("events/1/loadings", [1, 0], "events[1].loadings"),
        ("events/1/loadings", [1, 1, 0], "events[1].loadings"),
        ("events/1/marks", [1], "events[1].marks"),
        ("events/1/marks", [1, "x"], "events[1].marks[1]"),
        ("events/1/jump_probability", 2, "events[1].jump_probability"),
        ("events/1/happens_probability", 0.1, "events[1].happens"),
        ("events/1/happens", [3], "events[1].happens[0]"),
        ("events/0/ramp", -0.1, "events[0].ramp"),
        ("events/0/gap", "jump", "events[0].gap"),
        ("events/0/kappa", 2, "events[0].kappa"),
        ("events/0/k", 1, "events[0].k"),
        ("events/0/contracts", 1, "events[0].contracts"),
        ("events/1/structure", "k_of_n", "events[1].k"),
        ("events/1", example()["events"][1] | {"structure": "k_of_n", "k": 10**12}, "events[1].k"),
        ("events/1/structure", "matrix", "events[1].payoffs"),
        ("events/0/group", 7, "events[0].group"),
        ("events/0/cluster", "x", "events[0].cluster"),
        ("events/1/id", "rate-rise", "events[1].id"),
        ("accounts/1/id", "fund", "accounts[1].id"),
        ("accounts/0/positions/rate-rise", [1, 2], "accounts[0].positions.rate-rise"),
        ("accounts/0/positions/rate-rise", ["many"], "accounts[0].positions.rate-rise[0]"),
        ("accounts/0/positions/snow", [1], "accounts[0].positions.snow"),
        ("accounts/0/add_on", -1, "accounts[0].add_on"),
        ("scenarios/U", [], "scenarios.U"),
        ("scenarios/U", [[]], "scenarios.U"),
        ("scenarios/U/1", [0.1, 0.2], "scenarios.U[1]"),
        ("scenarios/eps/rate-rise", [0, 0], "scenarios.eps.rate-rise"),
        ("scenarios/eps", None, "scenarios.eps.rate-rise"),
        ("scenarios/eta/nominee", [[0, 0, 0, 0]], "scenarios.eta.nominee"),
        ("scenarios/eta/nominee/0", [0, 0], "scenarios.eta.nominee"),
        ("scenarios/theta/nominee", None, "scenarios.theta.nominee"),
        ("scenarios/theta/nominee", [0, 0, 0, "x"], "scenarios.theta.nominee[3]"),
        ("scenarios/info/nominee", [0, 0, 0, True], "scenarios.info.nominee[3]"),
    ],
)
def test_refusals_name_the_field(path, value, field):
    document = _changed(path, value)
    with pytest.raises(api.CalculatorError) as caught:
        ask(document)
    assert caught.value.field == field
