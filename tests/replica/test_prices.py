"""Scenario prices by hand: section 4 of the specification, step by step."""

import math
from dataclasses import replace

import pytest

from reporting.replica.prices import (
    PricedEvent,
    Streams,
    base_probabilities,
    cumulated,
    event_prices,
    lumps_known,
    resolved_state,
    signal_speed,
)

LN_2 = math.log(2)
ONE_EACH = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
SPEED = 1.754173
"""c at (0.5, 0.3, 0.2): see test_signal_speed_by_hand."""


def binary(p=0.5, **changes):
    values = {"payoffs": [[0, 1]], "probabilities": [1 - p, p], "ordered": True, "rho": 0.36}
    return PricedEvent(**{**values, "information": 0.36, **changes})


def one(event, **streams):
    """Prices of the first contract in one scenario: at rho and at zero."""
    sets = event_prices(event, Streams(1, **{name: [row] for name, row in streams.items()}))
    return sets.at_rho[0][0], sets.at_zero[0][0]


def test_an_ordered_event_moves_with_one_normal():
    """f = 0.36: C' = Phi((0 - 0.6 Z) / 0.8). Z = 0.6 x 2 - 0.8 x 0.25 = 1 at rho:
    Phi(-0.75) = 0.226627. At zero Z = -0.25: Phi(0.1875) = 0.574366."""
    found = one(binary(), group_factor=2.0, eps=-0.25)
    assert found == pytest.approx((1 - 0.226627, 1 - 0.574366), abs=1e-6)


def test_the_sign_turns_the_group_factor():
    """Z = -1.2 - 0.2 = -1.4: Phi(1.05) = 0.853141."""
    found = one(binary(sign=-1), group_factor=2.0, eps=-0.25)
    assert found == pytest.approx((1 - 0.853141, 1 - 0.574366), abs=1e-6)


def test_a_rung_moves_by_its_own_probability_alone():
    """p = 0.9, Z = 1: Phi((1.281552 + 0.6) / 0.8) = Phi(2.351940) = 0.990662."""
    ladder = binary(
        payoffs=[[0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1]], probabilities=[0.1, 0.2, 0.3, 0.4]
    )
    alone = binary(0.9)
    for event in (ladder, alone):
        assert one(event, group_factor=0.0, eps=1.25)[0] == pytest.approx(0.990662, abs=1e-6)


@pytest.mark.parametrize(("z", "price"), [(0.52, 0), (0.53, 1), (-9, 0), (9, 1)])
def test_known_in_full_is_a_resolution_with_the_same_normal(z, price):
    """C(no) = 0.7 = Phi(0.524401): yes from there on. The third state is impossible."""
    event = binary(payoffs=[[0, 1, 7]], probabilities=[0.7, 0.3, 0], information=1.0, rho=0)
    assert one(event, eps=z) == (price, price)


@pytest.mark.parametrize(("u", "known"), [(0.2, 0), (0.25, 1), (0.74, 1), (0.75, 2), (0.999, 2)])
def test_lumps_by_hand(u, known):
    """Binomial(2, 1/2): cumulative 0.25, 0.75, 1; the smallest K that exceeds u."""
    assert lumps_known(2, 0.5, u) == known


def test_all_lumps_where_everything_is_known():
    assert lumps_known(10, 1.0, 0.0) == 10


def test_lumps_move_or_resolve():
    """J = 2, f = 1/2: K = 0 changes nothing; K = 1 is f = 1/2 with Z = 1: 1 - Phi(-1) =
    0.841345; K = 2 resolves: Phi(1) is above 0.5: yes."""
    event = binary(lumps=2, information=0.5, rho=0)
    expected = [(0.2, 0.5), (0.5, 0.841345), (0.9, 1.0)]
    for u, price in expected:
        assert one(event, eps=1.0, info=u)[1] == pytest.approx(price, abs=1e-6)


def test_what_happens_by_a_date_never_comes_by_its_last_lump():
    """J = 2 and a "by T" event: K is 1 at most, h_by is 0."""
    event = binary(lumps=2, information=0.5, rho=0, happens=(1,))
    assert one(event, eps=1.0, info=0.9)[1] == pytest.approx(0.841345, abs=1e-6)


BY_T = {"happens": (1,), "happens_probability": 0.2, "information": 0.0}


def test_what_did_not_happen_decays():
    """pH = 0.36, half of the time: h = 1 - 0.64 ** 0.5 = 0.2, base 1 - 0.64 ** 0.5 = 0.2."""
    event = binary(0.36, **BY_T)
    assert base_probabilities(event) == pytest.approx([0.8, 0.2])
    assert one(event, group_factor=0.0, eps=-9.0, uniforms=0.1999) == (1, 1)
    assert one(event, group_factor=0.0, eps=9.0, uniforms=0.2) == pytest.approx((0.2, 0.2))


def test_what_happened_resolves_among_its_states():
    """pi = (0.1, 0.3, 0.6), either of the first two happened: theta against 0.25 and 0.75."""
    event = PricedEvent(
        payoffs=[[1, 0, 0], [0, 1, 0]],
        probabilities=[0.1, 0.3, 0.6],
        ordered=False,
        information=0.0,
        rho=0.3,
        happens=(0, 1),
        happens_probability=0.1,
        signals=ONE_EACH,
    )
    # pH = 0.4; 1 - pH° = 0.6 / 0.9 = 2 / 3: the happened states are scaled by (1 / 3) / 0.4.
    assert base_probabilities(event) == pytest.approx([0.25 / 3, 0.75 / 3, 2 / 3])
    for theta, first in [(0.24, 1), (0.26, 0)]:
        eta = [[0.0]] * 3
        sets = event_prices(event, Streams(1, uniforms=[0.05], theta=[theta], eta=eta))
        assert [row[0] for row in sets.at_zero] == [first, 1 - first]


