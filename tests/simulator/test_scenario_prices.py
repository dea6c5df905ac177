"""Scenario prices, one scenario after the other, straight from the page (ECM-2, section 4)."""

import hashlib
import itertools
import math
from statistics import NormalDist

import numpy as np
import pytest

from reporting.simulator.margin.margin_events import MarginEvents
from reporting.simulator.margin.scenarios import ScenarioSet
from reporting.simulator.market.listing import Leg, Listing

from .hand_margin import DAY, YES_NO, cycle_state, schedule

NORMAL = NormalDist()
SCENARIOS, SEED, RHO, MPOR, LUMPS = 40, 5, 0.3, 5, 4
CHANGES = {
    "legal_class": {"default": "swap"},
    "ramp_tau0_seconds": 0,
    "scenarios": SCENARIOS,
    "seed": SEED,
    "rho_bps": {"default": 3_000},
    "lumps": {"default": LUMPS},
    "jump_rate_bps_per_day": {"default": 800},
}
RUNGS = np.array([[0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1]])
NAMES = np.array([[1, 0, 0], [0, 1, 0]])
PAIRS = list(itertools.combinations(range(4), 2))
TWO_OF_FOUR = np.array([[int(n in pair) for pair in PAIRS] for n in range(4)])
MATRIX = np.array([[1, 0.5, 0], [0, 0.5, 1]])


def _uniform(kind: str, name: str) -> list[float]:
    digest = hashlib.sha256(f"{SEED}\n{kind}\n{name}".encode()).digest()
    key = [int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:16], "little")]
    words = np.random.Philox(key=np.array(key, np.uint64)).random_raw(2 * SCENARIOS).tolist()
    ranked = sorted(range(SCENARIOS), key=lambda s: (words[s], s))
    return [
        (ranked.index(s) + ((words[SCENARIOS + s] >> 11) + 0.5) / 2**53) / SCENARIOS
        for s in range(SCENARIOS)
    ]


def _normal(kind: str, name: str) -> list[float]:
    return [NORMAL.inv_cdf(u) for u in _uniform(kind, name)]


def _lumps(info: float, f: float) -> int:
    total = 0.0
    for told in range(LUMPS + 1):
        total += math.comb(LUMPS, told) * f**told * (1 - f) ** (LUMPS - told)
        if total > info:
            return told
    return LUMPS


def _state(chances: list[float], level: float) -> int:
    total, last = 0.0, 0
    for state, chance in enumerate(chances):
        total += chance
        if chance:
            last = state
        if level < total and chance:
            return state
    return last


def _ordered(chances: list[float], z: float, f: float) -> list[float]:
    edges = [0.0]
    for cumulative in itertools.accumulate(chances[:-1]):
        inside = 0 < cumulative < 1
        edges.append(
            NORMAL.cdf((NORMAL.inv_cdf(cumulative) - math.sqrt(f) * z) / math.sqrt(1 - f))
            if inside
            else cumulative
        )
    return [high - low for low, high in itertools.pairwise([*edges, 1.0])]


def _unordered(chances, signals, eta, theta, f) -> list[float]:
    prices = [sum(c for c, a in zip(chances, row, strict=True) if a) for row in signals]
    open_ones = [n for n, price in enumerate(prices) if 0 < price < 1]

    def covariance(a, b):
        both = sum(c for c, x, y in zip(chances, signals[a], signals[b], strict=True) if x and y)
        return both - prices[a] * prices[b]

    each = {
        a: NORMAL.pdf(NORMAL.inv_cdf(prices[a])) ** 2
        / sum(covariance(a, b) ** 2 for b in range(len(signals)))
        for a in open_ones
    }
    c = sum(prices[a] * each[a] for a in open_ones) / sum(prices[a] for a in open_ones)
    zeta = c * f / (1 - f)
    truth = _state(chances, theta)
    weights = [
        chance
        * math.exp(
            sum(
                row[state] * (math.sqrt(zeta) * eta[a] + zeta * row[truth])
                for a, row in enumerate(signals)
            )
        )
        for state, chance in enumerate(chances)
    ]
    return [weight / sum(weights) for weight in weights]


def _plain(chances, payoffs, cluster, moved, level, happened=(), early=0.0, tau=8.0):
    """Prices in dollars, one list per scenario; ``moved``: (chances, s, f), ``level``: by s."""
    f = MPOR / tau
    info, sudden = _uniform("info", "E-1"), _uniform("U", cluster)
    base, jump, to = list(chances), early, list(chances)
    if happened:
        p = sum(chances[state] for state in happened)
        jump = 1 - (1 - p) ** f
        left = (1 - p) ** (1 - f)
        base = [
            c * ((1 - left) / p if state in happened else left / (1 - p))
            for state, c in enumerate(chances)
        ]
        to = [c / p if state in happened else 0.0 for state, c in enumerate(chances)]
    prices = []
    for s in range(SCENARIOS):
        told = _lumps(info[s], f)
        if happened:
            told = min(told, LUMPS - 1)
        if sudden[s] < jump or told == LUMPS:
            state = _state(to if sudden[s] < jump else base, level[s])
            after = [float(n == state) for n in range(len(chances))]
        else:
            after = moved(base, s, told / LUMPS) if told else base
        prices.append([sum(a * b for a, b in zip(row, after, strict=True)) for row in payoffs])
    return np.array(prices).T


