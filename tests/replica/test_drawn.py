"""Scenario prices of a date drawn from the seed: which stream of which name moves what."""

import math
from dataclasses import replace

import pytest

from reporting.replica import (
    AccountBooks,
    DrawnPrices,
    Market,
    MissingInput,
    states_to_draw,
)
from reporting.replica.draws import normals, uniforms
from reporting.replica.listed import priced_units
from reporting.replica.normal import cdf
from reporting.replica.prices import signal_speed

from .markets import DAY, SCHEDULE, combination, contract, event, replicated

S = 20
DRAWN = SCHEDULE | {
    "scenarios": S,
    "jump_rate_bps_per_day": {"default": 0},
    "rho_bps": {"default": 0},
    "lumps": {"default": 1},
}
EARLY = contract(may_close_early=True)


def prices(*events, **schedule):
    """Prices of the first event, by contract."""
    in_force = DRAWN | schedule
    market = Market({each.ticker: each for each in events}, in_force, {})
    return DrawnPrices(in_force).of(events[0], market)


def test_an_early_resolution_for_certain():
    """Rate 100 % a day, rho 0: Phi(Z) is the uniform of eps, and yes comes from 0.4 on."""
    expected = [float(u >= 0.4) for u in uniforms(7, "eps", "E", S)]
    assert 0 < sum(expected) < S
    (found,) = prices(event(EARLY), jump_rate_bps_per_day={"default": 10_000})
    assert found.at_rho == found.at_zero == expected
    assert found.model_price == 0.6


def test_the_uniform_of_the_cluster_decides_when():
    """Rate 20 %: where U of the cluster is below 0.2; elsewhere one lump, never known: f is too
    small for any info."""
    (found,) = prices(
        event(EARLY, tau_seconds=10**9 * DAY), jump_rate_bps_per_day={"default": 2000}
    )
    jumped = uniforms(7, "U", "S@2026-01-28", S)
    assert sum(u < 0.2 for u in jumped) == 4
    for price, u in zip(found.at_zero, jumped, strict=True):
        assert (price in (0.0, 1.0)) == (u < 0.2)


def test_lumps_come_by_the_uniform_of_the_event():
    """J = 1, f = 1/10: all is known where info is at least 0.9, in two of twenty scenarios."""
    (found,) = prices(event(tau_seconds=10 * DAY))
    for price, u in zip(found.at_zero, uniforms(7, "info", "E", S), strict=True):
        assert (price != 0.6) == (u >= 0.9)
    assert sum(price != 0.6 for price in found.at_zero) == 2


def test_the_group_factor_is_that_of_the_category_with_the_sign_of_the_series():
    """J large enough: K = 1 of 2 where info is between; at rho 1 only F moves."""
    (found,) = prices(
        event(tau_seconds=2 * DAY + 1),
        rho_bps={"default": 10_000},
        ramp_tau0_seconds=0,
        lumps={"default": 2},
        factor_signs={"S": -1},
    )
    factor = normals(7, "F", "Sports", S)
    moved = 0
    for price, z in zip(found.at_rho, factor, strict=True):
        if price not in (0.0, 1.0, 0.6):
            # f = 1/2: yes = 1 - Phi(sqrt 2 x Phi^-1(0.4) + F).
            assert price == pytest.approx(1 - cdf(math.sqrt(2) * -0.2533471 + z), abs=1e-6)
            moved += 1
    assert moved > 3


def test_a_contract_of_separate_binaries_has_its_own_streams():
    pair = event(
        contract("E-1"), contract("E-2", may_close_early=True), structure="binaries", ticker="E"
    )
    schedule = DRAWN | {"jump_rate_bps_per_day": {"default": 10_000}}
    market = Market({"E": pair}, schedule, {})
    # The event has a leg that may close early: both contracts resolve.
    for unit in priced_units(pair):
        (found,) = DrawnPrices(schedule).of(unit, market)
        assert found.at_zero == [float(u >= 0.4) for u in uniforms(7, "eps", unit.ticker, S)]


TRIO = event(
    *(contract(f"E-{n}", mark) for n, mark in enumerate((5000, 3000))),
    structure="exclusive",
    probabilities=(0.5, 0.3, 0.2),
    tau_seconds=3 * DAY,
)


def test_signals_are_named_by_ticker_and_none():
    """mpor 1 of 3 days and one lump of two: f = 1/2, zeta = c."""
    found = prices(TRIO, lumps={"default": 2})
    one_each = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    zeta = signal_speed(one_each, [0.5, 0.3, 0.2])
    eta = [normals(7, "eta", f"E\n{name}", S) for name in ("E-0", "E-1", "none")]
    theta, moved = uniforms(7, "theta", "E", S), 0
    for s in range(S):
        hidden = 0 if theta[s] < 0.5 else 1 if theta[s] < 0.8 else 2
        weights = [
            p * math.exp(math.sqrt(zeta) * eta[j][s] + zeta * (j == hidden))
            for j, p in enumerate((0.5, 0.3, 0.2))
        ]
        if found[0].at_zero[s] not in (0.0, 1.0, 0.5):
            assert found[0].at_zero[s] == pytest.approx(weights[0] / sum(weights))
            assert found[1].at_rho[s] == pytest.approx(weights[1] / sum(weights))
            moved += 1
        elif found[0].at_zero[s] != 0.5:
            assert found[0].at_zero[s] == float(hidden == 0)
    assert moved > 3


