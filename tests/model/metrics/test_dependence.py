"""Rank correlation against scipy, joint extremes and stale values against plain counting."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reporting.model.errors import ModelError
from reporting.model.metrics.dependence import (
    co_exceedance,
    dependence,
    fresh,
    moves,
    spearman,
)

# Few values, so that ties are common.
VALUES = st.one_of(st.integers(0, 4).map(float), st.floats(-1e6, 1e6))
PAIRS = st.lists(st.tuples(VALUES, VALUES), min_size=0, max_size=40)


def _split(pairs):
    return np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])


@given(PAIRS)
def test_spearman_is_that_of_scipy(pairs):
    first, second = _split(pairs)
    found = spearman(first, second)
    if len(set(first)) < 2 or len(set(second)) < 2:
        assert found is None
    else:
        assert found == pytest.approx(stats.spearmanr(first, second).statistic, abs=1e-12)


@given(PAIRS, st.randoms())
def test_the_order_of_the_pairs_and_any_rising_change_of_values_do_not_matter(pairs, random):
    first, second = _split(pairs)
    found = spearman(first, second)
    random.shuffle(pairs)
    again, other = _split(pairs)
    # Small whole factors keep every value apart from every other.
    assert spearman(2 * again, 4 * other) == found
    if found is not None:
        assert spearman(-again, other) == -found
        assert -1 <= found <= 1


def test_spearman_by_hand():
    """Ranks 1 2 3 4 5 and 2 1 4 3 5: 1 - 6 x (1+1+1+1+0) / (5 x 24) = 0.8. With a tie, ranks
    1 2.5 2.5 4 against 1 2 3 4: covariance 4.5, squares 4.5 and 5: 4.5 / sqrt(22.5)."""
    rising = np.arange(5.0)
    assert spearman(rising, np.array([20.0, 10.0, 40.0, 30.0, 50.0])) == 0.8
    assert spearman(rising, rising) == 1.0 and spearman(rising, -rising) == -1.0
    tied = spearman(np.array([1.0, 7.0, 7.0, 9.0]), np.arange(4.0))
    assert tied == pytest.approx(4.5 / math.sqrt(22.5), abs=1e-15)


def _plain_tail(values, tail):
    """What fewer than a share ``tail`` of the values, or exactly that share, are at least as
    large as: counted value by value."""
    allowed = math.floor(len(values) * tail + 1e-9)
    return [sum(other >= value for other in values) <= allowed for value in values]


@given(PAIRS, st.sampled_from([0.1, 0.2, 0.25, 0.5]))
def test_co_exceedance_is_what_counting_gives(pairs, tail):
    first, second = _split(pairs)
    ours = co_exceedance(first, second, tail)
    tails = list(zip(_plain_tail(first, tail), _plain_tail(second, tail), strict=True))
    beside = [a for a, b in tails if b]
    assert ours == (sum(beside) / len(beside) if beside else None)


def test_co_exceedance_by_hand():
    """Of 20 days two are in each tail of 10 %: days 19 and 20 of the one, 1 and 20 of the other;
    one of the two is shared."""
    first = np.arange(1.0, 21.0)
    second = np.concatenate([[30.0], np.arange(2.0, 21.0)])
    assert co_exceedance(first, second) == 0.5
    assert dependence(first, first) == dependence(first, 3 * first)
    assert dependence(first, first).co_exceedance == 1.0
    assert dependence(np.zeros(0), np.zeros(0)).co_exceedance is None


@given(st.lists(st.integers(0, 2).map(float), max_size=30), st.integers(2, 5))
def test_a_value_is_stale_when_it_ends_a_run_of_equal_ones(values, run):
    plain = [len(set(values[max(0, n - run + 1) : n + 1])) > 1 or n < run - 1
             for n in range(len(values))]  # fmt: skip
    assert fresh(np.array(values), run).tolist() == plain


def test_moves_by_hand():
    """ln 2 either way; none from or to what is not above 0 (oil in April 2020)."""
    found = moves(np.array([10.0, 20.0, 10.0, -37.63, 10.0, 10.0]))
    assert found[1] == found[2] == pytest.approx(math.log(2))
    assert np.isnan(found[[0, 3, 4]]).all() and found[5] == 0


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: spearman(np.zeros(2), np.zeros(3)), "pairs"),
        (lambda: spearman(np.array([1.0, np.nan]), np.zeros(2)), "pairs"),
        (lambda: co_exceedance(np.zeros(2), np.zeros(2), 1.0), "tail"),
        (lambda: fresh(np.zeros(2), 1), "run"),
    ],
)
def test_a_fault_names_the_field(call, field):
    with pytest.raises(ModelError) as fault:
        call()
    assert fault.value.field == field
