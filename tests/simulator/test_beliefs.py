"""Beliefs of the simulated market: martingales that move as fast as time runs, and a surprise."""

import numpy as np
import pytest
from scipy.special import ndtri

from reporting.simulator.market.prices import PricePath, split

BINARY = np.array([[0, 10_000]])
LADDER = 10_000 * np.triu(np.ones((3, 4), np.int64), 1)
NAMES = np.hstack([10_000 * np.eye(4, dtype=np.int64), np.zeros((4, 1), np.int64)])
SHAPES = [(BINARY, "binary"), (LADDER, "ladder"), (NAMES, "exclusive")]


def _path(payoffs, structure, seed):
    return PricePath(payoffs, 100, structure, np.random.default_rng([7, seed]))


@pytest.mark.parametrize(("payoffs", "structure"), SHAPES)
def test_beliefs_are_martingales(payoffs, structure):
    change = []
    for seed in range(600):
        path, days = _path(payoffs, structure, seed), 40
        start = path.belief
        factor = np.random.default_rng([8, seed])
        for left in range(days, 10, -1):
            path.step(1 / left, factor.normal(), 0.3)
        change.append(path.belief - start)
    mean, error = np.mean(change, axis=0), np.std(change, axis=0) / np.sqrt(len(change))
    assert (np.abs(mean) < 4 * error).all()


@pytest.mark.parametrize("days", [300, 90])
@pytest.mark.parametrize(("payoffs", "structure"), SHAPES)
def test_the_volatility_ratio_of_the_world_is_one(payoffs, structure, days):
    # margin-model.md, section 3: (c x_t - x_last)^2 / (1 - c^2), c^2 = tau_t / tau_last.
    found = []
    for seed in range(500):
        path, factor = _path(payoffs, structure, seed), np.random.default_rng([9, seed])
        for left in range(days, days - 25, -1):
            before = payoffs @ path.belief / 10_000
            path.step(1 / left, factor.normal(), 0.3)
            after = payoffs @ path.belief / 10_000
            inside = (before > 0.02) & (before < 0.98)
            if inside.any():
                last, now = ndtri(before[inside]), ndtri(np.clip(after[inside], 1e-4, 0.9999))
                square = (left - 1) / left
                found.append(np.mean((np.sqrt(square) * now - last) ** 2 / (1 - square)))
    error = np.std(found) / np.sqrt(len(found))
    assert abs(np.mean(found) - 1) < 4 * error < 0.5


def test_an_event_that_does_not_happen_gets_unlikelier_by_just_so_much():
    path = _path(BINARY, "binary", 1)
    chance, today = path.chance, path.chance_today(0.1)
    path.wait(0.1)
    # Either it happened today, or the rest of the chance is what remains.
    assert today + (1 - today) * path.chance == pytest.approx(chance)


def test_a_surprise_moves_odds_by_its_severity():
    path = _path(BINARY, "binary", 2)
    odds = path.chance / (1 - path.chance)
    path.tilt(np.array([1.0, 0.0]), 2.0)
    assert path.chance / (1 - path.chance) == pytest.approx(odds * np.exp(-2.0))


def test_prices_are_whole_cents_and_belong_together():
    # Beside one part each, four states share 96: 0.5 -> 49, 0.3 -> 29.8, 0.2 -> 20.2, 0 -> 1.
    assert split(np.array([0.5, 0.3, 0.2, 0.0]), 100).tolist() == [49, 30, 20, 1]
    path = _path(NAMES, "exclusive", 3)
    assert (path.closing % 100 == 0).all() and (path.closing > 0).all()
    assert path.closing.sum() < 10_000