def _found(structure, payoffs, marks, changes=None, tau=8.0, **facts):
    listing = Listing()
    tickers = [f"E-1-{n}" for n in range(len(payoffs))]
    listing.add(
        "E-1", "S", structure, tickers, 10_000 * payoffs, int(tau * DAY), category="Sports", **facts
    )
    own_schedule, state = schedule(CHANGES | (changes or {})), cycle_state(marks)
    events = MarginEvents(listing, own_schedule, state)
    return ScenarioSet(listing, own_schedule, state, events).prices(events[0])


def _z(rho: float, sign: int = 1) -> list[float]:
    factor, own = _normal("F", "Sports"), _normal("eps", "E-1")
    return [
        math.sqrt(rho) * sign * common + math.sqrt(1 - rho) * mine
        for common, mine in zip(factor, own, strict=True)
    ]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_ladder_moves_by_one_normal(sign):
    found = _found("ladder", RUNGS, [8_000, 5_000, 2_000], {"factor_signs": {"S": sign}})
    for prices, z in zip(found, (_z(RHO, sign), _z(0.0)), strict=True):
        level = [NORMAL.cdf(x) for x in z]
        expected = _plain(
            [0.2, 0.3, 0.3, 0.2],
            RUNGS.tolist(),
            "S@1970-01-09",
            lambda base, s, f, z=z: _ordered(base, z[s], f),
            level,
        )
        assert prices == pytest.approx(expected, abs=1e-9)


def test_a_void_and_an_early_end():
    payoffs = np.column_stack([RUNGS, [0.5] * 3])
    found = _found(
        "ladder", payoffs, [8_000, 5_000, 2_000], early=True, void_in_payoffs=True, tau=20.0
    )
    z = _z(0.0)
    expected = _plain(
        [0.2, 0.3, 0.3, 0.2, 0.0],
        payoffs.tolist(),
        "S@1970-01-21",
        lambda base, s, f: [*_ordered(base[:-1], z[s], f), 0.0],
        [NORMAL.cdf(x) for x in z],
        early=1 - 0.92**5,
        tau=20.0,
    )
    assert found[1] == pytest.approx(expected, abs=1e-9)
    # 1 - 0.92^5 = 0.3409: at least 13 of the 40 end early.
    ended = _found("ladder", RUNGS, [8_000, 5_000, 2_000], early=True, tau=20.0)[1] % 1 == 0
    assert ended.all(axis=0).sum() >= 13


def test_exclusive_names_that_happen_by_a_date():
    # Two names or none. "None" cannot come before the date.
    found = _found("exclusive", NAMES, [4_000, 2_000], early=True, happens_by=True)
    eta = [_normal("eta", f"E-1\nE-1-{n}") for n in range(2)] + [_normal("eta", "E-1\nnone")]
    theta = _uniform("theta", "E-1")
    signals = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    expected = _plain(
        [0.4, 0.2, 0.4],
        NAMES.tolist(),
        "S@1970-01-09",
        lambda base, s, f: _unordered(base, signals, [e[s] for e in eta], theta[s], f),
        theta,
        happened=(0, 1),
    )
    for prices in found:
        assert prices == pytest.approx(expected, abs=1e-9)
    # Prices of zero for both would be "none".
    assert (found[0].sum(axis=0) > 0).all()
    assert (found[0].max(axis=0) == 1).sum() >= 15


@pytest.mark.parametrize("loaded", [False, True])
def test_two_of_four_and_loadings(loaded):
    marks, chances = [5_000] * 4, [1 / 6] * 6
    loadings = {"factor_loadings": {"E-1": {"E-1-0": 6_000, "E-1-2": -8_000}}} if loaded else {}
    found = _found("k_of_n", TWO_OF_FOUR, marks, loadings)
    theta, factor = _uniform("theta", "E-1"), _normal("F", "Sports")
    plain = [_normal("eta", f"E-1\nE-1-{n}") for n in range(4)]
    b = [0.6, 0.0, -0.8, 0.0]

    def with_factor(s):
        eta = [e[s] for e in plain]
        along = sum(x * y for x, y in zip(b, eta, strict=True))
        move = math.sqrt(RHO) * factor[s] - (1 - math.sqrt(1 - RHO)) * along
        return [x + y * move for x, y in zip(eta, b, strict=True)]

    for prices, with_group in zip(found, (loaded, False), strict=True):
        expected = _plain(
            chances,
            TWO_OF_FOUR.tolist(),
            "S@1970-01-09",
            lambda base, s, f, g=with_group: _unordered(
                base,
                TWO_OF_FOUR.tolist(),
                with_factor(s) if g else [e[s] for e in plain],
                theta[s],
                f,
            ),
            theta,
        )
        assert prices == pytest.approx(expected, abs=1e-9)


