"""Prices in scenarios: by hand from the formulas of margin-model.md section 4."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from reporting.model.errors import ModelError
from reporting.model.scenarios.draws import EventDraws
from reporting.model.scenarios.event_prices import revealed_information, scenario_prices
from reporting.model.scenarios.event_risk import CONTRACTS, STATES, EventRisk

BINARY = [[0, 1]]
PHI_1 = 0.8413447460685429
"""Phi(1), from tables."""


def risk(payoffs, probabilities, **changes):
    usual = {"information": 0.36, "rho": 0.0} | changes
    return EventRisk("E", np.array(payoffs, float), np.array(probabilities, float), **usual)


def draws(**rows):
    arrays = {name: np.array(row, float) for name, row in rows.items()}
    size = next(iter(arrays.values())).shape[-1]
    usual = {"group_factor": np.zeros(size), "cluster": np.ones(size)}
    return EventDraws(**usual | arrays)


def test_a_binary_moves_along_its_latent_normal():
    """f = 0.36: sqrt(f / (1 - f)) is 0.75, so eps of 4/3 moves 0.50 to Phi(1)."""
    at_rho, at_zero = scenario_prices(risk(BINARY, [0.5, 0.5]), draws(eps=[0, 4 / 3, -4 / 3]))
    assert at_rho[0] == pytest.approx([0.5, PHI_1, 1 - PHI_1], abs=1e-12)
    assert at_zero is at_rho  # no correlation, one set


def test_the_group_factor_moves_one_set_only():
    """rho = 0.36: Z = 0.6 F + 0.8 eps = 0.6 x 5/3 x 4/3 + 0; the sign turns the factor around."""
    drawn = draws(group_factor=[20 / 9], eps=[0])
    up = scenario_prices(risk(BINARY, [0.5, 0.5], rho=0.36), drawn)
    down = scenario_prices(risk(BINARY, [0.5, 0.5], rho=0.36, sign=-1), drawn)
    assert up.at_rho[0, 0] == pytest.approx(PHI_1, abs=1e-12)
    assert down.at_rho[0, 0] == pytest.approx(1 - PHI_1, abs=1e-12)
    assert up.at_zero[0, 0] == down.at_zero[0, 0] == 0.5


def test_each_rung_moves_by_its_own_probability():
    """States 0.2, 0.5, 0.3: "above" contracts at 0.8 and 0.3, moved by Z = 1 with f = 0.36."""
    ladder = risk([[0, 1, 1], [0, 0, 1]], [0.2, 0.5, 0.3])
    prices, _ = scenario_prices(ladder, draws(eps=[1.0]))
    for price, contract in zip((0.8, 0.3), prices[:, 0], strict=True):
        assert contract == pytest.approx(ndtr((ndtri(price) + 0.6) / 0.8), abs=1e-12)


def test_a_resolution_takes_the_state_of_the_latent_normal():
    """C is 0.2 and 0.7: levels Phi(Z) below, between and above them."""
    ladder = risk([[0, 1, 1], [0, 0, 1]], [0.2, 0.5, 0.3], information=1.0)
    prices, _ = scenario_prices(ladder, draws(eps=ndtri([0.1, 0.2001, 0.6999, 0.7001])))
    assert prices.tolist() == [[0, 1, 1, 1], [0, 0, 0, 1]]


def test_an_early_resolution_needs_the_cluster():
    """h = 0.02: the draw 0.019 resolves by Phi(Z) = 0.84 above C = 0.5, the draw 0.02 moves."""
    event = risk(BINARY, [0.5, 0.5], early_probability=0.02, information=0.0)
    prices, _ = scenario_prices(event, draws(cluster=[0.019, 0.02], eps=[1, 1]))
    assert prices[0].tolist() == [1, 0.5]


def test_an_event_by_a_date_jumps_only_to_what_happened():
    """p = 0.75, h = 0.5: elsewhere 1 - 0.25 / 0.5 = 0.5 is left, and the mean stays 0.75."""
    event = risk(
        BINARY,
        [0.25, 0.75],
        information=0.0,
        happens_probability=0.5,
        happens=np.array([False, True]),
    )
    assert event.base == pytest.approx([0.5, 0.5])
    prices, _ = scenario_prices(event, draws(cluster=[0.49, 0.5], eps=[-9, 9]))
    assert prices[0].tolist() == [1, 0.5]


def test_lumps_by_hand():
    """Two lumps at f = 1/2 have chances 1/4, 1/2, 1/4; a draw at a boundary takes the next."""
    event = risk(BINARY, [0.5, 0.5], information=0.5, lumps=2)
    drawn = draws(info=[0.2, 0.25, 0.74, 0.75], eps=[1, 1, 1, 1])
    assert revealed_information(event, drawn).tolist() == [0, 0.5, 0.5, 1]
    prices, _ = scenario_prices(event, drawn)
    # One of two lumps moves by Phi(Z), both resolve.
    assert prices[0] == pytest.approx([0.5, PHI_1, PHI_1, 1], abs=1e-12)


def test_an_event_by_a_date_never_learns_everything():
    happens = np.array([False, True])
    event = risk(
        BINARY, [0.5, 0.5], information=0.5, lumps=2, happens_probability=0.1, happens=happens
    )
    assert revealed_information(event, draws(info=[0.9], eps=[0])).tolist() == [0.5]


def test_rivals_are_seen_through_noise():
    """Two exclusive states at 0.5: c = (1 / 2 pi) / (1/16 + 1/16) = 4 / pi, zeta = c at f = 1/2.

    Without noise the true one gains to 1 / (1 + exp(-4 / pi)) = 0.7813; eta of sqrt(zeta) on the
    other takes that away again.
    """
    event = risk([[1, 0], [0, 1]], [0.5, 0.5], news=STATES, information=0.5)
    zeta = 4 / np.pi
    seen = 1 / (1 + np.exp(-zeta))
    eta = [[0, 0, 0], [0, 0, np.sqrt(zeta)]]
    prices, _ = scenario_prices(event, draws(eta=eta, theta=[0.4, 0.6, 0.4]))
    assert prices[0] == pytest.approx([seen, 1 - seen, 0.5], abs=1e-12)


def test_two_of_three_are_seen_by_contract():
    """States 12, 13, 23 at 1/3: P = 2/3, covariances 2/9 and -1/9, so c = phi(0.4307)^2 /
    (6/81)."""
    table = [[1, 1, 0], [1, 0, 1], [0, 1, 1]]
    event = risk(table, [1 / 3] * 3, news=CONTRACTS, information=0.5)
    density = np.exp(-(0.4307272992954576**2)) / (2 * np.pi)
    zeta = density / (6 / 81)
    prices, _ = scenario_prices(event, draws(eta=np.zeros((3, 1)), theta=[0.1]))
    # State 12 is true: it has both signals, 13 and 23 one of them.
    weights = np.exp([2 * zeta, zeta, zeta])
    weights /= weights.sum()
    assert prices[:, 0] == pytest.approx(np.array(table) @ weights, abs=1e-9)


def test_loadings_give_the_common_factor_a_direction():
    """b = (0.6, -0.8), rho = 0.36, F = 1: eta + b (0.6 - 0.2 <b, eta>), eta = (1, 0)."""
    event = risk(
        [[1, 0], [0, 1]],
        [0.5, 0.5],
        news=STATES,
        information=0.5,
        rho=0.36,
        loadings=np.array([0.6, -0.8]),
    )
    drawn = draws(eta=[[1], [0]], theta=[0.9], group_factor=[1])
    shift = 0.6 - 0.2 * 0.6
    eta = np.array([1 + 0.6 * shift, -0.8 * shift])
    zeta = 4 / np.pi
    log_odds = np.sqrt(zeta) * (eta[0] - eta[1]) - zeta
    at_rho, at_zero = scenario_prices(event, drawn)
    assert at_rho[0, 0] == pytest.approx(1 / (1 + np.exp(-log_odds)), abs=1e-12)
    assert at_zero[0, 0] == pytest.approx(1 / (1 + np.exp(zeta - np.sqrt(zeta))), abs=1e-12)


@pytest.mark.parametrize("information", [0.3, 1.0])
def test_an_impossible_state_stays_impossible(information):
    ladder = risk([[0, 1, 1], [0, 0, 1]], [0.0, 1.0, 0.0], information=information)
    prices, _ = scenario_prices(ladder, draws(eps=[-8, 0, 8]))
    assert prices.tolist() == [[1, 1, 1], [0, 0, 0]]
    rivals = risk(np.eye(3), [0.0, 0.6, 0.4], news=STATES, information=information)
    drawn = draws(eta=[[9, -9], [0, 0], [0, 0]], theta=[0.01, 0.99])
    assert scenario_prices(rivals, drawn).at_rho[0].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("probabilities", "changes", "field"),
    [
        ([0.5, 0.6], {}, "probabilities"),
        ([0.5, 0.25, 0.25], {}, "probabilities"),
        ([1.5, -0.5], {}, "probabilities"),
        ([0.5, 0.5], {"information": 1.1}, "information"),
        ([0.5, 0.5], {"rho": -0.1}, "rho"),
        ([0.5, 0.5], {"early_probability": 2.0}, "early_probability"),
        ([0.5, 0.5], {"lumps": 0}, "lumps"),
        ([0.5, 0.5], {"happens": np.array([True])}, "happens"),
        ([0.5, 0.5], {"happens_probability": 0.1}, "happens"),
        (
            [0.5, 0.5],
            {"happens_probability": 0.6, "happens": np.array([False, True])},
            "happens_probability",
        ),
    ],
)
def test_bad_parameters_are_refused_by_name(probabilities, changes, field):
    with pytest.raises(ModelError) as caught:
        risk(BINARY, probabilities, **changes)
    assert caught.value.field == field
