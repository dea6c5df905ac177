"""The change of an average against a plain bootstrap, its properties, and cases by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.model.errors import ModelError
from reporting.model.metrics.change import change_of_average

DAYS = st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**4)), max_size=8)


def _window(days):
    return np.array([a for a, _ in days], dtype=np.int64), np.array(
        [c for _, c in days], dtype=np.int64
    )


def _plain(recent, reference, draws, seed):
    """The same days drawn one by one: sorted ratios less 1."""
    recent, reference = ([day for day in window if day[1]] for window in (recent, reference))
    rng = np.random.default_rng(seed)
    picks = [rng.integers(0, len(w), (draws, len(w))).tolist() for w in (recent, reference)]
    found = []
    for left, right in zip(*picks, strict=True):
        now, before = [recent[n] for n in left], [reference[n] for n in right]
        average_before = sum(a for a, _ in before) / sum(c for _, c in before)
        if average_before:
            found.append(sum(a for a, _ in now) / sum(c for _, c in now) / average_before - 1)
    return sorted(found)


@settings(max_examples=40)
@given(DAYS, DAYS, st.integers(0, 99))
def test_the_interval_is_that_of_a_plain_bootstrap(recent, reference, seed):
    ours = change_of_average(_window(recent), _window(reference), draws=40, seed=seed)
    counted = [[day for day in window if day[1]] for window in (recent, reference)]
    if min(map(len, counted)) < 2 or not sum(a for a, _ in counted[1]):
        assert ours is None
        return
    plain = _plain(recent, reference, 40, seed)
    if not plain:
        assert ours is None
        return
    # 5 % of the draws lie outside, half of them on each side.
    outside = len(plain) * 5 // 200
    assert (ours.low, ours.high) == pytest.approx((plain[outside], plain[-1 - outside]))


def test_by_hand():
    """10 a trade before, 12 after: 20 % more; with the same average every day there is no doubt."""
    found = change_of_average(_window([(120, 10), (240, 20)]), _window([(100, 10), (50, 5)]))
    assert (found.change, found.low, found.high) == pytest.approx((0.2, 0.2, 0.2))


def test_a_day_weighs_by_its_trades():
    """(100 + 900) / (10 + 30) = 25 against 25 before, though the daily averages are 10 and 30."""
    before = _window([(50, 2), (75, 3)])
    assert change_of_average(_window([(100, 10), (900, 30)]), before).change == 0.0


def test_the_interval_holds_what_it_promises():
    """Of 200 pairs of windows from one population, the interval holds no change in about 95 %; a
    percentile interval of few days holds somewhat less."""
    rng = np.random.default_rng(1)
    held = 0
    for number in range(200):
        windows = []
        for days in (28, 28):
            count = rng.integers(80, 120, days)
            windows.append((count * rng.integers(50, 150, days), count))
        found = change_of_average(*windows, draws=400, seed=number)
        held += found.low <= 0.0 <= found.high
    assert 0.88 <= held / 200 <= 0.99


def test_the_same_input_gives_the_same_bits():
    window = _window([(3, 7), (100, 11), (5, 1)])
    assert change_of_average(window, window) == change_of_average(window, window)
    assert change_of_average(window, window, seed=1) != change_of_average(window, window, seed=2)


@pytest.mark.parametrize(
    ("recent", "options", "field"),
    [
        ([(1, 1), (-1, 1)], {}, "window"),
        ([(1, 1), (1, 1)], {"draws": 0}, "draws"),
        ([(1, 1), (1, 1)], {"coverage": 1.0}, "draws"),
    ],
)
def test_a_fault_names_the_field(recent, options, field):
    with pytest.raises(ModelError) as fault:
        change_of_average(_window(recent), _window([(1, 1), (1, 1)]), **options)
    assert fault.value.field == field
