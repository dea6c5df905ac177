"""Value at risk against simulated paths: is VaR99 of a lone contract exceeded in 1 % of them?

margin-model.md section 6. The paths are made here from what news is, without the model's code:
an ordered event is decided by a normal sum of news, an unordered one is seen through noisy signals.
News comes smoothly, or in lumps of equal size on random days.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from reporting.model.scenarios.draws import DrawPlan, DrawTable
from reporting.model.scenarios.event_prices import scenario_prices
from reporting.model.scenarios.event_risk import LATENT, STATES, EventRisk

pytestmark = pytest.mark.slow

PATHS = 40_000
DRAWS = DrawTable(DrawPlan(2, 50_000))
SLACK = 4 * np.sqrt(0.01 * 0.99 / PATHS + 0.01 * 0.99 / 50_000)
"""Four standard errors of the share of paths, and of the estimate of VaR."""
PRICES = (0.05, 0.2, 0.5, 0.8, 0.95)
KINDS = ("binary", "rung", "bracket", "candidate")
TIMES = [(tau, days) for tau in (10, 30, 90) for days in (1, 5)]


@dataclass(frozen=True)
class Contract:
    """A contract at a price: the states before it and those in which it pays."""

    kind: str
    price: float

    @property
    def probabilities(self):
        rest = 1 - self.price
        return {
            "binary": [rest, self.price],
            "rung": [0.5 * rest, 0.5 * rest, 0.5 * self.price, 0.5 * self.price],
            "bracket": [0.5 * rest, self.price, 0.5 * rest],
            "candidate": [self.price, 0.6 * rest, 0.3 * rest, 0.1 * rest],
        }[self.kind]

    @property
    def pays(self):
        states = len(self.probabilities)
        first = {"binary": [0, 1], "rung": [0, 0, 1, 1]}
        return np.array(first.get(self.kind) or np.eye(states)[int(self.kind == "bracket")], float)


def value_at_risk(contract, information):
    """VaR99 of one contract, long and short, with ten lumps."""
    unordered = contract.kind == "candidate"
    event = EventRisk(
        contract.kind,
        contract.pays[None, :],
        np.array(contract.probabilities),
        information=information,
        rho=0.0,
        news=STATES if unordered else LATENT,
        lumps=10,
    )
    names = list("abcd") if unordered else None
    drawn = DRAWS.of_event("E", "g", "c", names, in_lumps=True)
    prices = scenario_prices(event, drawn).at_zero[0]
    count = len(prices) // 100
    low, high = np.partition(prices, [count - 1, -count])[[count - 1, -count]]
    return contract.price - low, high - contract.price


def revealed(random, tau, days, lumps):
    """What has become known after some days, as a share: float64[PATHS]."""
    if lumps is None:
        return np.full(PATHS, days / tau)
    on_day = random.random((PATHS, lumps)) * tau
    return (on_day < days).mean(axis=1)


def simulated(contract, tau, days, lumps):
    """The price on each path after some days."""
    random = np.random.default_rng([tau, days, lumps or 0, int(100 * contract.price)])
    known = revealed(random, tau, days, lumps)
    probabilities = np.array(contract.probabilities)
    if contract.kind == "candidate":
        return _seen(random, probabilities, known)
    seen = random.normal(size=PATHS) * np.sqrt(known)
    levels = ndtri(np.minimum(np.cumsum(probabilities)[:-1], 1.0))
    with np.errstate(divide="ignore"):
        below = ndtr((levels[:, None] - seen) / np.sqrt(1 - known))
    edges = np.vstack([np.zeros(PATHS), below, np.ones(PATHS)])
    return contract.pays @ np.diff(edges, axis=0)


def _seen(random, probabilities, known):
    """The probability of the first candidate after noisy signals about each."""
    chance = probabilities
    covariance = np.diag(chance) - np.outer(chance, chance)
    density = np.exp(-(ndtri(chance) ** 2) / 2) / np.sqrt(2 * np.pi)
    strength = (chance * density**2 / (covariance**2).sum(axis=1)).sum()
    truth = (random.random((PATHS, 1)) > np.cumsum(chance)).sum(axis=1)
    precision = strength * known / np.maximum(1 - known, 1e-300)
    noise = random.normal(size=(len(chance), PATHS))
    evidence = np.sqrt(precision) * noise + precision * (truth == np.arange(4)[:, None])
    weight = chance[:, None] * np.exp(evidence - evidence.max(axis=0))
    return np.where(known < 1, weight[0] / weight.sum(axis=0), truth == 0)


def exceedances(contract, tau, days, lumps):
    """Share of paths whose loss exceeds VaR99, long and short."""
    price = simulated(contract, tau, days, lumps)
    long, short = value_at_risk(contract, days / tau)
    losses = contract.price - price, price - contract.price
    return [
        float((loss > var + 1e-12).mean()) for loss, var in zip(losses, (long, short), strict=True)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_news_in_ten_lumps_exceeds_it_in_one_percent_of_paths(kind):
    """Less often only where one loss is as likely as more than 1 %, such as losing everything."""
    shares = [
        share
        for price in PRICES
        for tau, days in TIMES
        for share in exceedances(Contract(kind, price), tau, days, 10)
    ]
    assert max(shares) <= 0.01 + SLACK
    assert np.median(shares) == pytest.approx(0.01, abs=SLACK)


@pytest.mark.parametrize("kind", KINDS)
def test_smooth_news_exceeds_it_less_often(kind):
    """Ten lumps guard against lumps: measured, between 0 and 0.9 % of smooth paths, median 0.05."""
    shares = [
        share
        for price in PRICES
        for tau, days in TIMES
        for share in exceedances(Contract(kind, price), tau, days, None)
    ]
    assert max(shares) <= 0.01 + SLACK


@pytest.mark.parametrize("kind", KINDS)
def test_news_in_three_lumps_exceeds_it_more_often(kind):
    """A limit of the model, not a target (margin-model.md section 7): measured, 0.4 to 12 % of
    paths, median 2 to 3."""
    shares = [
        share
        for price in PRICES
        for tau, days in TIMES
        for share in exceedances(Contract(kind, price), tau, days, 3)
    ]
    assert max(shares) > 0.1
    assert 0.01 < np.median(shares) < 0.05
