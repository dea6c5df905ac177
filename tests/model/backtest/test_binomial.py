"""Exact binomial and the traffic light: Basel's table, and sums of fractions."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.model.backtest.binomial import at_least, at_most, exact_binomial, exact_interval
from reporting.model.backtest.history import BreachCounts
from reporting.model.backtest.traffic_light import GREEN, RED, YELLOW, traffic_light

BASEL = ["8.11", "28.58", "54.32", "75.81", "89.22", "95.88", "98.63", "99.60", "99.89",
         "99.97", "99.99"]  # fmt: skip
"""Basel Committee (1996), table 2: cumulative probability in per cent of 0 to 10 exceptions
of 250 at 99 %."""
COVERAGE = Fraction("0.99")


def plain(breaches, observations, p):
    """P(X <= breaches) by adding up, in fractions."""
    return sum(
        comb(observations, k) * p**k * (1 - p) ** (observations - k) for k in range(breaches + 1)
    )


@pytest.mark.parametrize(("breaches", "per_cent"), list(enumerate(BASEL)))
def test_basel_table(breaches, per_cent):
    light = traffic_light(BreachCounts(250, breaches), COVERAGE)
    assert f"{100 * light.cumulative_probability:.2f}" == per_cent
    assert light.zone == (GREEN if breaches <= 4 else YELLOW if breaches <= 9 else RED)
    assert (light.yellow_from, light.red_from) == (5, 10)


@given(st.integers(1, 80), st.fractions(Fraction(1, 100), Fraction(99, 100), max_denominator=100))
@settings(max_examples=25)
def test_zones_and_probabilities_are_those_of_exact_sums(observations, coverage):
    p = 1 - coverage
    sums = [plain(x, observations, p) for x in range(observations + 1)]
    reached = [
        next(x for x in range(1, observations + 1) if sums[x] >= bound)
        for bound in (Fraction("0.95"), Fraction("0.9999"))
    ]
    for x in range(observations + 1):
        counts = BreachCounts(observations, x)
        light = traffic_light(counts, coverage)
        assert [light.yellow_from, light.red_from] == reached
        assert light.zone == (RED if x >= reached[1] else YELLOW if x >= reached[0] else GREEN)
        test = exact_binomial(counts, coverage)
        assert test.statistic == light.cumulative_probability
        assert test.statistic == pytest.approx(float(sums[x]), rel=1e-11)
        above = 1 - (sums[x - 1] if x else 0)
        assert test.p_value == pytest.approx(float(above), rel=1e-11)
        assert test.reject == (above < Fraction("0.05"))


def test_a_bound_that_is_met_exactly_counts():
    """One breach of two at 99 %: 1 - 0.01^2 = 0.9999, which reaches red."""
    assert traffic_light(BreachCounts(2, 1), COVERAGE).zone == RED


def test_a_bound_that_is_met_but_for_a_last_digit_counts(monkeypatch):
    """Another machine's incomplete beta function may end one digit lower."""

    def lower(*counts):
        return np.nextafter(at_most(*counts), 0)

    monkeypatch.setattr("reporting.model.backtest.traffic_light.at_most", lower)
    assert traffic_light(BreachCounts(2, 1), COVERAGE).zone == RED


def test_no_breach_is_green_and_a_few_observations_are_enough_for_the_other_zones():
    for observations in (1, 2, 5, 35, 36):
        light = traffic_light(BreachCounts(observations, 0), COVERAGE)
        assert light.zone == GREEN
    assert traffic_light(BreachCounts(35, 1), COVERAGE).zone == YELLOW
    assert traffic_light(BreachCounts(36, 1), COVERAGE).zone == GREEN


def test_probabilities_outside_the_counts():
    assert (at_most(-1, 5, 0.1), at_most(5, 5, 0.1)) == (0, 1)
    assert (at_least(0, 5, 0.1), at_least(6, 5, 0.1)) == (1, 0)


def test_interval_of_five_in_250():
    """Five of 250: Clopper-Pearson 0.65 % to 4.61 % of breaches, by the exact sums below."""
    low, high = exact_interval(5, 250)
    assert plain(5, 250, 1 - Fraction(low)) == pytest.approx(0.025)
    assert 1 - plain(4, 250, 1 - Fraction(high)) == pytest.approx(0.025)
    assert (round(1 - high, 4), round(1 - low, 4)) == (0.0065, 0.0461)


def test_interval_of_no_breach_and_of_all():
    """No breach of 30: 0.025^(1/30) = 0.8843."""
    low, high = exact_interval(0, 30)
    assert (low, high) == (pytest.approx(0.025 ** (1 / 30)), 1)
    low, high = exact_interval(30, 30)
    assert (low, high) == (0, pytest.approx(1 - 0.025 ** (1 / 30)))


@given(st.integers(1, 500), st.data())
def test_interval_falls_with_breaches_and_holds_what_was_found(observations, data):
    x = data.draw(st.integers(0, observations - 1))
    low, high = exact_interval(x, observations)
    next_low, next_high = exact_interval(x + 1, observations)
    assert low <= 1 - x / observations <= high
    assert next_low < low and next_high < high
