"""Account margin: by hand, against plain.py, and the schedule's refusals."""

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model import margin
from reporting.model.errors import ModelError
from reporting.model.margin import Schedule, account_margin, ramp, schedule_in_force

from . import plain
from .test_properties import SCHEDULE, margin_of, rows_of_w

PARAMETERS = {
    "legal_class": "swap",
    "liquidation_days": 1,
    "core_floor_bps": 1000,
    "ramp_tau0_seconds": 172_800,
    "ramp_tau1_seconds": 691_200,
    "maintenance_bps": 8000,
    "haircuts_bps": {"cash": 0, "crypto": 5000},
    "call_threshold_centicents": 0,
}
DAY = 86_400


def schedule(**changes):
    return Schedule.from_parameters("v", date(2026, 1, 1), "a", "r", PARAMETERS | changes)


def test_ramp_by_hand():
    tau = np.array([0, 2 * DAY, 2 * DAY + 1, 5 * DAY, 8 * DAY - 1, 8 * DAY, 99 * DAY, 99 * DAY])
    wrong_way = np.array([False] * 7 + [True])
    numerator, denominator = ramp(SCHEDULE, tau, wrong_way)
    span = 6 * DAY
    assert numerator.tolist() == [span, span, span - 1, 3 * DAY, 1, 0, 0, span]
    assert denominator.tolist() == [span] * 8


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


def test_sure_gains_offset_but_never_make_margin_negative():
    found = margin_of([(0, -40, 0, False), (0, 100, 0, False), (1, -40, 0, False)])
    assert found.worst_case.tolist()[:2] == [60, 0]
    assert found.initial.tolist()[:2] == [60, 0]


@given(rows_of_w)
def test_agrees_with_the_plain_implementation(rows):
    found = margin_of(rows)
    for account in range(5):
        events = [(Fraction(w), tau, wrong) for a, w, tau, wrong in rows if a == account]
        worst, ramped, single, core, initial = plain.margin(events, 172_800, 691_200, 1000)
        assert found.worst_case[account] == max(worst, 0)
        assert found.jump_to_resolution[account] == single
        # each ramped row is rounded up to a micro, so at most one micro per row
        assert 0 <= found.ramped[account] - max(ramped, 0) <= len(events)
        assert 0 <= found.core[account] - max(core, 0) <= len(events) + 1
        assert abs(found.initial[account] - max(initial, 0)) <= len(events) + 1


def test_overflow_is_refused():
    big = np.array([2**62, 2**62])
    ones = np.ones(2, dtype=np.int64)
    with pytest.raises(ModelError, match="worst_case_micros"):
        account_margin(np.zeros(2, dtype=np.int64), big, ones, ones, 1, SCHEDULE)
    with pytest.raises(ModelError, match="account_index"):
        account_margin(np.array([1]), np.array([1]), ones[:1], ones[:1], 1, SCHEDULE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("core_floor_bps", 10_001),
        ("core_floor_bps", -1),
        ("maintenance_bps", "8000"),
        ("maintenance_bps", 0.8),
        ("liquidation_days", 0),
        ("liquidation_days", True),
        ("ramp_tau1_seconds", 172_800),
        ("ramp_tau1_seconds", 10**10),
        ("legal_class", "bond"),
        ("haircuts_bps", {}),
        ("haircuts_bps", {"cash": 10_001}),
        ("call_threshold_centicents", None),
        ("surprise", 1),
    ],
)
def test_bad_parameter_is_named(name, value):
    with pytest.raises(ModelError) as caught:
        schedule(**{name: value})
    assert caught.value.field.startswith(name)


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_missing_parameter_is_named(name):
    rest = {key: value for key, value in PARAMETERS.items() if key != name}
    with pytest.raises(ModelError) as caught:
        Schedule.from_parameters("v", date(2026, 1, 1), "a", "r", rest)
    assert caught.value.field == name


def test_version_in_force():
    def version(name, day):
        return Schedule.from_parameters(name, date(2026, 1, day), "a", "r", PARAMETERS)

    versions = [version("b", 5), version("a", 5), version("c", 1), version("d", 9)]
    assert schedule_in_force(versions, date(2026, 1, 4)).version == "c"
    assert schedule_in_force(versions, date(2026, 1, 5)).version == "b"
    with pytest.raises(ModelError, match="2025-12-31"):
        schedule_in_force(versions, date(2025, 12, 31))


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
