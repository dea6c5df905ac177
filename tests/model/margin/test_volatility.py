"""Volatility of log-odds: hand-computed, and against the replica."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.margin import volatility
from reporting.replica.volatility import bridge


def test_buckets():
    days = [0.01, 2, 2.5, 7, 7.5, 30, 31, 90, 90.5, 400]
    names = [volatility.BUCKETS[i] for i in volatility.bucket(np.array(days))]
    assert names == ["<=2"] * 2 + ["3-7"] * 2 + ["8-30"] * 2 + ["31-90"] * 2 + [">90"] * 2


def test_moving_average_by_hand():
    """0.97 x 1 + 0.03 x 4 = 1.09."""
    assert volatility.next_variance(1.0, 4.0) == pytest.approx(1.09)


def test_averages_of_a_history_by_hand():
    """1, then 4, then 0 at a decay of one half: 1, 2.5, 1.25."""
    assert volatility.averages([1.0, 4.0, 0.0], 0.5) == (1.25, 2.5)
    assert volatility.averages([2.0], 0.5) == (2.0, 2.0)


def test_bridge_by_hand():
    """p = 0.5: phi(0) / 0.25 = 1.5958; tau 30, one day: over sqrt(29.5) = 0.2938. Close to the
    resolution the root is of one half, never less."""
    peak = 4 / math.sqrt(2 * math.pi)
    assert volatility.bridge(0.5, 30, 1) == pytest.approx(peak / math.sqrt(29.5))
    assert volatility.bridge(0.5, 0.1, 1) == pytest.approx(peak / math.sqrt(0.5))


def test_sigma_is_the_largest_of_four():
    """0.75 x 0.2 + 0.25 x 1 = 0.4."""
    assert volatility.sigma(0.2, 1.0, 0.3, 0.1) == pytest.approx(0.4)
    assert volatility.sigma(0.2, 0.1, 0.3, 0.1) == 0.3
    assert volatility.sigma(0.5, 0.1, 0.3, 0.1) == 0.5
    assert volatility.sigma(0.5, 0.1, 0.3, 0.9) == 0.9


@given(st.floats(0.0, 1.0), st.floats(0.5, 400), st.sampled_from([1, 5]))
def test_the_bridge_is_the_replicas(price, tau, days):
    clipped = min(max(price, 0.005), 0.995)
    assert volatility.bridge(price, tau, days) == pytest.approx(bridge(clipped, tau, days))
