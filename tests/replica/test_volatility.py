"""Volatility ratios and what follows from them, by hand: section 3."""

import math
import random
from itertools import pairwise

import pytest
from support.calculator_oracle.volatility import (
    PoolDay,
    event_observation,
    pool_days,
    squared_move,
)

from reporting.replica.normal import cdf
from reporting.replica.volatility import information, latent_deviation


def test_a_move_by_hand():
    """From 0.50 at 10 days to 0.60 at 9: c^2 = 0.9, x = 0.253347: 0.9 x 0.064185 / 0.1."""
    assert squared_move(0.6, 9, 0.5, 10) == pytest.approx(0.577663, abs=1e-6)
    # Its last trade is two days back: c^2 = 0.8: 0.8 x 0.064185 / 0.2.
    assert squared_move(0.6, 8, 0.5, 10) == pytest.approx(0.256739, abs=1e-6)
    # From 0.30 at 10 to 0.30 at 5: x = -0.524401; (0.707107 - 1)^2 x 0.274996 / 0.5.
    assert squared_move(0.3, 5, 0.3, 10) == pytest.approx(0.085786 * 0.274996 / 0.5, abs=1e-6)


@pytest.mark.parametrize(
    ("tau", "last_price", "counts"),
    [(1, 0.5, False), (1.01, 0.5, True), (5, 0.02, False), (5, 0.98, False), (5, 0.979, True)],
)
def test_what_is_too_near_the_end_or_the_edge_does_not_count(tau, last_price, counts):
    assert (squared_move(0.5, tau, last_price, 10) is not None) == counts


def test_a_price_at_the_edge_is_clipped():
    assert squared_move(1.0, 9, 0.5, 10) == squared_move(0.9999, 9, 0.5, 10)


def test_pools_by_hand():
    """Daily means 1 and 2 (of 1 and 3): 0.97 + 0.06 = 1.03; a day without; 0: 0.9991. Ten years:
    the mean over event observations, 5 / 3, then 5 / 4."""
    days = [[1.0], [1.0, 3.0], [], [0.0]]
    assert pool_days(days) == [
        PoolDay(1.0, 1.0, 1.0, 1),
        PoolDay(pytest.approx(1.03), pytest.approx(1.03), pytest.approx(5 / 3), 3),
        PoolDay(pytest.approx(1.03), pytest.approx(1.03), pytest.approx(5 / 3), 3),
        PoolDay(pytest.approx(0.9991), pytest.approx(1.03), pytest.approx(1.25), 4),
    ]
    assert event_observation([0.1234567890126, 0.1234567890124]) == 0.123456789012


def test_information_by_hand():
    """Half of 10 days: v 1: 0.5; v squared 2: 0.75; 1/2: 1 - sqrt(1/2)."""
    assert information(1.0, 10, 5) == 0.5
    assert information(2.0, 10, 5) == 0.75
    assert information(0.5, 10, 5) == pytest.approx(0.292893, abs=1e-6)
    assert information(1.0, 5, 5) == information(0.25, 3, 5) == 1
    assert latent_deviation(0.5) == 1 and latent_deviation(1.0) == math.inf


@pytest.mark.slow
@pytest.mark.parametrize("rate", [1.0, 0.3, 0.1])
def test_the_ratio_is_one_on_simulated_bridges(rate):
    """A latent bridge over 60 days, seen at ``rate`` of the days down to tau 9, price 0.50 at the
    start: the mean of the observations is 1 within four standard errors."""
    random.seed(5)
    observations = []
    for _ in range(3000):
        outcome, path = 0.0, []
        # The signal of a latent N(0, 1) outcome: known share 1 - tau / 60.
        for tau in range(59, 8, -1):
            outcome += random.gauss(0, math.sqrt(1 / 60))
            path.append((tau, cdf(outcome / math.sqrt(tau / 60))))
        traded = [point for point in path if random.random() < rate]
        for (last_tau, last), (tau, price) in pairwise(traded):
            square = squared_move(price, tau, last, last_tau)
            if square is not None:
                observations.append(square)
    mean = math.fsum(observations) / len(observations)
    error = math.sqrt(math.fsum((x - mean) ** 2 for x in observations) / len(observations) ** 2)
    assert abs(mean - 1) <= 4 * error
