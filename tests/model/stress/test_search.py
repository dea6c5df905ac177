"""The search beyond the list: plausible severities, losses, the worst set, and the factors."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from reporting.model.stress.gaps import shares
from reporting.model.stress.latent import variables
from reporting.model.stress.search.multipliers import Threshold, multipliers
from reporting.model.stress.search.severity import Severities
from reporting.model.stress.search.target_losses import Hurt, TargetLosses, field_of
from reporting.model.stress.search.worst_plausible import Limits, worst_plausible

from ..stress_books import event, stress_book, stressed

LIMITS = Limits(largest_groups=3, moved_clusters=2, starts=2, seed=1)


def binaries(*sizes, tau=4.0, category="Weather"):
    """Coins in clusters of their own; half of the information in two of four days."""
    return [
        stressed(
            event(f"E{n}", "binary", 1), [5000], size=size, tau_days=tau, liquidation_days=2,
            category=category, cluster=f"C{n}",
        )
        for n, size in enumerate(sizes)
    ]  # fmt: skip


def field_for(book, most=10):
    found = variables(book.market)
    return field_of(book, found, shares(book, found), most)


def test_severity_is_what_the_joint_probability_allows():
    """One cluster at 1 in 100,000: 4.26. Two without correlation: Phi(-z)^2, so 2.73 each. At a
    correlation of 1 two are as likely as one. Multiples of 0.05, rounded down."""
    free = Severities({"default": 0.0}, 1e-5)
    assert norm.ppf(1e-5) == pytest.approx(-4.265, abs=0.001)
    assert free.steps_of(["a"]) / 20 == 4.25
    assert norm.ppf(1e-5**0.5) == pytest.approx(-2.730, abs=0.001)
    assert free.steps_of(["a", "b"]) / 20 == 2.70
    tied = Severities({"default": 1.0}, 1e-5)
    assert tied.steps_of(["a", "a"]) / 20 == 4.25
    assert tied.steps_of(["a", "b"]) / 20 == 2.70
    assert free.independent(["a", "b"], 2.7) == pytest.approx(norm.cdf(-2.7) ** 2)


def test_losses_of_a_target_by_hand():
    """At z = 1 and f = 1/2 a coin falls to Phi(-1) = 0.1587: 0.3413 a contract.

    G0 is a customer long 100 with margin 20 in dollars of a cent (200,000 micros): 3,413 x 100 -
    200,000 = 141,300 uncovered, 41,300 beyond its contribution.
    """
    book = stress_book(
        binaries(3, 2), [[100, 0], [0, 10]], group=[0, 1], fund=[100_000, 0], margin=[200_000, 0]
    )
    found = TargetLosses(book, field_for(book), [0])
    assert found.hurt((0,), 1.0) == Hurt(41_300, 141_300, 141_300, 341_300)
    assert found.hurt((1,), 1.0) == Hurt(0, 0, -200_000, 0)
    assert found.hurt((), 1.0).loss == 0


def test_the_rule_of_shortfalls_holds_for_the_target():
    """The house gains 3,413 x 20 and covers a customer's 3,413 x 50; another customer's gain of 10
    covers nobody."""
    book = stress_book(binaries(1), [[-20], [50], [-10]], house=[True, False, False])
    hurt = TargetLosses(book, field_for(book), [0]).hurt((0,), 1.0)
    assert hurt.uncovered == 3_413 * 30
    assert hurt.loss == 3_413 * 30


def test_an_event_inside_the_period_settles_where_the_quantile_falls():
    """At 0.95 with a day to go: z = 1.5 has Phi(1.5) = 0.933 below 0.95, z = 2 has 0.977 above."""
    late = stressed(event("E", "binary", 1), [9500], tau_days=1, size=1, liquidation_days=2)
    book = stress_book([late], [[1]], house=[True])
    found = TargetLosses(book, field_for(book), [0])
    assert found.hurt((0,), 1.5).loss == -500
    assert found.hurt((0,), 2.0).loss == 9_500


@given(st.lists(st.integers(-40, 40), min_size=4, max_size=4), st.integers(0, 400_000))
def test_the_search_finds_the_worst_pair_of_clusters(held, margin):
    """Against all sets of up to two of four clusters."""
    book = stress_book(binaries(4, 3, 2, 1), [held], margin=[margin])
    field, severities = field_for(book), Severities({"default": 0.3}, 1e-4)
    losses = TargetLosses(book, field, [0])

    def hurt(clusters):
        return losses.hurt(clusters, severities.steps_of(["Weather"] * len(clusters)) / 20)

    sets = [c for n in (1, 2) for c in combinations(range(4), n)]
    found = worst_plausible(book, field, severities, LIMITS)
    if any(held):
        assert found[1].hurt == max(map(hurt, sets))
        assert found[1].z == severities.steps_of(["Weather"] * len(found[1].clusters)) / 20
    else:
        assert found == {}


def test_pairs_fail_together():
    """Both are long; one cluster hurts both, and each has one of its own."""
    quantities = [[100, 50, 0], [100, 0, 50]]
    book = stress_book(binaries(5, 4, 3), quantities, group=[0, 1], fund=[0, 0])
    found = worst_plausible(book, field_for(book), Severities({"default": 0.0}, 1e-5), LIMITS)
    assert found[2].groups == (0, 1)
    assert found[2].hurt.uncovered > found[1].hurt.uncovered
    assert 0 in found[2].clusters


def test_the_search_does_not_depend_on_the_order_of_events():
    events = binaries(4, 3, 2)
    book = stress_book(events, [[30, -20, 10]])
    turned = stress_book(events[::-1], [[10, -20, 30]])
    severities = Severities({"default": 0.3}, 1e-4)
    one, two = (worst_plausible(b, field_for(b), severities, LIMITS)[1] for b in (book, turned))
    assert (one.clusters, one.z, one.hurt, one.tried) == (two.clusters, two.z, two.hurt, two.tried)


def test_only_the_largest_clusters_are_looked_at():
    book = stress_book(binaries(1, 3, 2), [[1, 1, 1]])
    field = field_for(book, most=2)
    assert field.names == ["C1", "C2"]
    assert field.cluster_of.tolist() == [-1, 0, 1]
    same = [replace(each, cluster="C") for each in book.market.events]
    whole = stress_book(same, [[1, 1, 1]])
    assert field_for(whole).names == ["C"]


def test_factors_to_reach_each_layer():
    """Uncovered is 10 a hundredth beyond 50, the contribution 200: shortfall from 70 on."""

    def hurt_at(factor):
        uncovered = max(0, 10 * (min(factor, 500) - 50))
        return Hurt(max(0, uncovered - 200), uncovered, 0, 0)

    layers = [
        Threshold("contribution", 0, beyond_margin=True),
        Threshold("own capital", 0),
        Threshold("fund", 1_000),
        Threshold("end", 10_000),
    ]
    # 51: 10 uncovered. 71: 210 - 200. 171: 1,210 - 200. At most 4,500 - 200 is ever short.
    assert multipliers(hurt_at, layers) == [51, 71, 171, None]
