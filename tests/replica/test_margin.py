"""Initial margin by hand, and the explanation of it."""

import copy
import json
import math

import pytest
from support.calculator_oracle.document import read_margin_document
from support.calculator_oracle.margin import replicate

from .documents import hand_document

LN_2 = math.log(2)


def first_account(document):
    return replicate(document)["accounts"][0]


def test_a_jump_by_hand():
    """Long 10 at 0.60: losses -4, 0, 6, 0. W = 10 x 0.60 = 6.

    m = (1 - 0.5) x 4 = 2: ES = (6 + 0) / 2 = 3, VaR = 0. JTR = 6. Core 6, capped at 6.
    """
    document = hand_document()
    document["accounts"][0]["add_on"] = "0.25"
    answer = first_account(document)
    assert answer.pop("losses") == pytest.approx([-4, 0, 6, 0])
    assert answer == pytest.approx(
        {
            "id": "A",
            "worst_case_loss": 6,
            "expected_shortfall": 3,
            "value_at_risk": 0,
            "jump_to_resolution": 6,
            "core": 6,
            "add_on": 0.25,
            "initial_margin": 6,
        }
    )


def test_kappa_weighs_the_jump_requirement():
    """kappa 1/4: JTR = 1.5 is below ES = 3; core 3, add-on 1, margin 4 below W = 6."""
    document = hand_document(kappa=0.25)
    document["accounts"][0]["add_on"] = 1
    answer = first_account(document)
    assert answer["jump_to_resolution"] == pytest.approx(1.5)
    assert (answer["core"], answer["initial_margin"]) == pytest.approx((3, 4))


def test_the_ramp_mixes_loss_and_worst_case():
    """ramp 1/2: losses (-4, 0, 6, 0) / 2 + 3 = 1, 3, 6, 3. ES = 4.5, VaR = 3."""
    answer = first_account(hand_document(ramp=0.5, kappa=0))
    assert answer["losses"] == pytest.approx([1, 3, 6, 3])
    assert (answer["expected_shortfall"], answer["value_at_risk"]) == pytest.approx((4.5, 3))


def test_without_jump_only_the_floor_is_left():
    """No jump, h = 0: no price moves, ES = 0, JTR = 0; floor 0.1 x 6 = 0.6."""
    answer = first_account(hand_document(jump=False, jump_probability=0))
    assert answer["losses"] == pytest.approx([0, 0, 0, 0])
    assert answer["jump_to_resolution"] == 0
    assert answer["initial_margin"] == pytest.approx(0.6)


def test_a_uniform_equal_to_the_probability_does_not_jump():
    """U < h: with h = 0.2 scenario 3 (U = 0.2) does not jump, scenario 1 does."""
    answer = first_account(hand_document(jump_probability=0.2))
    assert answer["losses"] == pytest.approx([-4, 0, 0, 0])


def test_a_jump_probability_for_each_scenario():
    """U = 0.1, 0.6, 0.2, 0.5 against 0, 0.7, 0.1, 0.6: the second and the fourth jump, both
    with xi = 0: 1 - V = 0.5 is below 0.6: yes."""
    answer = first_account(hand_document(jump_probability=[0, "0.7", 0.1, 0.6]))
    assert answer["losses"] == pytest.approx([0, -4, 0, -4])


def test_an_event_has_a_liquidation_period_of_its_own():
    """Four days of its own double the shock of the one day of the document."""
    document = diffusion_document(1, 1, [9, 9, 9], 1, LN_2 / 2)
    document["events"][0]["liquidation_days"] = 4
    assert first_account(document)["losses"] == pytest.approx([0.5 - 1 / 1.4])


