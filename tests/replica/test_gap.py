"""The gap of an event by hand: section 5 of the specification."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.replica.gap import move_gap
from reporting.replica.normal import cdf, quantile

HALF = 0.5
Z999 = 3.090232


def test_a_lone_binary_by_hand():
    """f = 1/2: lambda = 3.090232. Long 1 at 0.60: P(no) 0.4, g = Phi(-0.253347 + 3.090232) =
    Phi(2.836885) = 0.997722: 0.6 x 0.997722 - 0.4 x 0.002278."""
    gap = move_gap([0.6, -0.4], [0.4, 0.6], HALF, 0.999)
    assert gap == pytest.approx(0.6 * 0.997722 - 0.4 * 0.002278, abs=1e-6)


def test_three_states_by_hand():
    """f = 0.2: lambda = 1.545116. Losses 3, 1, -2 at 0.2, 0.3, 0.5, given out of order: g(0.2) =
    Phi(-0.841621 + 1.545116) = 0.759126; g(0.5) = Phi(1.545116) = 0.938842."""
    expected = 3 * 0.759126 + 1 * (0.938842 - 0.759126) - 2 * (1 - 0.938842)
    assert move_gap([1, -2, 3], [0.3, 0.5, 0.2], 0.2, 0.999) == pytest.approx(expected, abs=1e-5)


def test_all_that_is_possible_where_everything_is_known():
    """f = 1: lambda is infinite; a state of probability 0 does not count."""
    assert move_gap([9, 3, -1], [0, 0.001, 0.999], 1.0, 0.999) == 3


def test_nothing_moves_without_information():
    """lambda = 0: the mean loss, at least 0."""
    assert move_gap([3, -1], [0.5, 0.5], 0.0, 0.999) == pytest.approx(1)
    assert move_gap([1, -3], [0.5, 0.5], 0.0, 0.999) == 0


LOSSES = st.lists(st.integers(-50, 50), min_size=4, max_size=4)
WEIGHTS = st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any)
INFORMATION = st.integers(0, 20).map(lambda n: n / 20)


@given(LOSSES, LOSSES, WEIGHTS, INFORMATION)
def test_it_is_coherent(one, other, weights, f):
    pi = [weight / sum(weights) for weight in weights]
    both = [a + b for a, b in zip(one, other, strict=True)]
    single = move_gap(one, pi, f, 0.999)
    assert move_gap(both, pi, f, 0.999) <= single + move_gap(other, pi, f, 0.999) + 1e-9
    assert move_gap([3 * x for x in one], pi, f, 0.999) == pytest.approx(3 * single, abs=1e-9)
    assert 0 <= single <= max(0, *one) + 1e-9


@given(LOSSES, WEIGHTS)
def test_more_information_is_no_smaller_gap(losses, weights):
    pi = [weight / sum(weights) for weight in weights]
    gaps = [move_gap(losses, pi, f / 10, 0.999) for f in range(11)]
    assert all(b >= a - 1e-9 for a, b in pairwise(gaps))


@pytest.mark.parametrize("p", [0.05, 0.2, 0.5, 0.8, 0.95])
@pytest.mark.parametrize("f", [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7])
def test_a_lone_contract_is_charged_its_bridge_move(p, f):
    """The 99.9 % move of a long, p - Phi((Phi^-1(p) - 3.09 sqrt(f)) / sqrt(1 - f)): at most 3 %
    below it, and above it by less than 27 %, most for dear contracts (0.95 at f = 0.3)."""
    move = p - cdf((quantile(p) - Z999 * math.sqrt(f)) / math.sqrt(1 - f))
    gap = move_gap([p, p - 1], [1 - p, p], f, 0.999)
    assert 0.97 * move < gap < 1.27 * move
