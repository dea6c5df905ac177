"""What must hold of every margin: section 6 of the specification, on small documents.

What section 6 calls false by construction is not asserted.
"""

import copy
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.calculator_oracle.margin import replicate

from reporting.replica.gap import move_gap
from reporting.replica.volatility import information

from .documents import SCENARIOS, documents

pytestmark = pytest.mark.slow

TOLERANCE = 1e-9
few = settings(max_examples=40, deadline=None)


def answers(document):
    return {answer["id"]: answer for answer in replicate(document)["accounts"]}


def fitted(document):
    """The same document without raw marks of its own."""
    events = [
        {name: value for name, value in event.items() if name != "marks"}
        for event in document["events"]
    ]
    return document | {"events": events}


def with_positions(document, positions, add_on=0.0):
    """The same document with one account "x" of these positions."""
    account = {"id": "x", "positions": positions, "add_on": add_on}
    return document | {"accounts": [account]}


def scaled(positions, factor):
    return {event: [factor * q for q in held] for event, held in positions.items()}


@few
@given(documents())
def test_margin_lies_between_zero_and_the_worst_case(document):
    for answer in answers(document).values():
        worst = answer["worst_case_loss"]
        assert worst >= 0
        assert -TOLERANCE <= answer["jump_to_resolution"] <= worst + TOLERANCE
        assert 0 <= answer["initial_margin"] <= worst
        assert answer["initial_margin"] >= answer["jump_to_resolution"] - TOLERANCE
        assert answer["expected_shortfall"] >= answer["value_at_risk"] - TOLERANCE
        sets = (answer["expected_shortfall_at_rho"], answer["expected_shortfall_at_zero"])
        assert answer["expected_shortfall"] == max(sets)


@few
@given(documents())
def test_no_scenario_loses_more_than_the_worst_case_where_marks_are_fitted(document):
    """The fit term and a move are charged beside each other: with raw marks that nothing fits,
    their sum may be above the worst case, and margin is then capped by it."""
    for answer in answers(fitted(document)).values():
        assert max(answer["losses"]) <= answer["worst_case_loss"] + TOLERANCE


@few
@given(documents())
def test_nothing_held_needs_no_margin(document):
    empty = with_positions(document, scaled(document["accounts"][0]["positions"], 0), 5)
    assert answers(empty)["x"]["initial_margin"] == 0
    assert answers(with_positions(document, {}, 5))["x"]["initial_margin"] == 0


@few
@given(documents(), st.integers(2, 9))
def test_core_grows_with_the_position_and_margin_not_more_slowly(document, factor):
    """Core(f q) = f Core(q); with an add-on of size ** 1.5, as section 5 makes it, IM / W
    does not fall, but for the rounding of both."""
    positions = document["accounts"][0]["positions"]
    one = answers(with_positions(document, positions, 1.0))["x"]
    many = answers(with_positions(document, scaled(positions, factor), factor**1.5))["x"]
    assert many["core"] == pytest.approx(factor * one["core"], abs=TOLERANCE)
    assert many["initial_margin"] >= factor * (one["initial_margin"] - 1e-4) - TOLERANCE


@few
@given(documents())
def test_core_of_a_sum_is_at_most_the_sum_of_cores(document):
    a, b = (account["positions"] for account in document["accounts"])
    both = {event: [x + y for x, y in zip(a[event], b[event], strict=True)] for event in a}
    parts = answers(document)
    together = answers(with_positions(document, both))["x"]
    assert together["core"] <= parts["a"]["core"] + parts["b"]["core"] + TOLERANCE


@few
@given(documents())
def test_losses_of_all_holders_cancel_in_every_scenario(document):
    """Long and short of the same; without ramp and fit term, whose losses are each holder's own,
    and without correlation, whose larger set may be another for the short."""
    plain = fitted(document)
    plain["events"] = [event | {"ramp": 0, "rho": 0} for event in plain["events"]]
    positions = plain["accounts"][0]["positions"]
    long = answers(with_positions(plain, positions))["x"]["losses"]
    short = answers(with_positions(plain, scaled(positions, -1)))["x"]["losses"]
    assert [x + y for x, y in zip(long, short, strict=True)] == pytest.approx([0] * len(long))


@few
@given(documents(), st.randoms(use_true_random=False))
def test_no_order_changes_the_last_bit(document, random):
    other = copy.deepcopy(document)
    random.shuffle(other["events"])
    random.shuffle(other["accounts"])
    for part in ("F", "U", "eps", "eta", "theta", "info"):
        rows = list(other["scenarios"][part].items())
        random.shuffle(rows)
        other["scenarios"][part] = dict(rows)
    for account in other["accounts"]:
        held = list(account["positions"].items())
        random.shuffle(held)
        account["positions"] = dict(held)
    assert answers(other) == answers(document)


@few
@given(documents())
def test_what_somebody_else_holds_changes_nothing(document):
    alone = document | {"accounts": document["accounts"][:1]}
    assert answers(alone)["a"] == answers(document)["a"]