def test_the_largest_cluster_counts():
    """W: e 6, f 6, g 2. e and g share a cluster: 6 + 2 = 8; f alone: 6. JTR = 8."""
    document = hand_document(kappa=1)
    event = document["events"][0]
    document["events"] += [event | {"id": "f", "cluster": 1}, event | {"id": "g"}]
    document["scenarios"]["U"].append([0.9, 0.9, 0.9, 0.9])
    for name in "fg":
        document["scenarios"]["eps"][name] = document["scenarios"]["eps"]["e"]
        document["scenarios"]["xi"][name] = [0, 0, 0, 0]
    document["accounts"][0]["positions"] = {"e": [10], "f": [10], "g": [-5]}
    answer = first_account(document)
    assert answer["worst_case_loss"] == pytest.approx(14)
    assert answer["jump_to_resolution"] == pytest.approx(8)


def diffusion_document(rho, factor, eps, days=1, sigma=LN_2):
    """One exhaustive event of three, pi = (0.5, 0.3, 0.2), one scenario, long 1 of the first."""
    document = hand_document(
        structure="exclusive_exhaustive",
        probabilities=[0.5, 0.3, 0.2],
        sigma=sigma,
        rho=rho,
        jump=False,
        jump_probability=0,
    )
    document["liquidation_days"] = days
    document["scenarios"] = {
        "F": [[factor]],
        "FJ": [],
        "U": [],
        "eps": {"e": [[value] for value in eps]},
        "xi": {},
    }
    document["accounts"][0]["positions"]["e"] = [1, 0, 0]
    return document


@pytest.mark.parametrize(
    ("document", "price"),
    [
        # rho 1, F 1, d = (1, 0, -1): weights 0.5 x 2, 0.3, 0.2 / 2, sum 1.4.
        (diffusion_document(1, 1, [9, 9, 9]), 1 / 1.4),
        # F -1: weights 0.25, 0.3, 0.4, sum 0.95.
        (diffusion_document(1, -1, [9, 9, 9]), 0.25 / 0.95),
        # Four days double the shock: half the sigma gives the first case again.
        (diffusion_document(1, 1, [9, 9, 9], 4, LN_2 / 2), 1 / 1.4),
        # rho 0: eps (0, 1, 2) gives weights 0.5, 0.6, 0.8, sum 1.9.
        (diffusion_document(0, 5, [0, 1, 2]), 0.5 / 1.9),
        # rho 0.36: sqrt 0.6 and 0.8. u / ln 2 = 0.6 x 5 d + 0.8 x (0, 0, 2.5)
        # = 3, 0, -1: weights 4, 0.3, 0.1, sum 4.4.
        (diffusion_document(0.36, 5, [0, 0, 2.5]), 4 / 4.4),
        # A shock of 5000 logits does not overflow: the first state takes all.
        (diffusion_document(1, 1, [0, 0, 0], 1, 5000), 1.0),
    ],
)
def test_diffusion_by_hand(document, price):
    assert first_account(document)["losses"] == pytest.approx([0.5 - price])


def test_an_impossible_state_stays_impossible():
    document = diffusion_document(1, -1, [0, 0, 0], 1, 5000)
    document["events"][0]["probabilities"] = [0.6, 0.4, 0]
    assert first_account(document)["losses"] == pytest.approx([0.6])


@pytest.mark.parametrize(("xi", "payoff"), [(0.9, 1), (0.3, 0), (-9, 0), (9, 1)])
def test_the_resolved_state_at_its_edges(xi, payoff):
    """pi = (0.25, 0.75, 0): yes when Phi(xi) > 0.75, xi > 0.6745; xi = -9 gives 1 - V = 1,
    which no cumulative exceeds: the last possible state, not the third."""
    document = hand_document(
        structure="exclusive",
        probabilities=[0.25, 0.75, 0],
        jump_probability=1,
    )
    document["scenarios"]["xi"]["e"] = [xi] * 4
    document["scenarios"]["eps"]["e"].append([0, 0, 0, 0])
    document["accounts"][0]["positions"]["e"] = [1, 1]
    # Long both: pays 1 whichever of the possible states comes.
    assert first_account(document)["losses"] == pytest.approx([0] * 4)
    document["accounts"][0]["positions"]["e"] = [1, 0]
    assert first_account(document)["losses"] == pytest.approx([0.25 - payoff] * 4)


