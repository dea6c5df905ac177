"""Items of the disclosure, by group and time to resolution; causes of breaches."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.backtest.causes import (
    COVERED,
    DIFFUSION,
    JUMP,
    breach_causes,
    split_losses,
)
from reporting.model.backtest.coverage import (
    CoverageItems,
    coverage_by_group,
    coverage_by_time_to_resolution,
    coverage_items,
    uncovered,
)
from reporting.model.errors import ModelError

DAY = 86_400


def _ints(*values):
    return np.array(values, dtype=np.int64)


def test_items_by_hand():
    """Losses 10, 11, 25, -5 on margins of 10, 10, 20, 0: 1 and 5 are uncovered, 3 on average."""
    found = coverage_items(_ints(10, 11, 25, -5), _ints(10, 10, 20, 0))
    assert found == CoverageItems(breaches=2, observations=4, total_uncovered=6, peak_uncovered=5)
    assert (found.achieved_coverage, found.average_uncovered) == (0.5, 3)


@pytest.mark.parametrize(
    ("short", "average"), [((1, 2), 2), ((2, 3), 2), ((1, 1, 2), 1), ((1, 2, 2), 2), ((), 0)]
)
def test_average_is_half_to_even(short, average):
    """1.5 is 2, 2.5 is 2, 4/3 is 1, 5/3 is 2."""
    loss = _ints(*short)
    assert coverage_items(loss, np.zeros_like(loss)).average_uncovered == average


def test_no_observations():
    found = coverage_items(_ints(), _ints())
    assert (found.achieved_coverage, found.average_uncovered, found.breaches) == (None, 0, 0)


def test_amounts_at_the_ends_of_64_bits():
    most, least = 2**63 - 1, -(2**63)
    found = coverage_items(_ints(most, most, least), _ints(0, 1, most))
    assert found.total_uncovered == 2 * most - 1
    assert found.average_uncovered == most - 1  # 2 most - 1 is odd: halves go to the even one


amounts = st.integers(-(10**12), 10**12)
observations = st.lists(st.tuples(amounts, st.integers(0, 10**12), st.integers(0, 4)), max_size=30)


def _columns(rows, count):
    return [_ints(*column) for column in zip(*rows, strict=True)] if rows else [_ints()] * count


@given(observations)
def test_items_and_groups_plainly(rows):
    loss, margin, group = _columns(rows, 3)
    everything = coverage_items(loss, margin)
    groups = coverage_by_group(loss, margin, group, 5)
    for number, found in enumerate(groups):
        short = [at - held for at, held, g in rows if g == number and at > held]
        assert found.breaches == len(short)
        assert found.observations == sum(g == number for _, _, g in rows)
        assert found.total_uncovered == sum(short)
        assert found.peak_uncovered == max(short, default=0)
        if short:
            assert found.average_uncovered == round(sum(short) / len(short))
    assert everything.breaches == sum(found.breaches for found in groups)
    assert everything.observations == sum(found.observations for found in groups)
    assert everything.total_uncovered == sum(found.total_uncovered for found in groups)
    assert everything.peak_uncovered == max(found.peak_uncovered for found in groups)


@given(observations, st.integers(0, 10**12))
def test_more_margin_never_covers_less(rows, more):
    loss, margin, _ = _columns(rows, 3)
    before, after = coverage_items(loss, margin), coverage_items(loss, margin + more)
    assert after.breaches <= before.breaches
    assert after.total_uncovered <= before.total_uncovered
    assert (uncovered(loss, margin + more) <= uncovered(loss, margin)).all()


def test_by_time_to_resolution():
    """Two days to the second are the first bucket, a second more the next one."""
    seconds = _ints(0, 2 * DAY, 2 * DAY + 1, 7 * DAY, 30 * DAY, 91 * DAY)
    loss = _ints(1, 2, 3, 0, 5, 6)
    found = coverage_by_time_to_resolution(loss, _ints(*[0] * 6), seconds)
    assert {name: (items.observations, items.total_uncovered) for name, items in found.items()} == {
        "<=2": (2, 3),
        "3-7": (2, 3),
        "8-30": (1, 5),
        "31-90": (0, 0),
        ">90": (1, 6),
    }


def test_causes_by_hand():
    """Margin 10. Diffusion 11 breaches alone, even where a jump gained 1 of it back and more
    was lost; 6 and 5 breach by the jump; 11 and a gain of 1 are covered."""
    diffusion = _ints(11, 6, 11, 0, 5, 12, -5)
    jump = _ints(0, 5, -1, 11, 5, -1, 16)
    found = breach_causes(diffusion, jump, _ints(*[10] * 7))
    assert found.tolist() == [DIFFUSION, JUMP, COVERED, JUMP, COVERED, DIFFUSION, JUMP]
    # Diffusion as large as the margin is covered: it is the jump that breaches.
    assert breach_causes(_ints(10), _ints(1), _ints(10)).tolist() == [JUMP]


positions = st.lists(st.tuples(st.integers(0, 5), amounts, st.booleans()), max_size=40)


@given(positions, st.lists(st.integers(0, 10**12), min_size=6, max_size=6))
def test_split_and_causes_plainly(rows, margin):
    account, loss, _ = _columns(rows, 3)
    resolved = np.array([row[2] for row in rows], dtype=bool)
    diffusion, jump = split_losses(account, loss, resolved, 6)
    found = breach_causes(diffusion, jump, _ints(*margin))
    for number in range(6):
        total = sum(lost for a, lost, _ in rows if a == number)
        quiet = sum(lost for a, lost, done in rows if a == number and not done)
        assert diffusion[number] + jump[number] == total
        assert (found[number] == COVERED) == (total <= margin[number])
        if total > margin[number]:
            assert (found[number] == DIFFUSION) == (quiet > margin[number])
    breaches = coverage_items(diffusion + jump, _ints(*margin)).breaches
    assert breaches == (found == JUMP).sum() + (found == DIFFUSION).sum()


@pytest.mark.parametrize(
    ("loss", "margin", "field"),
    [
        (np.array([1.0]), _ints(1), "loss"),
        (_ints(1), np.array([1.0]), "margin"),
        (_ints(1), _ints(1, 2), "margin"),
        (_ints(1), _ints(-1), "margin"),
        (_ints(1).reshape(1, 1), _ints(1), "loss"),
    ],
)
def test_bad_amounts_are_refused(loss, margin, field):
    with pytest.raises(ModelError) as caught:
        coverage_items(loss, margin)
    assert caught.value.field == field


@pytest.mark.parametrize("group", [_ints(0), _ints(0, 2), _ints(-1, 0)])
def test_bad_groups_are_refused(group):
    with pytest.raises(ModelError, match="group"):
        coverage_by_group(_ints(1, 2), _ints(1, 2), group, 2)


def test_sums_beyond_64_bits_are_refused():
    huge = 2**62
    with pytest.raises(ModelError, match="position_loss"):
        split_losses(_ints(0, 0), _ints(huge, huge), np.array([True, True]), 1)
    with pytest.raises(ModelError, match="jump_loss"):
        breach_causes(_ints(0), _ints(-(2**63)), _ints(0))
