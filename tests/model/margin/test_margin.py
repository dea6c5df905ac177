"""Account margin: by hand, against plain.py, and the schedule's refusals."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.errors import ModelError
from reporting.model.margin import initial_margin as margin
from reporting.model.margin.initial_margin import (
    Credits,
    EventLosses,
    JointGaps,
    Tails,
    account_margin,
    jump_requirement,
    ramp,
)

from .. import plain
from ..schedules import schedule
from .test_properties import NO_JOINT_GAPS, SCHEDULE, margin_of, rows_of_w

DAY = 86_400


def test_ramp_by_hand():
    tau = np.array([0, 2 * DAY, 2 * DAY + 1, 5 * DAY, 8 * DAY - 1, 8 * DAY, 99 * DAY, 99 * DAY])
    wrong_way = np.array([False] * 7 + [True])
    numerator, denominator = ramp(SCHEDULE, tau, np.ones(8, dtype=np.int64), wrong_way)
    span = 6 * DAY
    assert numerator.tolist() == [span, span, span - 1, 3 * DAY, 1, 0, 0, span]
    assert denominator.tolist() == [span] * 8


def test_ramp_starts_after_the_liquidation_period():
    """tau0 is mpor + 1 day, tau1 mpor + 7: 9 days out is 0 at one day, 1/2 at five."""
    tau, days = np.array([9 * DAY, 9 * DAY]), np.array([1, 5])
    numerator, denominator = ramp(SCHEDULE, tau, days, np.zeros(2, dtype=bool))
    assert numerator.tolist() == [0, 3 * DAY]
    assert denominator.tolist() == [6 * DAY] * 2


def test_account_by_hand():
    """W 100 + 50 + 10; the first half ramped, the second far away, the third at once."""
    rows = [(0, 100, 5 * DAY, False), (0, 50, 30 * DAY, False), (0, 10, DAY, False)]
    found = margin_of(rows)
    assert found.worst_case[0] == 160
    assert found.ramped[0] == 60  # 50 + 0 + 10
    assert found.jump_to_resolution[0] == 100
    assert found.core[0] == found.initial[0] == 100


def test_the_floor_share_is_rounded_up():
    rows = [(0, 1, 99 * DAY, False)] * 31
    found = margin_of(rows)
    assert found.core[0] == 4  # 10 % of 31 is 3.1; the single worst is 1


def test_wrong_way_is_held_in_full():
    assert margin_of([(0, 70, 99 * DAY, True), (0, 60, 99 * DAY, True)]).initial[0] == 130


def test_a_sure_gain_pays_for_no_other_loss():
    """1,000 full sets bought at 0.90 gain 100 for sure; 200 long at 0.50 due tomorrow lose 100."""
    found = margin_of([(0, -100, 40 * DAY, False), (0, 100, 0, False), (1, -100, 0, False)])
    assert found.worst_case.tolist()[:2] == [100, 0]
    assert found.initial.tolist()[:2] == [100, 0]


@given(rows_of_w)
def test_agrees_with_the_plain_implementation(rows):
    found = margin_of(rows)
    for account in range(5):
        events = [(Fraction(max(w, 0)), tau, wrong) for a, w, tau, wrong in rows if a == account]
        worst, ramped, single, core, initial = plain.margin(events, 172_800, 691_200, 1000)
        assert found.worst_case[account] == max(worst, 0)
        assert found.jump_to_resolution[account] == single
        # each ramped row is rounded up to a micro, so at most one micro per row
        assert 0 <= max(found.ramped[account], 0) - max(ramped, 0) <= len(events)
        assert 0 <= found.core[account] - max(core, 0) <= len(events) + 1
        assert abs(found.initial[account] - max(initial, 0)) <= len(events) + 1


def of_one_account(losses, cluster=(), gaps=(), joint=NO_JOINT_GAPS, **more):
    """AccountMargin of one account from its worst cases and gaps, all far from resolution."""
    size = len(losses)
    rows = EventLosses(
        account=np.zeros(size, dtype=np.int64),
        worst_case=np.array(losses, dtype=np.int64),
        ramp_numerator=np.zeros(size, dtype=np.int64),
        ramp_denominator=np.ones(size, dtype=np.int64),
        gap=np.maximum(np.array(gaps or losses, dtype=np.int64), 0),
        cluster=np.array(cluster or range(size), dtype=np.int64),
    )
    amounts = {"at_rho": 0.0, "at_zero": 0.0, "value_at_risk": 0.0, "add_ons": 0.0}
    amounts |= {"credit": 0, "ramped": 0} | more
    one = {name: np.array([amount]) for name, amount in amounts.items()}
    shortfall = np.maximum(one["at_rho"], one["at_zero"])
    tails = Tails(shortfall, one["value_at_risk"], one["at_rho"], one["at_zero"])
    credits = Credits(one["credit"], one["ramped"])
    jump = jump_requirement(rows, joint, 1)
    return account_margin(rows, tails, one["add_ons"], credits, SCHEDULE, jump)


def test_jump_to_resolution_adds_up_a_cluster():
    """Clusters 0 and 1: 100 + 30 = 130, and 120; the dearer one counts."""
    found = of_one_account([100, 120, 60], [0, 1, 0], [100, 120, 30])
    assert found.jump_to_resolution[0] == 130
    assert found.jump_cluster[0] == 0
    assert of_one_account([-5], [0]).jump_cluster[0] == -1


def test_netted_events_count_at_their_joint_worst_case():
    """Gaps of 100 and 60 whose events lose 110 together: the cluster costs 110, not 160."""
    joint = JointGaps(np.array([0]), np.array([0]), np.array([50]))
    assert of_one_account([100, 60], [0, 0], joint=joint).jump_to_resolution[0] == 110


def test_an_event_without_a_gap_leaves_the_floor():
    found = of_one_account([100], [0], [-1])
    assert found.jump_to_resolution[0] == 0
    assert found.core[0] == 10


def test_shortfall_is_the_core_when_it_is_the_largest():
    """W 160; the larger tail, 120.2, rounds up; add-ons 7.3 up to 8; IM = 121 + 8."""
    found = of_one_account([100, 60], at_rho=90.0, at_zero=120.2, value_at_risk=110.0, add_ons=7.3)
    assert (found.shortfall_at_rho[0], found.shortfall_at_zero[0]) == (90, 121)
    assert found.expected_shortfall[0] == found.core[0] == 121
    assert found.value_at_risk[0] == 110
    assert found.add_ons[0] == 8
    assert found.initial[0] == 129


def test_noise_of_a_sum_is_not_rounded_up():
    assert of_one_account([100], at_rho=100.0000000001).expected_shortfall[0] == 100


def test_margin_is_capped_at_the_worst_case():
    assert of_one_account([100], at_rho=99.0, add_ons=7.0).initial[0] == 100


def test_credits_lower_worst_case_and_ramped_part():
    found = of_one_account([100, 60], credit=50, ramped=20, at_rho=90.0)
    assert found.worst_case[0] == 110
    assert found.expected_shortfall[0] == 70


def test_overflow_is_refused():
    with pytest.raises(ModelError, match="worst_case_micros"):
        of_one_account([2**62, 2**62])
    nothing, zeros = np.array([0]), np.zeros(1)
    rows = EventLosses(np.array([1]), nothing, nothing, nothing, nothing + 1, nothing)
    jump = jump_requirement(rows, NO_JOINT_GAPS, 2)
    tails, credits = Tails(zeros, zeros, zeros, zeros), Credits(nothing, nothing)
    with pytest.raises(ModelError, match="account_index"):
        account_margin(rows, tails, zeros, credits, SCHEDULE, jump)


def test_maintenance_collateral_and_call():
    assert margin.maintenance_centicents(np.array([101, 0]), SCHEDULE).tolist() == [81, 0]
    values, haircuts = np.array([10_001, 3]), np.array([5000, 0])
    assert margin.collateral_value_centicents(values, haircuts).tolist() == [5000, 3]
    with_threshold = schedule(call_threshold_centicents=10)
    required, held = np.array([100, 100, 100]), np.array([120, 90, 89])
    assert margin.call_centicents(required, held, with_threshold).tolist() == [0, 0, 11]


@given(st.integers(0, 2**62))
def test_maintenance_of_any_size(initial):
    assert margin.maintenance_centicents(initial, SCHEDULE) == -(-initial * 8000 // 10_000)
