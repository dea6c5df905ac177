"""What must hold of every margin: section 6 of the specification, on small documents.

What section 6 calls false by construction is not asserted.
"""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.calculator_oracle.margin import replicate

from .documents import documents

pytestmark = pytest.mark.slow

TOLERANCE = 1e-9
few = settings(max_examples=40, deadline=None)


def answers(document):
    return {answer["id"]: answer for answer in replicate(document)["accounts"]}


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
        assert worst >= -TOLERANCE
        assert 0 <= answer["initial_margin"] <= max(worst, 0)
        assert answer["expected_shortfall"] >= answer["value_at_risk"] - TOLERANCE
        assert max(answer["losses"]) <= worst + TOLERANCE


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
    does not fall."""
    positions = document["accounts"][0]["positions"]
    one = answers(with_positions(document, positions, 1.0))["x"]
    many = answers(with_positions(document, scaled(positions, factor), factor**1.5))["x"]
    assert many["core"] == pytest.approx(factor * one["core"], abs=TOLERANCE)
    assert many["initial_margin"] >= factor * one["initial_margin"] - TOLERANCE


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
def test_removing_the_ramp_never_raises_the_margin(document):
    without = document | {"events": [event | {"ramp": 0} for event in document["events"]]}
    before, after = answers(document), answers(without)
    for name in before:
        assert after[name]["initial_margin"] <= before[name]["initial_margin"] + TOLERANCE


@few
@given(documents())
def test_losses_of_all_holders_cancel_in_every_scenario(document):
    """Long and short of the same; without ramp, whose worst case is each holder's own."""
    plain = document | {"events": [event | {"ramp": 0} for event in document["events"]]}
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
    for part in ("F", "FJ", "U", "eps", "xi"):
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
    """A document whose first event is exhaustive with three contracts."""
    document = draw(
        documents().filter(
            lambda found: found["events"][0]["structure"] in ("exclusive_exhaustive", "k_of_n")
        )
    )
    document["events"][0].pop("k", None)
    document["events"][0]["structure"] = "exclusive_exhaustive"
    return document


@few
@given(exhaustive_documents(), st.integers(1, 50))
def test_a_full_long_set_cannot_lose(document, size):
    answer = answers(with_positions(document, {"e0": [size] * 3}))["x"]
    assert answer["worst_case_loss"] == pytest.approx(0, abs=TOLERANCE)
    assert answer["initial_margin"] == pytest.approx(0, abs=TOLERANCE)


@few
@given(exhaustive_documents(), st.integers(1, 50), st.integers(1, 7))
def test_converting_no_into_the_other_yes_changes_nothing(document, size, chosen):
    """NO of a set of contracts pays what cash and YES of the others pay."""
    others = document["accounts"][0]["positions"]
    no = [-size * (chosen >> contract & 1) for contract in range(3)]
    yes = [size + q for q in no]
    before = answers(with_positions(document, others | {"e0": no}))["x"]
    after = answers(with_positions(document, others | {"e0": yes}))["x"]
    for measure in ("worst_case_loss", "core", "initial_margin"):
        assert after[measure] == pytest.approx(before[measure], abs=TOLERANCE)
    assert after["losses"] == pytest.approx(before["losses"], abs=TOLERANCE)


@few
@given(exhaustive_documents())
def test_a_state_more_never_lowers_the_worst_case(document):
    """The same event with "none" of probability zero."""
    event = document["events"][0]
    more = copy.deepcopy(document)
    more["events"][0] |= {
        "structure": "exclusive",
        "probabilities": [*event["probabilities"], 0],
    }
    more["scenarios"]["eps"]["e0"].append([0.0] * 8)
    before, after = answers(document), answers(more)
    for name in before:
        assert after[name]["worst_case_loss"] >= before[name]["worst_case_loss"] - TOLERANCE
