"""The mean over scenarios of P* is p^, for every structure and feature: section 6.

4,000 stratified scenarios; four plain standard errors, which stratified means keep easily.
"""

import math
import statistics

import pytest

from reporting.replica import draws
from reporting.replica.combination_prices import moved_with_legs
from reporting.replica.normal import quantile
from reporting.replica.prices import PricedEvent, Streams, event_prices

S = 4000


def one_each(states):
    return [[int(state == number) for state in range(states)] for number in range(states)]


PAIRS = [[1, 1, 1, 0, 0, 0], [1, 0, 0, 1, 1, 0], [0, 1, 0, 1, 0, 1], [0, 0, 1, 0, 1, 1]]
TIES = [[1, 1, 0, 1], [1, 0, 1, 1], [0, 1, 1, 1]]
STRUCTURES = {
    # Payoffs, probabilities, signals (none: ordered), states in which it happened.
    "binary": ([[0, 1]], [0.65, 0.35], [], (1,)),
    "ladder": ([[0, 1, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1]], [0.1, 0.5, 0.3, 0.1], [], ()),
    "brackets": ([[1, 0, 0], [0, 1, 0], [0, 1, 1]], [0.2, 0.7, 0.1], [], ()),
    "exclusive": (one_each(4)[:3], [0.5, 0.2, 0.05, 0.25], one_each(4), (0, 1, 2)),
    "exhaustive": (one_each(3), [0.6, 0.3, 0.1], one_each(3), ()),
    "exactly two of four": (PAIRS, [0.3, 0.05, 0.25, 0.1, 0.2, 0.1], PAIRS, ()),
    "at least two of three": (TIES, [0.4, 0.3, 0.2, 0.1], one_each(4), ()),
    "matrix": ([[1, 0, 0.5], [0.3, 1, 0]], [0.2, 0.5, 0.3], one_each(3), ()),
}
FEATURES = {
    "plain": {"information": 0.3},
    "early": {"information": 0.3, "jump_probability": 0.1},
    "lumps": {"information": 0.3, "lumps": 10},
    "early with lumps": {"information": 0.5, "lumps": 3, "jump_probability": 0.05},
    "nearly known": {"information": 0.97},
    "by T": {"information": 0.2, "by": 0.4},
    "by T with lumps": {"information": 0.4, "by": 0.4, "lumps": 4},
}


def streams(name, signals, group="g", cluster="c"):
    eta = [draws.normals(11, "eta", f"{name}\n{number}", S) for number in range(signals)]
    return Streams(
        count=S,
        group_factor=draws.normals(11, "F", group, S),
        uniforms=draws.uniforms(11, "U", cluster, S),
        eps=draws.normals(11, "eps", name, S),
        eta=eta,
        theta=draws.uniforms(11, "theta", name, S),
        info=draws.uniforms(11, "info", name, S),
    )


def drawn(structure, feature, loadings=False, name="e", **changes):
    payoffs, probabilities, signals, happens = STRUCTURES[structure]
    parameters = dict(FEATURES[feature])
    share = parameters.pop("by", 0)
    if share:
        happened = sum(probabilities[state] for state in happens)
        parameters |= {
            "happens": happens,
            "happens_probability": 1 - (1 - happened) ** share,
        }
    event = PricedEvent(
        payoffs=payoffs,
        probabilities=probabilities,
        ordered=not signals,
        signals=signals,
        rho=0.3,
        loadings=[1 / math.sqrt(len(signals))] * len(signals) if loadings else None,
        **{**parameters, **changes},
    )
    means = [sum(y * p for y, p in zip(row, probabilities, strict=True)) for row in payoffs]
    return event_prices(event, streams(name, len(signals))), means


def assert_mean(prices, expected):
    error = statistics.stdev(prices) / math.sqrt(len(prices))
    assert abs(statistics.fmean(prices) - expected) <= 4 * error + 1e-12


CASES = [
    (structure, feature, loadings)
    for structure, (_, _, signals, happens) in STRUCTURES.items()
    for feature in FEATURES
    for loadings in ([False, True] if signals else [False])
    if happens or not feature.startswith("by T")
]


@pytest.mark.slow
@pytest.mark.parametrize(("structure", "feature", "loadings"), CASES)
def test_prices_keep_their_mean(structure, feature, loadings):
    sets, means = drawn(structure, feature, loadings)
    for rows in (sets.at_rho, sets.at_zero):
        for prices, mean in zip(rows, means, strict=True):
            assert_mean(prices, mean)


@pytest.mark.slow
@pytest.mark.parametrize("feature", ["plain", "lumps", "early"])
def test_combinations_keep_their_mean(feature):
    """Two legs of one group; scaled to the mark 0.08 of a product 0.35 x 0.25, exactly but for
    the Frechet bounds."""
    first, _ = drawn("binary", feature, name="a")
    second, _ = drawn("exclusive", feature, name="b")
    for legs in ((first.at_rho[0], second.at_rho[1]), (first.at_zero[0], second.at_zero[1])):
        assert_mean(moved_with_legs(0.08, legs), 0.08)


@pytest.mark.parametrize("f", [0.1, 0.3, 0.6])
def test_the_latent_spread_of_a_threshold(f):
    """sd of Phi^-1(P*) is sqrt(f / (1 - f)), in both sets, whatever the price."""
    sets, _ = drawn("ladder", "plain", information=f)
    for rows in (sets.at_rho, sets.at_zero):
        for prices in rows:
            latent = [quantile(p) for p in prices if p < 1]
            assert len(latent) > 0.999 * S
            expected = math.sqrt(f / (1 - f))
            assert statistics.stdev(latent) == pytest.approx(expected, rel=0.03)
