"""Items of the disclosure; causes of breaches."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.backtest.causes import (
    COVERED,
    DIFFUSION,
    JUMP,
    breach_causes,
)
from reporting.model.backtest.coverage import CoverageItems, uncovered
from reporting.model.errors import ModelError


def _ints(*values):
    return np.array(values, dtype=np.int64)


def test_items_by_hand():
    """Losses 10, 11, 25, -5 on margins of 10, 10, 20, 0: 1 and 5 are uncovered, 3 on average."""
    assert uncovered(_ints(10, 11, 25, -5), _ints(10, 10, 20, 0)).tolist() == [0, 1, 5, 0]
    found = CoverageItems(breaches=2, observations=4, total_uncovered=6, peak_uncovered=5)
    assert (found.achieved_coverage, found.average_uncovered) == (0.5, 3)


@pytest.mark.parametrize(
    ("short", "average"), [((1, 2), 2), ((2, 3), 2), ((1, 1, 2), 1), ((1, 2, 2), 2), ((), 0)]
)
def test_average_is_half_to_even(short, average):
    """1.5 is 2, 2.5 is 2, 4/3 is 1, 5/3 is 2."""
    items = CoverageItems(len(short), 9, sum(short), max(short, default=0))
    assert items.average_uncovered == average


def test_no_observations():
    found = CoverageItems(0, 0, 0, 0)
    assert (found.achieved_coverage, found.average_uncovered) == (None, 0)


def test_amounts_at_the_ends_of_64_bits():
    most, least = 2**63 - 1, -(2**63)
    found = uncovered(_ints(most, most, least), _ints(0, 1, most))
    assert found.tolist() == [most, most - 1, 0]
    # 2 most - 1 is odd: halves go to the even one.
    assert CoverageItems(2, 3, 2 * most - 1, most).average_uncovered == most - 1


amounts = st.integers(-(10**12), 10**12)
observations = st.lists(st.tuples(amounts, st.integers(0, 10**12)), max_size=30)


def _columns(rows, count):
    return [_ints(*column) for column in zip(*rows, strict=True)] if rows else [_ints()] * count


@given(observations)
def test_uncovered_plainly(rows):
    loss, margin = _columns(rows, 2)
    assert uncovered(loss, margin).tolist() == [max(at - held, 0) for at, held in rows]


@given(observations, st.integers(0, 10**12))
def test_more_margin_never_covers_less(rows, more):
    loss, margin = _columns(rows, 2)
    assert (uncovered(loss, margin + more) <= uncovered(loss, margin)).all()


def test_causes_by_hand():
    """Margin 10. Diffusion 11 breaches alone, even where a jump gained 1 of it back and more
    was lost; 6 and 5 breach by the jump; 11 and a gain of 1 are covered."""
    diffusion = _ints(11, 6, 11, 0, 5, 12, -5)
    jump = _ints(0, 5, -1, 11, 5, -1, 16)
    found = breach_causes(diffusion, jump, _ints(*[10] * 7))
    assert found.tolist() == [DIFFUSION, JUMP, COVERED, JUMP, COVERED, DIFFUSION, JUMP]
    # Diffusion as large as the margin is covered: it is the jump that breaches.
    assert breach_causes(_ints(10), _ints(1), _ints(10)).tolist() == [JUMP]


books = st.lists(st.tuples(amounts, amounts, st.integers(0, 10**12)), max_size=30)


@given(books)
def test_causes_plainly(rows):
    diffusion, jump, margin = _columns(rows, 3)
    found = breach_causes(diffusion, jump, margin)
    for cause, (quiet, settled, held) in zip(found.tolist(), rows, strict=True):
        assert (cause == COVERED) == (quiet + settled <= held)
        if quiet + settled > held:
            assert (cause == DIFFUSION) == (quiet > held)
    assert ((uncovered(diffusion + jump, margin) > 0) == (found != COVERED)).all()


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
        uncovered(loss, margin)
    assert caught.value.field == field


def test_sums_beyond_64_bits_are_refused():
    with pytest.raises(ModelError, match="jump_loss"):
        breach_causes(_ints(0), _ints(-(2**63)), _ints(0))