@pytest.mark.parametrize(
    ("loadings", "message"),
    [
        ({"E-0": 10_000, "X": 100}, "name X, no signal"),
        ({"E-0": 6000, "E-1": 7000}, "squared length 0.8500"),
    ],
)
def test_loadings_that_do_not_fit_are_refused(loadings, message):
    with pytest.raises(MissingInput, match=message):
        prices(TRIO, factor_loadings={"E": loadings})


def test_loadings_move_one_set_alone():
    loaded = prices(
        TRIO,
        lumps={"default": 2},
        rho_bps={"default": 5000},
        factor_loadings={"E": {"E-0": 6000, "none": -8000}},
    )
    plain = prices(TRIO, lumps={"default": 2}, rho_bps={"default": 5000})
    assert loaded[0].at_zero == plain[0].at_zero == plain[0].at_rho
    assert loaded[0].at_rho != loaded[0].at_zero


A = event(contract("A-1", 5000), ticker="A", probabilities=(0.5, 0.5), tau_seconds=5 * DAY)
B = event(contract("B-1", 4000), ticker="B", probabilities=(0.6, 0.4), tau_seconds=9 * DAY)


def pair(mark=2000, **changes):
    return combination(("A", "A-1", True), ("B", "B-1", True), mark=mark, **changes)


NESTED = replace(combination(("A", "A-1", True), ticker="B"), contracts=(contract("B-1", 4000),))
MANY = {"scenarios": 500, "lumps": {"default": 10}}


def test_a_combination_follows_its_legs():
    found = prices(pair(), A, B, **MANY)
    of_a, of_b = prices(A, **MANY), prices(B, **MANY)
    joint = [x * y for x, y in zip(of_a[0].at_zero, of_b[0].at_zero, strict=True)]
    mean = sum(joint) / len(joint)
    assert found[0].model_price == 0.2
    for price, x, y in zip(found[0].at_zero, of_a[0].at_zero, of_b[0].at_zero, strict=True):
        assert price == pytest.approx(min(max(0.2 * x * y / mean, x + y - 1), x, y))


def test_a_settled_leg_counts_at_its_value():
    """B settled at 1 and selected as YES: the bounds of A and of 1 leave A itself. A mark of 0.40
    beside 0.50 is then explained by nothing: 0.10 is more than 1 % and four standard errors of
    500 scenarios (0.22 / 22 x 4 = 0.04). B settled at 0 leaves nothing of any mark."""
    settled = event(contract("B-1", 10_000, settled=True), ticker="B", tau_seconds=0)
    (found,) = prices(pair(5000), A, settled, **MANY)
    (of_a,) = prices(A, **MANY)
    assert found.at_zero == pytest.approx(of_a.at_zero)
    assert prices(pair(4000), A, settled, **MANY) is None
    lost = event(contract("B-1", 0, settled=True), ticker="B", tau_seconds=0)
    assert prices(pair(1), A, lost, **MANY) is None
    (found,) = prices(pair(0), A, lost, **MANY)
    assert set(found.at_rho) == {0.0}


@pytest.mark.parametrize(
    "events",
    [
        # 0.35 is more than 1.5 x 0.5 x 0.4.
        [pair(3500), A, B],
        # A leg is unknown; is a combination; resolves within tau0 of two days.
        [pair(), A],
        [pair(), A, NESTED],
        [pair(), A, event(contract("B-1", 4000), ticker="B", tau_seconds=2 * DAY)],
        # The combination itself does.
        [pair(tau_seconds=2 * DAY), A, B],
        # Its legs cannot be read.
        [combination(mark=2000), A, B],
    ],
)
def test_a_combination_that_its_legs_do_not_explain_is_held_in_full(events):
    assert prices(*events, **MANY) is None
    found = replicated(
        events, {"C-1": 100}, prices=DrawnPrices(DRAWN | MANY), **(DRAWN | MANY)
    ).margined
    assert found.expected_shortfall == found.worst_case == events[0].contracts[0].mark * 100


def test_no_price_without_an_open_leg():
    assert prices(event(contract(mark=10_000, settled=True))) is None
    assert prices(event(tau_seconds=2 * DAY)) is None
    assert prices(event(tau_seconds=2 * DAY + 1)) is not None


def test_states_to_draw_count_legs_once():
    """Two of the combination and two of each leg; a leg that is unknown, settled or close to its
    end needs none, nor does what is held in full."""
    held = AccountBooks("A", {"C-1": 100, "A-1": 100}, {"B-1": 100})

    def states(*events):
        return states_to_draw(held, Market({e.ticker: e for e in events}, DRAWN, {}))

    assert states(pair(), A, B) == {"C": 2, "A": 2, "B": 2}
    near = event(contract("B-1", 4000), ticker="B", tau_seconds=2 * DAY)
    assert states(pair(), A, near) == {"C": 2, "A": 2}
    stray = combination(("A", "A-1", True), ("X", "X-1", True), ("A", "A-9", False))
    assert states(stray, A) == {"C": 2, "A": 2}
