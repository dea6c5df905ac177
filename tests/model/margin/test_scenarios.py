"""Prices in scenarios: by hand, bounds, and no arbitrage between contracts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.errors import ModelError
from reporting.model.events.terms import payoffs
from reporting.model.margin.scenarios import (
    EventDraws,
    EventRisk,
    resolved_states,
    scenario_prices,
    shocked_prices,
)

from ..books import event_terms


def risk(structure_payoffs, probabilities, **changes):
    usual = {"sigma": 0.0, "rho": 0.0, "jump_probability": 0.0} | changes
    return EventRisk("E", np.array(structure_payoffs, float), np.array(probabilities), **usual)


def draws(scenarios, states, **rows):
    zero = np.zeros(scenarios)
    usual = {"group_factor": zero, "group_jump_factor": zero, "cluster": zero, "xi": zero}
    usual |= {"eps": np.zeros((states, scenarios))}
    return EventDraws(**usual | {name: np.array(row, float) for name, row in rows.items()})


BINARY = [[1, 0]]


def test_a_binary_moves_by_a_logit_shift():
    """sigma ln 2, rho 1, F = 1, d = 1 and -1: the odds of yes quadruple, 0.5 becomes 0.8; over
    four days sigma doubles and the odds are 16: 16/17."""
    event = risk(BINARY, [0.5, 0.5], sigma=np.log(2), rho=1.0)
    moved = draws(2, 2, group_factor=[1, -1])
    assert shocked_prices(event, moved, 1)[0] == pytest.approx([0.8, 0.2])
    assert shocked_prices(event, moved, 4)[0] == pytest.approx([16 / 17, 1 / 17])


def test_own_shocks_move_one_state_against_the_others():
    """sigma ln 2, rho 0, eps = 1 on the first of three states of 0.5, 0.25, 0.25: 1 of 1.5."""
    event = risk(np.eye(3), [0.5, 0.25, 0.25], sigma=np.log(2))
    found = shocked_prices(event, draws(1, 3, eps=[[1], [0], [0]]), 1)
    assert found[:, 0] == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_a_jump_takes_the_state_of_its_draw():
    """pi 0.6, 0.4: xi = 1, V = 0.84: yes; xi = -1, V = 0.16, 1 - V = 0.84: no; U at h: none."""
    event = risk(BINARY, [0.6, 0.4], jump_probability=0.5)
    drawn = draws(3, 2, xi=[1, -1, 1], cluster=[0.4, 0.4, 0.5])
    assert scenario_prices(event, drawn, 1)[0] == pytest.approx([1, 0, 0.6])


def test_a_group_resolves_the_same_way_when_rho_is_one():
    first, second = risk(BINARY, [0.3, 0.7], rho=1.0), risk(BINARY, [0.3, 0.7], rho=1.0)
    factor = np.linspace(-3, 3, 50)
    own = np.cos(np.arange(50))
    drawn = [draws(50, 2, group_jump_factor=factor, xi=xi) for xi in (own, -own)]
    found = [resolved_states(event, d) for event, d in zip((first, second), drawn, strict=True)]
    assert (found[0] == found[1]).all()
    assert set(found[0].tolist()) == {0, 1}


def test_an_impossible_state_is_never_resolved_to():
    event = risk(np.eye(4), [0.0, 1.0, 0.0, 0.0])
    found = resolved_states(event, draws(3, 4, xi=[40, 0, -40]))
    assert found.tolist() == [1, 1, 1]


@given(event_terms(voids=((),)), st.data())
def test_shocked_prices_are_prices_of_one_set_of_probabilities(terms, data):
    """Each within the payoffs of its contract, and any book within its own payouts: there is
    no book that gains or loses in every state."""
    matrix = payoffs(terms, [0] * len(terms.legs))[0] / terms.payout
    weights = np.array([data.draw(st.integers(0, 9)) for _ in range(matrix.shape[1])], float)
    weights[data.draw(st.integers(0, len(weights) - 1))] += 1
    number = st.floats(-60, 60)
    size = 3
    drawn = draws(
        size,
        len(weights),
        group_factor=[data.draw(number) for _ in range(size)],
        eps=[[data.draw(number) for _ in range(size)] for _ in weights],
    )
    event = risk(matrix, weights / weights.sum(), sigma=data.draw(st.floats(0, 3)), rho=0.5)
    found = shocked_prices(event, drawn, 5)
    book = np.array([data.draw(st.integers(-5, 5)) for _ in terms.legs], float)
    value, payouts = book @ found, book @ matrix
    assert (value >= payouts.min() - 1e-9).all()
    assert (value <= payouts.max() + 1e-9).all()


@pytest.mark.parametrize(
    ("probabilities", "changes", "field"),
    [
        ([0.6, 0.5], {}, "probabilities"),
        ([1.0], {}, "probabilities"),
        ([1.5, -0.5], {}, "probabilities"),
        ([float("nan"), 0.5], {}, "probabilities"),
        ([0.5, 0.5], {"sigma": -1.0}, "sigma"),
        ([0.5, 0.5], {"sigma": float("inf")}, "sigma"),
        ([0.5, 0.5], {"rho": 1.1}, "rho"),
        ([0.5, 0.5], {"jump_probability": 1.1}, "jump_probability"),
    ],
)
def test_bad_parameters_are_refused_by_name(probabilities, changes, field):
    with pytest.raises(ModelError) as caught:
        risk(BINARY, probabilities, **changes)
    assert caught.value.field == field
