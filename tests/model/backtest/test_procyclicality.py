"""Peak to trough and growth of margin over days: by hand, and every pair of days."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.backtest.procyclicality import (
    GROWTH_DAYS,
    MarginGrowth,
    growth,
    peak_to_trough,
)
from reporting.model.errors import ModelError

series = st.lists(st.integers(1, 10**13), min_size=1, max_size=50)


def _ints(values):
    return np.array(values, dtype=np.int64)


def test_by_hand():
    """100, 110, 99, 150: + 10 %, - 10 %, + 51.5 %; over two days - 1 % and + 36.4 %."""
    margin = _ints([100, 110, 99, 150])
    assert peak_to_trough(margin) == pytest.approx(150 / 99)
    assert growth(margin, 1) == MarginGrowth(1, 51 / 99, 3, 51)
    assert growth(margin, 2) == MarginGrowth(2, 40 / 110, 3, 40)
    assert growth(margin, 3) == MarginGrowth(3, 0.5, 3, 50)
    assert growth(margin, 4) is None
    assert GROWTH_DAYS == (1, 5, 30)


def test_the_largest_share_and_the_largest_increase_may_be_of_different_days():
    """1 to 3 is + 200 %, 3 to 10 + 233 %, 1000 to 1100 + 10 % but 100 in money."""
    found = growth(_ints([1, 3, 10, 1000, 1100]), 1)
    assert (found.largest, found.day, found.largest_increase) == (99.0, 3, 990)


def test_margin_that_always_falls_has_growth_below_nothing():
    found = growth(_ints([100, 80, 72]), 1)
    assert (found.largest, found.day, found.largest_increase) == (pytest.approx(-0.1), 2, -8)


def test_a_constant_series_is_not_procyclical():
    constant = _ints([7] * 40)
    assert peak_to_trough(constant) == 1
    for days in GROWTH_DAYS:
        assert growth(constant, days) == MarginGrowth(days, 0, days, 0)


@given(series, st.integers(1, 30))
def test_every_pair_of_days(values, days):
    found = growth(_ints(values), days)
    pairs = [(values[t - days], values[t], t) for t in range(days, len(values))]
    if not pairs:
        assert found is None
        return
    shares = [(after - before) / before for before, after, _ in pairs]
    assert found.largest == max(shares)
    assert found.day == days + shares.index(max(shares))
    assert found.largest_increase == max(after - before for before, after, _ in pairs)
    assert found.largest <= peak_to_trough(_ints(values)) - 1 + 1e-12 * max(values)


@given(series, st.integers(1, 1_000))
def test_the_size_of_the_portfolio_does_not_matter(values, factor):
    one, other = _ints(values), _ints(values) * factor
    assert peak_to_trough(other) == pytest.approx(peak_to_trough(one))
    for days in GROWTH_DAYS:
        before, after = growth(one, days), growth(other, days)
        assert (before is None) == (after is None)
        if before is not None:
            assert after.largest == pytest.approx(before.largest, rel=1e-12, abs=1e-15)
            assert after.largest_increase == before.largest_increase * factor


@given(series, st.randoms(use_true_random=False))
def test_peak_to_trough_does_not_hang_on_order(values, random):
    shuffled = random.sample(values, len(values))
    assert peak_to_trough(_ints(shuffled)) == peak_to_trough(_ints(values)) >= 1


@pytest.mark.parametrize(
    ("margin", "days", "field"),
    [
        (_ints([]), 1, "initial_margin"),
        (_ints([1, 0]), 1, "initial_margin"),
        (np.array([1.0]), 1, "initial_margin"),
        (_ints([1, 2]), 0, "days"),
    ],
)
def test_bad_series_are_refused(margin, days, field):
    with pytest.raises(ModelError) as caught:
        growth(margin, days)
    assert caught.value.field == field