@pytest.mark.parametrize(
    ("p", "h", "base"),
    [
        # Certain to happen; impossible; all of it in this period.
        (1.0, 1.0, [0, 1]),
        (0.0, 0.0, [1, 0]),
        (0.36, 0.36, [1, 0]),
    ],
)
def test_the_base_at_its_edges(p, h, base):
    event = binary(p, happens=(1,), happens_probability=h)
    assert base_probabilities(event) == pytest.approx(base)


def test_early_resolution_is_by_the_marks():
    """U below h_info: Phi(Z) against C(no) = 0.64."""
    event = binary(0.36, jump_probability=0.5, rho=0)
    assert one(event, eps=0.35, uniforms=0.49)[1] == 0
    assert one(event, eps=0.37, uniforms=0.49)[1] == 1


def test_signal_speed_by_hand():
    """P = (0.5, 0.3, 0.2): phi^2 = 0.159155, 0.120890, 0.078379. Sums of Cov^2: 0.0625 + 0.0225
    + 0.01 = 0.095; 0.0441 + 0.0225 + 0.0036 = 0.0702; 0.0256 + 0.01 + 0.0036 = 0.0392. c_a =
    1.675315, 1.722082, 1.999456; mean 1.754173."""
    assert signal_speed(ONE_EACH, [0.5, 0.3, 0.2]) == pytest.approx(SPEED, abs=2e-6)


def test_decided_signals_have_no_speed():
    assert signal_speed(ONE_EACH, [1.0, 0.0, 0.0]) == 0
    # The first contract of two of three wins for certain; its sum is 1 - 1e-16.
    almost = [0.1, 0.7, 0.2 - 3e-17]
    certain = [[1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert signal_speed(certain, almost) == pytest.approx(signal_speed(ONE_EACH, almost))


def three(**changes):
    """zeta = c f / (1 - f) = ln 2."""
    values = {
        "payoffs": ONE_EACH,
        "probabilities": [0.5, 0.3, 0.2],
        "ordered": False,
        "information": LN_2 / (SPEED + LN_2),
        "rho": 0.75,
        "signals": ONE_EACH,
    }
    return PricedEvent(**{**values, **changes})


def prices_of(event, eta, theta, factor=0.0):
    streams = Streams(1, group_factor=[factor], eta=[[x] for x in eta], theta=[theta])
    sets = event_prices(event, streams)
    return [row[0] for row in sets.at_rho], [row[0] for row in sets.at_zero]


def test_an_unordered_event_moves_by_its_signals():
    """theta in the first state: weights 0.5 x 2, 0.3, 0.2. eta of the second sqrt(ln 2): its
    weight doubles. Without loadings both sets are the same."""
    for eta, expected in [
        ([0, 0, 0], [1 / 1.5, 0.3 / 1.5, 0.2 / 1.5]),
        ([0, LN_2**0.5, 0], [1 / 1.8, 0.6 / 1.8, 0.2 / 1.8]),
    ]:
        at_rho, at_zero = prices_of(three(), eta, 0.1)
        assert at_rho == at_zero == pytest.approx(expected, abs=1e-6)


def test_theta_is_the_outcome_where_everything_is_known():
    assert prices_of(three(information=1.0), [9, -9, 0], 0.5)[0] == [0, 1, 0]


def test_contracts_are_the_signals_of_exactly_k():
    """Two of three, (0.5, 0.3, 0.2) for (12, 13, 23): theta in 12 adds zeta twice there, once in
    13 and in 23."""
    pairs = [[1, 1, 0], [1, 0, 1], [0, 1, 1]]
    event = three(payoffs=pairs, signals=pairs)
    zeta = signal_speed(pairs, [0.5, 0.3, 0.2]) * event.information / (1 - event.information)
    weights = [0.5 * math.exp(2 * zeta), 0.3 * math.exp(zeta), 0.2 * math.exp(zeta)]
    first = (weights[0] + weights[1]) / sum(weights)
    assert prices_of(event, [0, 0, 0], 0.1)[0][0] == pytest.approx(first)


def test_loadings_turn_signals_towards_the_group():
    """b = (0.6, 0.8, 0), rho 0.75, eta (1, 0, 0), F 2: <b, eta> = 0.6, size 1.732051 - 0.5 x 0.6
    = 1.432051; eta becomes (1.859231, 1.145641, 0). At zero it stays."""
    loaded = three(loadings=[0.6, 0.8, 0.0])
    at_rho, at_zero = prices_of(loaded, [1, 0, 0], 0.1, factor=2.0)
    assert at_rho == pytest.approx(prices_of(three(), [1.859231, 1.145641, 0], 0.1)[0], abs=1e-6)
    assert at_zero == prices_of(three(), [1, 0, 0], 0.1)[1]


def test_an_impossible_state_stays_impossible():
    event = three(probabilities=[0.6, 0.4, 0.0])
    assert prices_of(event, [0, 0, 50], 0.1)[0][2] == 0
    assert cumulated([0.6, 0.4 - 1e-12, 0.0]) == [0.6, 1.0, 1.0]
    assert resolved_state(cumulated([0.6, 0.4, 0.0]), 1 - 2**-53) == 1


def test_a_signal_far_out_does_not_overflow():
    assert prices_of(replace(three(), information=0.9999), [0, 400, 0], 0.1)[0][1] == 1
