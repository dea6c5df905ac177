"""Initial margin of a calculator document by hand: what an account makes of the prices."""

import copy
import json

import pytest
from support.calculator_oracle.document import read_margin_document
from support.calculator_oracle.margin import replicate

from .documents import hand_document


def first_account(document):
    return replicate(document)["accounts"][0]


def test_an_early_resolution_by_hand():
    """Long 10 at 0.60: losses -4, 0, 6, 0. W = 10 x 0.60 = 6.

    m = (1 - 0.5) x 4 = 2: ES = (6 + 0) / 2 = 3, VaR = 0. Gap and JTR = 6. Core 6, capped at 6.
    """
    document = hand_document()
    document["accounts"][0]["add_on"] = "0.25"
    answer = first_account(document)
    assert answer.pop("losses") == pytest.approx([-4, 0, 6, 0])
    assert answer.pop("gaps") == pytest.approx({"e": 6})
    assert answer == pytest.approx(
        {
            "id": "A",
            "worst_case_loss": 6,
            "expected_shortfall": 3,
            "expected_shortfall_at_rho": 3,
            "expected_shortfall_at_zero": 3,
            "value_at_risk": 0,
            "jump_to_resolution": 6,
            "core": 6,
            "add_on": 0.25,
            "initial_margin": 6,
        }
    )


def test_kappa_weighs_the_gap():
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


def test_where_nothing_moves_only_the_floor_is_left():
    """h = 0, f = 0: no price moves, ES = 0; lambda = 0, so the gap is the mean loss, 0. Floor
    0.1 x 6 = 0.6."""
    answer = first_account(hand_document(gap="move", jump_probability=0))
    assert answer["losses"] == pytest.approx([0, 0, 0, 0])
    assert answer["jump_to_resolution"] == pytest.approx(0)
    assert answer["initial_margin"] == pytest.approx(0.6)


def test_a_uniform_equal_to_the_probability_does_not_jump():
    """U < h: with h = 0.2 scenario 3 (U = 0.2) does not jump, scenario 1 does."""
    answer = first_account(hand_document(jump_probability=0.2))
    assert answer["losses"] == pytest.approx([-4, 0, 0, 0])


def test_what_marks_and_probabilities_disagree_on_counts_as_a_loss():
    """Marked 0.65, fitted 0.60: long 10 loses 0.5 more in every scenario, short 10 gains
    nothing by it. W: 10 x 0.65 = 6.5 and 10 x 0.35 = 3.5."""
    document = hand_document(marks=[0.65], kappa=0)
    answer = first_account(document)
    assert answer["losses"] == pytest.approx([-3.5, 0.5, 6.5, 0.5])
    assert answer["worst_case_loss"] == pytest.approx(6.5)
    document["accounts"][0]["positions"] = {"e": [-10]}
    answer = first_account(document)
    assert answer["losses"] == pytest.approx([4, 0, -6, 0])
    assert answer["worst_case_loss"] == pytest.approx(3.5)


def test_the_largest_cluster_counts():
    """W: e 6, f 6, g 2. e and g share a cluster: 6 + 2 = 8; f alone: 6. JTR = 8."""
    document = hand_document(kappa=1)
    event = document["events"][0]
    document["events"] += [event | {"id": "f", "cluster": 1}, event | {"id": "g"}]
    document["scenarios"]["U"].append([0.9, 0.9, 0.9, 0.9])
    for name in "fg":
        document["scenarios"]["eps"][name] = document["scenarios"]["eps"]["e"]
    document["accounts"][0]["positions"] = {"e": [10], "f": [10], "g": [-5]}
    answer = first_account(document)
    assert answer["worst_case_loss"] == pytest.approx(14)
    assert answer["jump_to_resolution"] == pytest.approx(8)


