"""Scenario prices are a martingale: their mean is the model price, for every structure.

margin-model.md section 6: within 4 standard errors, with events by a date, early resolution, lumps,
loadings and combinations; and how far an ordered threshold moves.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from reporting.model.portfolio.combination_prices import combination_prices
from reporting.model.scenarios.draws import DrawPlan, DrawTable
from reporting.model.scenarios.event_prices import TwoSets, scenario_prices
from reporting.model.scenarios.event_risk import CONTRACTS, LATENT, STATES, EventRisk

SCENARIOS = 10_000
DRAWS = DrawTable(DrawPlan(17, SCENARIOS))
PAIRS = [[1, 1, 1, 0, 0, 0], [1, 0, 0, 1, 1, 0], [0, 1, 0, 1, 0, 1], [0, 0, 1, 0, 1, 1]]
"""Two of four win; states are the six pairs."""
EVENTS = {
    "binary": (LATENT, [[0, 1]], [0.93, 0.07]),
    "ladder": (LATENT, np.triu(np.ones((4, 5)), 1), [0.1, 0.2, 0.4, 0.25, 0.05]),
    "ladder with brackets": (
        LATENT,
        [[0, 0, 1, 1], [0, 1, 0, 0], [0, 0, 1, 0], [1, 0, 0, 0]],
        [0.3, 0.2, 0.4, 0.1],
    ),
    "void at 50/50": (LATENT, [[0, 1, 0.5]], [0.4, 0.6, 0.0]),
    "exclusive": (STATES, np.eye(3, 4), [0.5, 0.2, 0.05, 0.25]),
    "exclusive, exhaustive": (STATES, np.eye(4), [0.6, 0.25, 0.1, 0.05]),
    "two of four": (CONTRACTS, PAIRS, [0.3, 0.25, 0.2, 0.1, 0.1, 0.05]),
    "at least one of two": (STATES, [[1, 0, 1], [0, 1, 1]], [0.5, 0.3, 0.2]),
}
NEWS = {
    "smooth": {},
    "lumps": {"lumps": 10},
    "early": {"lumps": 10, "early_probability": 0.05},
    "by a date": {"lumps": 10, "happens_probability": 0.04},
    "common factor": {"lumps": 10, "rho": 0.3},
}


def risk(structure, information, **news):
    kind, payoffs, probabilities = EVENTS[structure]
    payoffs = np.array(payoffs, dtype=np.float64)
    if "rho" in news:
        signals = len(payoffs) if kind == CONTRACTS else payoffs.shape[1]
        direction = np.linspace(1.0, -1.0, signals)
        news["loadings"] = direction / np.linalg.norm(direction) if kind != LATENT else None
        news["sign"] = -1
    if "happens_probability" in news:
        news["happens"] = (payoffs > 0).any(axis=0) & (np.array(probabilities) > 0)
        if news["happens"].all():
            news["happens"][0] = False
    usual = {"information": information, "rho": 0.0, "news": kind}
    return EventRisk(structure, payoffs, np.array(probabilities), **usual | news)


def draws_of(event):
    kind, states = event.news, event.payoffs.shape[1]
    signals = {LATENT: None, STATES: range(states), CONTRACTS: range(len(event.payoffs))}[kind]
    names = None if signals is None else [f"{signal}" for signal in signals]
    return DRAWS.of_event(event.name, "group", "cluster", names, in_lumps=True)


def prices_of(event):
    return scenario_prices(event, draws_of(event))


def assert_mean(prices, expected):
    error = prices.std(axis=-1) / np.sqrt(prices.shape[-1])
    assert (np.abs(prices.mean(axis=-1) - expected) <= 4 * error + 1e-9).all()


@pytest.mark.parametrize("information", [0.1, 0.5, 0.95])
@pytest.mark.parametrize("news", NEWS)
@pytest.mark.parametrize("structure", EVENTS)
def test_the_mean_is_the_model_price(structure, news, information):
    event = risk(structure, information, **NEWS[news])
    for prices in prices_of(event):
        assert_mean(prices, event.model_prices)


@pytest.mark.parametrize("news", NEWS)
@pytest.mark.parametrize("structure", EVENTS)
def test_all_information_ends_in_the_outcome(structure, news):
    """At f = 1 each scenario is a state, as often as it is probable."""
    changes = {name: value for name, value in NEWS[news].items() if name != "lumps"}
    event = risk(structure, 1.0, **changes)
    columns = {tuple(column) for column in event.payoffs.T.tolist()}
    for prices in prices_of(event):
        assert {tuple(column) for column in prices.T.tolist()} <= columns
        assert_mean(prices, event.model_prices)


@pytest.mark.parametrize("news", ["smooth", "lumps", "common factor"])
@pytest.mark.parametrize("ratio", [0.8, 1.0, 1.2])
def test_the_mean_of_a_combination_is_its_mark(news, ratio):
    """Marked at the product of its legs, or 20 % away from it."""
    first = risk("ladder", 0.4, **NEWS[news])
    other = risk("exclusive", 0.4, **NEWS[news])
    legs = [
        TwoSets(*(prices[leg] for prices in prices_of(event)))
        for event, leg in ((first, 2), (other, 1))
    ]
    model_legs = [float(first.model_prices[2]), float(other.model_prices[1])]
    mark = ratio * model_legs[0] * model_legs[1]
    for prices in combination_prices(mark, model_legs, legs):
        assert_mean(prices, mark)


@pytest.mark.parametrize("information", [0.05, 0.3, 0.5])
@pytest.mark.parametrize("rho", [0.0, 0.3, 1.0])
def test_an_ordered_threshold_moves_as_far_as_its_information(information, rho):
    """x' = (x + sqrt(f) Z) / sqrt(1 - f): standard deviation sqrt(f / (1 - f)), for every rung."""
    for prices in prices_of(risk("ladder", information, rho=rho)):
        moved = ndtri(prices)
        expected = np.sqrt(information / (1 - information))
        assert moved.std(axis=1) == pytest.approx(expected, rel=4 / np.sqrt(2 * SCENARIOS))


@given(
    st.lists(st.integers(1, 1_023), min_size=1, max_size=6, unique=True),
    st.data(),
    st.sampled_from([0.1, 0.6, 1.0]),
    st.sampled_from(["smooth", "lumps", "early", "common factor"]),
)
def test_a_threshold_does_not_depend_on_the_other_strikes(cuts, data, information, news):
    """C in 1/1,024, so that the sums of probabilities are exact: the same bits."""
    cuts = sorted(cuts)
    kept = sorted(data.draw(st.sets(st.sampled_from(cuts), min_size=1)))

    def ladder(levels):
        probabilities = np.diff([0, *levels, 1_024]) / 1_024
        steps = np.triu(np.ones((len(levels), len(levels) + 1)), 1)
        usual = {"information": information, "rho": 0.0}
        event = EventRisk("E", steps, probabilities, **usual | NEWS[news])
        return [price[:, :500] for price in scenario_prices(event, SOME)]

    for every, some in zip(ladder(cuts), ladder(kept), strict=True):
        rows = [cuts.index(level) for level in kept]
        assert every[rows].tobytes() == some.tobytes()


SOME = DrawTable(DrawPlan(3, 500)).of_event("E", "group", "cluster", None, in_lumps=True)
