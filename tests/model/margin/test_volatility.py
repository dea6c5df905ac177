"""Volatility ratios: by hand, and on simulated bridges whose ratio is known."""

import math

import numpy as np
import pytest
from scipy.special import ndtr

from reporting.model.margin import volatility


def test_buckets():
    days = [0.01, 2, 2.5, 7, 7.5, 30, 31, 90, 90.5, 400]
    names = [volatility.BUCKETS[i] for i in volatility.bucket(np.array(days))]
    assert names == ["<=2"] * 2 + ["3-7"] * 2 + ["8-30"] * 2 + ["31-90"] * 2 + [">90"] * 2


def test_moving_average_by_hand():
    """0.97 x 1 + 0.03 x 4 = 1.09."""
    assert volatility.next_average(1.0, 4.0) == pytest.approx(1.09)


def test_averages_of_a_history_by_hand():
    """1, then 4, then 0 at a decay of one half: 1, 2.5, 1.25."""
    assert volatility.averages([1.0, 4.0, 0.0], 0.5) == (1.25, 2.5)
    assert volatility.averages([2.0], 0.5) == (2.0, 2.0)


def test_an_observation_by_hand():
    """From 0.50, x = 0, to 0.8413, x = 1, while 10 days become 9: 0.9 / 0.1 = 9. A price of
    nothing counts as 0.0001, x = -3.7190."""
    assert volatility.bridge_observation(0.5, ndtr(1.0), 10, 9) == pytest.approx(9)
    floored = volatility.bridge_observation(0.5, 0.0, 10, 9)
    assert floored == pytest.approx(9 * 3.719016**2, rel=1e-6)
    # From x = -1 to x = 1 while 4 days become 1: (1/2 + 1)^2 / (3/4) = 3.
    assert volatility.bridge_observation(ndtr(-1.0), ndtr(1.0), 4, 1) == pytest.approx(3)


@pytest.mark.parametrize(
    ("last", "tau_days", "observed"),
    [(0.5, 1.01, True), (0.5, 1.0, False), (0.02, 9, False), (0.0201, 9, True), (0.98, 9, False)],
)
def test_what_is_an_observation(last, tau_days, observed):
    assert bool(volatility.is_observed(last, tau_days)) is observed


def bridge_observations(rungs, traded, days=60, least_tau=9, events=600, spread=0.0):
    """Event observations of simulated probit bridges: one latent Brownian path an event, a ladder
    on it, each contract traded on a share of the days, at its price or half a spread beside it."""
    draws = np.random.default_rng([5, rungs, int(100 * traded)])
    path = np.cumsum(draws.normal(size=(events, days - least_tau)), axis=1)
    path = np.concatenate([np.zeros((events, 1)), path], axis=1)
    strikes = np.linspace(-1.5, 1.5, rungs) * math.sqrt(days) if rungs > 1 else np.zeros(1)
    tau = days - np.arange(path.shape[1])
    price = ndtr((path[:, None, :] - strikes[:, None]) / np.sqrt(tau))
    price = price + spread / 2 * draws.choice([-1, 1], size=price.shape)
    trades = draws.random(price.shape) < traded
    found, of_event = [], []
    for event in range(events):
        by_day = {}
        for rung in range(rungs):
            on = np.flatnonzero(trades[event, rung])
            before, after = on[:-1], on[1:]
            last, now = price[event, rung, before], price[event, rung, after]
            seen = volatility.is_observed(last, tau[after])
            before, after, last, now = before[seen], after[seen], last[seen], now[seen]
            squares = volatility.bridge_observation(last, now, tau[before], tau[after])
            for day, square in zip(after.tolist(), squares.tolist(), strict=True):
                by_day.setdefault(day, []).append(square)
        found += [sum(squares) / len(squares) for squares in by_day.values()]
        of_event += [event] * len(by_day)
    return np.array(found), np.array(of_event)


@pytest.mark.parametrize("rungs", [3, 41])
@pytest.mark.parametrize("traded", [1.0, 0.3, 0.1])
def test_the_ratio_of_simulated_bridges_is_one(rungs, traded):
    """Whatever the share of days with a trade and the number of strikes (margin-model.md,
    section 6); within an interval of 99.9 %."""
    squares, events = bridge_observations(rungs, traded, events=150 if rungs > 3 else 600)
    found = volatility.measured_ratio(squares, events, confidence=0.999)
    assert found.low < 1 < found.high
    assert found.high - found.low < 0.25


@pytest.mark.parametrize(("spread", "bias"), [(0.01, 0.055), (0.02, 0.22)])
def test_a_spread_biases_the_ratio_upwards(spread, bias):
    """Prices half a spread off, each side as likely, add 2 (spread / 2)^2 tau / phi(x)^2: at 0.50
    and 175 days on average 0.055 for one cent, 0.22 for two. A limit, not a target."""
    squares, events = bridge_observations(1, 1.0, 180, 170, events=2_000, spread=spread)
    found = volatility.measured_ratio(squares, events, confidence=0.999)
    assert found.low**2 < 1 + bias < found.high**2


def test_a_measured_ratio_by_hand():
    """Two events, squares 1, 1 and 4: v^2 = 2. Drawing both gives 2, one alone 1 or 4."""
    found = volatility.measured_ratio(np.array([1.0, 1.0, 4.0]), np.array([7, 7, 9]))
    assert found.ratio == pytest.approx(math.sqrt(2))
    assert (found.low, found.high) == (1.0, 2.0)
    assert (found.observations, found.events) == (3, 2)
    again = volatility.measured_ratio(np.array([4.0, 1.0, 1.0]), np.array([9, 7, 7]))
    assert (again.low, again.high) == (found.low, found.high)
