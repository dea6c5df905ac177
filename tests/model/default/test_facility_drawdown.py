"""Contingency liquidity: by hand, and every unit drawn once and in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.default.facility_drawdown import Facility, at_hand, survive
from reporting.model.errors import ModelError


def test_drawdowns_by_hand():
    facilities = [Facility("cash", 50), Facility("repo", 100, notice_hours=2), Facility("line", 30)]
    found = survive(facilities, [40, 25, 90, 20, 5])
    # hour 2 draws 10 + 15 of the line, which is there before the repo; from hour 3 the repo first
    assert found.drawdowns == ((40, 0, 0), (10, 0, 15), (0, 90, 0), (0, 10, 10), (0, 0, 5))
    assert found.unmet == (0, 0, 0, 0, 0)
    assert (found.hours, found.remaining) == (5, (0, 0, 0))
    found = survive(facilities, [40, 41, 90])
    assert (found.unmet, found.hours) == ((0, 1, 0), 1)


def test_no_facility_and_no_outflow():
    assert survive([], [0, 0, 1]).hours == 2
    assert survive([], []).hours == 0


facilities = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 3)), max_size=4)


@given(facilities, st.lists(st.integers(0, 80), max_size=6), st.integers(0, 3), st.integers(0, 50))
def test_each_unit_is_drawn_once_and_in_order(drawn, outflows, index, more):
    lines = [Facility(str(n), *line) for n, line in enumerate(drawn)]
    found = survive(lines, outflows)
    for hour, outflow in enumerate(outflows):
        used = found.drawdowns[hour]
        assert sum(used) + found.unmet[hour] == outflow
        so_far = [sum(hours[n] for hours in found.drawdowns[: hour + 1]) for n in range(len(lines))]
        for n, line in enumerate(lines):
            assert 0 <= so_far[n] <= line.capacity
            assert used[n] == 0 or hour >= line.notice_hours
            is_spent = so_far[n] == line.capacity or hour < line.notice_hours
            assert is_spent or (sum(used[n + 1 :]) == 0 and found.unmet[hour] == 0)
    totals = [sum(hours[n] for hours in found.drawdowns) for n in range(len(lines))]
    assert list(found.remaining) == [x.capacity - t for x, t in zip(lines, totals, strict=True)]
    if index < len(lines):
        line = lines[index]
        lines[index] = Facility(line.facility_id, line.capacity + more, line.notice_hours)
        assert survive(lines, outflows).hours >= found.hours


def test_at_hand_by_hand():
    facilities = [Facility("cash", 50), Facility("repo", 100, notice_hours=2), Facility("line", 30)]
    assert at_hand(facilities, 4) == [80, 80, 180, 180]
    assert at_hand([], 2) == [0, 0]


@given(facilities, st.lists(st.integers(0, 80), max_size=6))
def test_drawdowns_last_as_long_as_all_that_is_at_hand(drawn, outflows):
    """What is at hand less what was due so far falls below zero in the first hour that is not
    met, whatever the order; what it then is, is what is undrawn less what was not met."""
    lines = [Facility(str(n), *line) for n, line in enumerate(drawn)]
    found, there = survive(lines, outflows), at_hand(lines, len(outflows))
    left = [have - sum(outflows[: hour + 1]) for hour, have in enumerate(there)]
    assert found.hours == next((h for h, amount in enumerate(left) if amount < 0), len(left))
    for hour, amount in enumerate(left):
        drawn_so_far = sum(sum(of_hour) for of_hour in found.drawdowns[: hour + 1])
        assert amount == there[hour] - drawn_so_far - sum(found.unmet[: hour + 1])


@pytest.mark.parametrize(
    ("facilities", "outflows", "field"),
    [
        ([Facility("a", -1)], [], "facilities[0].capacity"),
        ([Facility("a", 1, -1)], [], "facilities[0].notice_hours"),
        ([Facility("a", 1), Facility("a", 1)], [], "facilities[1].id"),
        ([], [0, -1], "outflows[1]"),
    ],
)
def test_a_faulty_input_is_named(facilities, outflows, field):
    with pytest.raises(ModelError) as caught:
        survive(facilities, outflows)
    assert caught.value.field == field