def test_a_sure_gain_in_one_event_pays_for_no_other():
    """A full set bought at 0.90: W = 10 x 0.90 - 10 = -1, counts 0. The binary's 6 stays."""
    document = hand_document()
    full_set = {"id": "s", "structure": "exclusive_exhaustive", "probabilities": [0.5, 0.3, 0.2]}
    document["events"].append(
        document["events"][0] | full_set | {"marks": [0.4, 0.3, 0.2], "jump_probability": 0}
    )
    document["scenarios"]["theta"]["s"] = [0.5] * 4
    document["scenarios"]["eta"]["s"] = [[0] * 4] * 3
    document["accounts"][0]["positions"]["s"] = [10, 10, 10]
    answer = first_account(document)
    assert answer["worst_case_loss"] == pytest.approx(6)
    assert answer["gaps"] == pytest.approx({"e": 6, "s": 0})
    assert answer["initial_margin"] == pytest.approx(6)


def hedge(rho):
    """Long e and short f of one group; f = 1 resolves both by Z at once. Own draws: the scenarios
    of e are yes, no, yes, no, of f no, yes, yes, no; of the group yes, yes, no, no."""
    document = hand_document(rho=rho, information=1, kappa=0, jump_probability=0)
    event = document["events"][0] | {"probabilities": [0.5, 0.5]}
    document["events"] = [event, event | {"id": "f"}]
    document["scenarios"]["F"] = [[5, 5, -5, -5]]
    document["scenarios"]["eps"] = {"e": [1, -1, 1, -1], "f": [-1, 1, 1, -1]}
    document["accounts"][0]["positions"] = {"e": [10], "f": [-10]}
    return first_account(document)


def test_correlation_earns_no_discount():
    """At rho = 1 both resolve alike: no loss. At rho = 0: -10, 10, 0, 0, ES of two = 5. The
    larger counts, with its losses."""
    answer = hedge(1)
    assert answer["expected_shortfall_at_rho"] == pytest.approx(0)
    assert answer["expected_shortfall_at_zero"] == pytest.approx(5)
    assert answer["expected_shortfall"] == pytest.approx(5)
    assert answer["value_at_risk"] == pytest.approx(0)
    assert answer["losses"] == pytest.approx([-10, 10, 0, 0])


@pytest.mark.parametrize("alpha", [0.9, "0.9", "0.90"])
def test_the_tail_is_counted_exactly(alpha):
    """alpha 0.9, S 20: m = 2. Payoff 0 or 20, mark 10, short 1: it loses 10 in the two scenarios
    that resolve high and gains 10 in the others. ES = VaR = 10; with m = 3, 10 / 3 and -10."""
    document = hand_document(
        structure="matrix",
        ordered=True,
        probabilities=[0.5, 0.5],
        payoffs=[[0, 20]],
        jump_probability=1,
    )
    document["alpha"] = alpha
    document["scenarios"] |= {
        "F": [[0] * 20],
        "U": [[0] * 20],
        "eps": {"e": [9] * 2 + [-9] * 18},
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
    document = hand_document(jump_probability=0) | {"alpha": alpha}
    rows = {"F": [[0] * scenarios], "U": [], "eps": {"e": [0] * scenarios}}
    document["scenarios"] |= rows
    assert read_margin_document(document).tail_count == tail


@pytest.mark.parametrize(("add_on", "margin"), [("0.00001", 3.0001), ("0.0001", 3.0001), (0, 3)])
def test_margin_is_rounded_up_to_a_hundredth_of_a_cent(add_on, margin):
    document = hand_document(kappa=0)
    document["accounts"][0]["add_on"] = add_on
    assert first_account(document)["initial_margin"] == pytest.approx(margin, abs=1e-12)


def test_rows_by_name_are_rows_by_number():
    by_number = hand_document(rho=0.5)
    by_name = hand_document(rho=0.5, group="g", cluster="c")
    for kind, name in [("F", "g"), ("U", "c")]:
        by_name["scenarios"][kind] = {name: by_number["scenarios"][kind][0]}
    assert replicate(by_name) == replicate(by_number)


def test_the_answer_is_json():
    assert json.loads(json.dumps(replicate(hand_document()))) == replicate(hand_document())


def test_the_document_is_left_alone():
    document = hand_document()
    before = copy.deepcopy(document)
    replicate(document)
    assert document == before
