"""The line of a share against numpy's least squares, and the date of one half by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.errors import ModelError
from reporting.model.metrics.trend import MAX_PROJECTION_DAYS, Trend, share_trend


def _trend(days, shares, whole=100):
    return share_trend(np.array(days), np.array(shares), np.full(len(days), whole))


@given(
    st.lists(
        st.tuples(st.integers(1, 30), st.integers(0, 100), st.integers(100, 10**12)),
        min_size=2,
        max_size=40,
    )
)
def test_the_slope_is_that_of_least_squares(steps):
    days = 730_000 + np.cumsum([step for step, _, _ in steps])
    whole = np.array([w for _, _, w in steps])
    part = np.array([w * p // 100 for _, p, w in steps])
    found = share_trend(days, part, whole)
    shares = [10_000 * int(p) // int(w) for p, w in zip(part, whole, strict=True)]
    slope, start = np.polyfit(days - days[0], shares, 1)
    assert found.slope_bps == pytest.approx(slope, rel=1e-7, abs=1e-7)
    if found.projected:
        at = found.half_day - days[0]
        # The first whole day on which the line is at one half or above.
        assert slope * (at - 1) + start <= 5_000 + 1e-6 <= slope * at + start + 2e-6
        assert days[-1] < found.half_day <= days[-1] + MAX_PROJECTION_DAYS + 1


def test_the_line_says_when_one_half_is_reached():
    """30 %, 32 %, 34 %: 200 bps a day, 1600 short, 8 days after the third day."""
    assert _trend([10, 11, 12], [30, 32, 34]) == Trend(3, 200.0, 20, projected=True)


def test_a_part_of_a_day_counts_as_a_whole_one():
    """300 bps a day, 1600 short: 5.33 days."""
    assert _trend([10, 11, 12], [28, 31, 34]).half_day == 18


@pytest.mark.parametrize(
    ("shares", "half_day"),
    [
        ([40, 51, 60], 11),
        # It fell back and passed again; the last time counts.
        ([60, 40, 60], 12),
        # A run that covers the whole window began before it.
        ([60, 60, 60], None),
        ([51, 70, 51], None),
        ([50, 60, 60], 11),
        # Exactly one half has not passed it.
        ([40, 50, 51], 12),
    ],
)
def test_a_share_above_one_half_passed_it_when_its_run_began(shares, half_day):
    found = _trend([10, 11, 12], shares)
    assert (found.half_day, found.projected) == (half_day, False)


@pytest.mark.parametrize("shares", [[40, 40, 40], [40, 39, 38], [60, 60, 50], [40, 70, 50]])
def test_a_line_that_does_not_rise_to_it_gives_no_date(shares):
    assert _trend([10, 11, 12], shares).half_day is None


def test_a_line_is_not_drawn_beyond_ten_years():
    """1 bps a day: from 1,000 bps it takes 4,000 days; from 2,000 bps 3,000."""
    assert (
        share_trend(np.array([0, 1]), np.array([999, 1_000]), np.full(2, 10_000)).half_day is None
    )
    found = share_trend(np.array([0, 1]), np.array([1_999, 2_000]), np.full(2, 10_000))
    assert found.half_day == 3_001
    # Exactly ten years of 365 days are still within.
    for last, half_day in ((1_350, 3_651), (1_349, None)):
        line = share_trend(np.array([0, 1]), np.array([last - 1, last]), np.full(2, 10_000))
        assert line.half_day == half_day


def test_one_day_has_no_trend():
    assert _trend([10], [30]) is None and _trend([], []) is None


@pytest.mark.parametrize(
    ("days", "part", "whole", "field"),
    [
        ([1, 1], [0, 0], [1, 1], "days"),
        ([1, 2], [0, 2], [1, 1], "part"),
        ([1, 2], [0, 0], [1, 0], "whole"),
        ([1, 2], [0], [1, 1], "part"),
    ],
)
def test_a_fault_names_the_field(days, part, whole, field):
    with pytest.raises(ModelError) as fault:
        share_trend(np.array(days), np.array(part), np.array(whole))
    assert fault.value.field == field