def test_other_states_are_signals_by_number():
    found = _found("matrix", MATRIX, [4_000, 6_000])
    # 0.2 + 0.4 / 2 and 0.4 / 2 + 0.4: of all that fit, a is free; the least squares are at
    # a = 0.2 (a, 0.8 - 2 a, a + 0.2: 2 a - 4 (0.8 - 2 a) + 2 (a + 0.2) = 0 gives 7/30).
    a = 7 / 30
    chances = [a, 0.8 - 2 * a, a + 0.2]
    theta = _uniform("theta", "E-1")
    eta = [_normal("eta", f"E-1\nstate {n}") for n in range(3)]
    expected = _plain(
        chances,
        MATRIX.tolist(),
        "S@1970-01-09",
        lambda base, s, f: _unordered(base, np.eye(3).tolist(), [e[s] for e in eta], theta[s], f),
        theta,
    )
    assert found[0] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("structure", "payoffs", "marks", "facts"),
    [
        ("binary", YES_NO / 10_000, [3_000], {}),
        ("binary", YES_NO / 10_000, [3_000], {"early": True}),
        ("binary", YES_NO / 10_000, [3_000], {"early": True, "happens_by": True}),
        ("ladder", RUNGS, [8_000, 5_000, 2_000], {"early": True}),
        ("exclusive", NAMES, [4_000, 2_000], {}),
        ("exclusive", NAMES, [4_000, 2_000], {"early": True, "happens_by": True}),
        ("k_of_n", TWO_OF_FOUR, [7_000, 6_000, 4_000, 3_000], {"early": True}),
        ("matrix", MATRIX, [4_000, 6_000], {}),
    ],
)
def test_the_mean_over_scenarios_is_the_mark(structure, payoffs, marks, facts):
    many = {
        "scenarios": 5_000,
        "lumps": {"default": 10},
        "factor_loadings": {"E-1": {"state 1" if structure == "matrix" else "E-1-0": 10_000}},
    }
    for prices in _found(structure, payoffs, marks, many, tau=15.0, **facts):
        error = prices.std(axis=1) / math.sqrt(5_000)
        assert (abs(prices.mean(axis=1) - np.array(marks) / 10_000) < 4 * error).all()


def test_a_rung_does_not_depend_on_the_others():
    alone = _found("ladder", np.array([[0, 1]]), [5_000])
    among = _found("ladder", RUNGS, [8_000, 5_000, 2_000])
    for one, three in zip(alone, among, strict=True):
        assert three[1] == pytest.approx(one[0], abs=1e-12)


def _combination(mark: int, marks=(5_000, 4_000), sides=(True, True), settled=(-1, -1)):
    listing = Listing()
    for name in "XY":
        listing.add(name, name, "binary", [name], YES_NO, 90 * DAY, category="Sports")
    legs = tuple(Leg(name, side) for name, side in zip("XY", sides, strict=True))
    listing.add("C", "C", "combination", ["C"], YES_NO, 90 * DAY, category="Sports", legs=legs)
    own_schedule = schedule(CHANGES | {"scenarios": 2_000, "lumps": {"default": 20}})
    state = cycle_state([*marks, mark], settled=np.array([*settled, -1]))
    events = MarginEvents(listing, own_schedule, state)
    scenarios = ScenarioSet(listing, own_schedule, state, events)
    return [scenarios.prices(events[market]) for market in range(3)]


def test_a_combination_moves_with_its_legs():
    x, y, both = _combination(2_200)
    for first, second, price in zip(x, y, both, strict=True):
        product = first[0] * second[0]
        expected = 0.22 * product / product.mean()
        bounds = np.maximum(first[0] + second[0] - 1, 0), np.minimum(first[0], second[0])
        assert price[0] == pytest.approx(np.clip(expected, *bounds), abs=1e-12)
        assert (price[0][first[0] * second[0] == 0] == 0).all()
    # A leg on the other side counts with what it does not pay.
    x, y, both = _combination(3_000, sides=(True, False))
    assert (both[1][0] <= 1 - y[1][0] + 1e-12).all()
    # A settled leg is worth its value.
    x, y, both = _combination(4_000, settled=(10_000, -1))
    assert x is None
    assert both[0] == pytest.approx(y[0], abs=1e-12)


def test_legs_that_do_not_explain_the_mark_leave_no_scenario_price():
    # The product is 0.20: 0.31 is more than 1.5 times that; 0.01 beside it could not be held
    # above the lower bound of the legs.
    assert _combination(3_100)[2] is None
    assert _combination(100)[2] is None
    assert _combination(2_000)[2] is not None