@st.composite
def exhaustive_documents(draw):
    """A document whose first event is exhaustive with three contracts, at fitted marks."""
    document = draw(
        documents().filter(lambda found: found["events"][0]["structure"] == "exclusive_exhaustive")
    )
    return fitted(document)


@few
@given(exhaustive_documents(), st.integers(1, 50))
def test_a_full_long_set_cannot_lose_and_pays_for_nothing(document, size):
    full_set = {"e0": [size] * 3}
    answer = answers(with_positions(document, full_set))["x"]
    assert answer["worst_case_loss"] == pytest.approx(0, abs=TOLERANCE)
    assert answer["initial_margin"] == pytest.approx(0, abs=TOLERANCE)
    others = document["accounts"][0]["positions"] | {"e0": [0, 0, 0]}
    before = answers(with_positions(document, others))["x"]
    after = answers(with_positions(document, others | full_set))["x"]
    for measure in ("worst_case_loss", "jump_to_resolution", "core"):
        assert after[measure] == pytest.approx(before[measure], abs=TOLERANCE)


@few
@given(exhaustive_documents(), st.integers(1, 50), st.integers(1, 7))
def test_converting_no_into_the_other_yes_changes_nothing(document, size, chosen):
    """NO of a set of contracts pays what cash and YES of the others pay."""
    others = document["accounts"][0]["positions"]
    no = [-size * (chosen >> contract & 1) for contract in range(3)]
    yes = [size + q for q in no]
    before = answers(with_positions(document, others | {"e0": no}))["x"]
    after = answers(with_positions(document, others | {"e0": yes}))["x"]
    for measure in ("worst_case_loss", "jump_to_resolution", "core"):
        assert after[measure] == pytest.approx(before[measure], abs=TOLERANCE)
    assert after["initial_margin"] == pytest.approx(before["initial_margin"], abs=1.1e-4)
    # Equal sets may be told apart by rounding alone: the losses of either are then as large.
    assert sorted(after["losses"]) == pytest.approx(sorted(before["losses"]), abs=TOLERANCE)


@few
@given(exhaustive_documents())
def test_a_state_more_never_lowers_the_worst_case(document):
    """The same event with "none" of probability zero."""
    event = document["events"][0]
    more = copy.deepcopy(document)
    more["events"][0] = {
        name: value for name, value in event.items() if name not in ("ordered", "loadings")
    } | {"structure": "exclusive", "probabilities": [*event["probabilities"], 0]}
    rows = document["scenarios"]["eta"].get("e0", [[0.0] * SCENARIOS] * 3)
    more["scenarios"]["eta"]["e0"] = [*rows, [0.0] * SCENARIOS]
    more["scenarios"]["theta"].setdefault("e0", [0.5] * SCENARIOS)
    before, after = answers(document), answers(more)
    for name in before:
        assert after[name]["worst_case_loss"] >= before[name]["worst_case_loss"] - TOLERANCE


@few
@given(documents(), st.integers(1, 5))
def test_more_strikes_move_no_contract(document, rungs):
    """A ladder of one rung, and the same rung among others: its losses are the same."""
    event = document["events"][0] | {"structure": "binary", "probabilities": [0.4, 0.6]}
    for name in ("k", "contracts", "payoffs", "ordered", "loadings", "marks", "happens"):
        event.pop(name, None)
    event.pop("happens_probability", None)
    scenarios = copy.deepcopy(document["scenarios"])
    scenarios["eps"].setdefault("e0", [0.3, -1, 2, 0, 0.1, -0.2, 1.5, -3])
    lower = [0.4 / rungs] * rungs
    many = event | {"structure": "ladder", "probabilities": [*lower, 0.25, 0.35]}
    held = [0] * (rungs - 1) + [10, 0]
    alone = document | {"events": [event], "scenarios": scenarios}
    among = document | {"events": [many], "scenarios": scenarios}
    one = answers(with_positions(alone, {"e0": [10]}))["x"]
    other = answers(with_positions(among, {"e0": held}))["x"]
    for measure in ("worst_case_loss", "jump_to_resolution", "core"):
        assert other[measure] == pytest.approx(one[measure], abs=TOLERANCE)
    assert other["losses"] == pytest.approx(one["losses"], abs=TOLERANCE)


@few
@given(st.integers(1, 9), st.integers(1, 99), st.sampled_from([0.25, 1.0, 2.0]))
def test_margin_of_one_contract_never_rises_with_the_time_to_go(days, cents, v_squared):
    """The gap of a lone ordered contract, v fixed: information falls with tau."""
    p = cents / 100
    gaps = [
        move_gap([p, p - 1], [1 - p, p], information(v_squared, tau, days), 0.999)
        for tau in range(1, 200, 7)
    ]
    assert all(later <= earlier + TOLERANCE for earlier, later in pairwise(gaps))