@pytest.mark.parametrize(
    ("rho", "factor", "xi", "payoff"),
    [
        # V = Phi(0) = 1/2: 0.5 does not exceed 1 - V = 0.5, so the second state.
        (0.36, 0, 0, 0),
        # 0.6 x 4 - 0.8 x 2.9 = 0.08 > 0: the first state.
        (0.36, 4, -2.9, 1),
        # 0.6 x 4 - 0.8 x 3.1 = -0.08 < 0: the second.
        (0.36, 4, -3.1, 0),
    ],
)
def test_group_and_event_share_in_the_resolution(rho, factor, xi, payoff):
    document = hand_document(probabilities=[0.5, 0.5], rho=rho, jump_probability=1)
    document["scenarios"]["FJ"] = [[factor] * 4]
    document["scenarios"]["xi"]["e"] = [xi] * 4
    document["accounts"][0]["positions"]["e"] = [1]
    assert first_account(document)["losses"] == [0.5 - payoff] * 4


@pytest.mark.parametrize("alpha", [0.9, "0.9", "0.90"])
def test_the_tail_is_counted_exactly(alpha):
    """alpha 0.9, S 20: m = 2. Payoff 0 or 20, mark 10, short 1: it loses 10 in the two
    scenarios with FJ = -9, which resolve to the second state, and gains 10 in the others.
    ES = VaR = 10; with m = 3 they would be 10 / 3 and -10."""
    document = hand_document(
        structure="matrix", probabilities=[0.5, 0.5], payoffs=[[0, 20]], rho=1, jump_probability=1
    )
    document["alpha"] = alpha
    document["scenarios"] = {
        "F": [[0] * 20],
        "FJ": [[-9] * 2 + [9] * 18],
        "U": [[0] * 20],
        "eps": {"e": [[0] * 20] * 2},
        "xi": {"e": [0] * 20},
    }
    document["accounts"][0]["positions"]["e"] = [-1]
    answer = first_account(document)
    assert (answer["expected_shortfall"], answer["value_at_risk"]) == (10, 10)


@pytest.mark.parametrize(
    ("alpha", "scenarios", "tail"),
    [(0.99, 100, 1), ("0.99", 5000, 50), (0.95, 20, 1), (0.99, 150, 2), ("0.999", 5, 1)],
)
def test_rounding_error_does_not_lengthen_the_tail(alpha, scenarios, tail):
    """In float64, (1 - 0.99) x 100 is 1.0000000000000009, whose ceiling would be 2."""
    document = hand_document(jump=False, jump_probability=0) | {"alpha": alpha}
    document["scenarios"] |= {"F": [[0] * scenarios], "FJ": [], "U": [], "xi": {}}
    document["scenarios"]["eps"]["e"] = [[0] * scenarios] * 2
    assert read_margin_document(document).tail_count == tail


@pytest.mark.parametrize("size", [1, 7, 10])
def test_rounding_error_makes_no_margin_below_zero(size):
    """A full set at thirds has W = 0, in float64 a little below it."""
    document = diffusion_document(0, 0, [0, 0, 0])
    document["events"][0]["probabilities"] = [1 / 3] * 3
    document["accounts"][0]["positions"]["e"] = [size] * 3
    answer = first_account(document)
    assert answer["worst_case_loss"] < 0
    assert answer["initial_margin"] == 0


def test_rows_by_name_are_rows_by_number():
    by_number = hand_document()
    by_name = hand_document(group="g", cluster="c")
    for kind, name in [("F", "g"), ("FJ", "g"), ("U", "c")]:
        by_name["scenarios"][kind] = {name: by_number["scenarios"][kind][0]}
    assert replicate(by_name) == replicate(by_number)


def test_the_answer_is_json():
    assert json.loads(json.dumps(replicate(hand_document()))) == replicate(hand_document())


def test_the_document_is_left_alone():
    document = hand_document()
    before = copy.deepcopy(document)
    replicate(document)
    assert document == before
