"""Scenario prices, one scenario after the other, straight from docs/model.md, section 6."""

import hashlib
import math
from datetime import date
from statistics import NormalDist

import numpy as np
import pytest

from reporting.simulator.margin.history import CycleState
from reporting.simulator.margin.parameters import event_parameters
from reporting.simulator.margin.scenarios import ScenarioSet
from reporting.simulator.margin.schedules import Schedule
from reporting.simulator.margin.volatility import VolatilityPools
from reporting.simulator.market.listing import Listing

from .hand_margin import BASE, DAY

NORMAL = NormalDist()
SCENARIOS, SEED, RHO, MPOR = 30, 5, 0.3, 5
CHANGES = {
    "legal_class": {"default": "swap"},
    "scenarios": SCENARIOS,
    "seed": SEED,
    "stress_share_bps": 2_500,
    "stress_factors_bps": [-35_000, 20_000, 30_000],
    "rho_bps": {"default": 3_000},
    "jump_rate_bps_per_day": {"default": 800},
    "stress_jump_multiple_bps": 30_000,
}


def _uniform(kind: str, name: str, count: int) -> list[float]:
    digest = hashlib.sha256(f"{SEED}\n{kind}\n{name}".encode()).digest()
    key = [int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:16], "little")]
    words = np.random.Philox(key=np.array(key, np.uint64)).random_raw(count).tolist()
    return [((word >> 11) + 0.5) / 2**53 for word in words]


def _normal(kind: str, name: str, count: int) -> list[float]:
    return [NORMAL.inv_cdf(u) for u in _uniform(kind, name, count)]


def _bridge(prices: list[float], tau: float) -> float:
    left = math.sqrt(max(tau - MPOR / 2, 0.5))
    return max(NORMAL.pdf(NORMAL.inv_cdf(p)) / (p * (1 - p) * left) for p in prices)


def _plain(name, payoffs, chances, sigma, by, cluster) -> list[list[float]]:
    """Prices in dollars: one list per scenario, contract after contract."""
    states, stress = len(chances), math.ceil(0.25 * SCENARIOS)
    factor, jump_factor = _normal("F", "Sports", SCENARIOS), _normal("FJ", "Sports", SCENARIOS)
    drawn = _uniform("F-stress", "Sports", stress)
    factor[:stress] = [[-3.5, 2.0, 3.0][math.floor(3 * u)] for u in drawn]
    eps, xi = _normal("eps", name, states * SCENARIOS), _normal("xi", name, SCENARIOS)
    sudden = _uniform("U", cluster, SCENARIOS)
    information = 1 - (1 - 0.08) ** MPOR
    prices = []
    for s in range(SCENARIOS):
        happens = min(1, 3 * by) if s < stress else by
        shocked = []
        for state in range(states):
            d = 1 - 2 * state / (states - 1)
            own = eps[state * SCENARIOS + s]
            u = math.sqrt(RHO) * d * factor[s] + math.sqrt(1 - RHO) * own
            shocked.append(chances[state] * math.exp(sigma * math.sqrt(MPOR) * u))
        shocked = [weight / sum(shocked) for weight in shocked]
        if sudden[s] < 1 - (1 - happens) * (1 - information):
            v = NORMAL.cdf(math.sqrt(RHO) * jump_factor[s] + math.sqrt(1 - RHO) * xi[s])
            cumulative = [sum(chances[: n + 1]) for n in range(states)]
            resolved = next(n for n in range(states) if cumulative[n] > 1 - v)
            shocked = [float(n == resolved) for n in range(states)]
        prices.append([sum(a * b for a, b in zip(row, shocked, strict=True)) for row in payoffs])
    return prices


def _found(listing: Listing, marks: list[int]) -> np.ndarray:
    schedule = Schedule("MS-1", date(2026, 1, 1), "", "", BASE | CHANGES)
    count = len(marks)

    state = CycleState(
        0, np.array(marks), np.full(count, -1), np.ones(count), np.ones(count), VolatilityPools()
    )
    own = event_parameters(listing.events[0], schedule, 0)
    return ScenarioSet(listing, schedule, state).losses(own)


def test_exclusive_event_that_happens_by_a_date_and_can_be_void():
    # Two names or none; a void, the last of four states, has no probability but takes its place.
    payoffs = np.array([[1, 0, 0, 0.5], [0, 1, 0, 0.5]])
    listing = Listing()
    listing.add(
        "E-1",
        "S",
        "exclusive",
        ["E-1-A", "E-1-B"],
        10_000 * payoffs,
        12 * DAY,
        category="Sports",
        happens_by=True,
        void_in_payoffs=True,
    )
    by = 1 - (1 - 0.6) ** (5 / 12)  # 40 + 20 cents
    sigma = _bridge([0.4, 0.2], 12)
    plain = _plain("E-1", payoffs, [0.4, 0.2, 0.4, 0.0], sigma, by, "S@1970-01-13")
    expected = 10_000 * (np.array([0.4, 0.2]) - np.array(plain))
    assert pytest.approx(expected, abs=1e-8) == _found(listing, [4_000, 2_000]).T
    # Both kinds of scenario occur.
    resolved = [set(prices) <= {0.0, 1.0} for prices in plain]
    assert 3 < sum(resolved) < SCENARIOS - 3


def test_separate_contracts_draw_under_their_own_tickers():
    listing = Listing()
    alone = 10_000 * np.array([[1, 0], [1, 0]])
    tickers = ["E-2-A", "E-2-B"]
    listing.add("E-2", "", "unknown", tickers, alone, 8 * DAY, category="Sports", separate=True)
    found = _found(listing, [3_000, 9_000])
    for place, (ticker, price) in enumerate(zip(tickers, [0.3, 0.9], strict=True)):
        sigma = _bridge([price], 8)
        plain = _plain(ticker, [[1, 0]], [price, 1 - price], sigma, 0, "E@1970-01-09")
        expected = [10_000 * (price - prices[0]) for prices in plain]
        assert found[place] == pytest.approx(expected, abs=1e-8)
