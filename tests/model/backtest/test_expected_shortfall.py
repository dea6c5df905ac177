"""Z2: by hand, the paper's critical values, and the law of the simulated histories."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm
from scipy.stats import t as student

from reporting.model.backtest.expected_shortfall import (
    NORMAL,
    STUDENT_T,
    Predictions,
    critical_value,
    shortfall_test,
    simulated_z2,
    tail_law,
    z2,
)
from reporting.model.errors import ModelError
from reporting.model.scenarios.draws import uniforms

LEVEL = Fraction("0.975")


def of_law(law, observations, returns=None):
    """Predictions of the standard law, every day the same."""
    same = np.ones(observations)
    returns = np.zeros(observations) if returns is None else returns
    return Predictions(returns, same * law.value_at_risk, same * law.expected_shortfall)


def test_z2_by_hand():
    """Breaches -4 and -3 of predictions (2; 3) and (2; 2.5): (-4/3 - 3/2.5) / (4 x 0.25) + 1
    = -2.5333 + 1. A return of just -VaR is no breach."""
    found = Predictions(
        np.array([-4.0, 1.0, -2.0, -3.0]), np.array([2.0] * 4), np.array([3, 3, 3, 2.5])
    )
    assert found.breached.tolist() == [True, False, False, True]
    assert z2(found, 0.25) == pytest.approx(1 - 4 / 3 - 1.2)


def test_no_breach_is_one():
    assert z2(of_law(tail_law(NORMAL, LEVEL), 20), 0.025) == 1


@pytest.mark.parametrize("freedom", [None, 1.5, 3, 5, 100])
@pytest.mark.parametrize("level", ["0.9", "0.975", "0.99"])
def test_laws_against_scipy(freedom, level):
    """Value at risk by scipy's quantile, expected shortfall by integrating the tail."""
    law = tail_law(NORMAL if freedom is None else STUDENT_T, Fraction(level), freedom)
    oracle = norm() if freedom is None else student(freedom)
    tail = 1 - float(level)
    assert law.value_at_risk == pytest.approx(-oracle.ppf(tail), rel=1e-9)
    mass, _ = quad(lambda x: -x * oracle.pdf(x), -np.inf, -law.value_at_risk)
    assert law.expected_shortfall == pytest.approx(mass / tail, rel=1e-6)
    uniform = np.array([1e-9, 1e-4, tail])
    assert law.quantile(uniform) == pytest.approx(oracle.ppf(uniform), rel=1e-9)


def test_published_critical_values():
    """Acerbi and Székely (2014), 97.5 % and 250 observations: -0.70 at 5 % and about -1.8 at
    0.01 % for the normal law, -0.82 at 5 % for Student's t with 3 degrees of freedom; the
    laws between lie between. Standard error of 40,000 trials at 5 %: about 0.006.
    """
    normal = tail_law(NORMAL, LEVEL)
    simulated = simulated_z2(of_law(normal, 250), normal, 1, 40_000)
    assert critical_value(simulated, 0.05) == pytest.approx(-0.70, abs=0.02)
    assert critical_value(simulated, 0.0001) == pytest.approx(-1.8, abs=0.25)
    found = []
    for freedom in (3, 5, 10, 100):
        law = tail_law(STUDENT_T, LEVEL, freedom)
        found.append(critical_value(simulated_z2(of_law(law, 250), law, 1, 40_000), 0.05))
    assert found[0] == pytest.approx(-0.82, abs=0.02)
    assert found == sorted(found)
    assert found[-1] == pytest.approx(critical_value(simulated, 0.05), abs=0.01)


@pytest.mark.parametrize(("name", "freedom"), [(NORMAL, None), (STUDENT_T, 4)])
def test_against_histories_of_whole_returns(name, freedom):
    """A second way: draw every return of the moved and stretched law, then take Z2.

    Predictions differ from day to day and from the law's own ratio. Quantiles of 20,000
    histories each way agree within four standard errors or so.
    """
    law = tail_law(name, Fraction("0.9"), freedom)
    days = 40
    var = np.linspace(1.0, 3.0, days)
    es = var * np.linspace(1.05, 1.9, days)
    found = Predictions(np.zeros(days), var, es)
    simulated = simulated_z2(found, law, 5, 20_000)
    random = np.random.default_rng(99)
    standard = random.normal if freedom is None else (lambda size: random.standard_t(freedom, size))
    scale = (es - var) / (law.expected_shortfall - law.value_at_risk)
    place = scale * law.value_at_risk - var
    drawn = np.array(
        [
            z2(Predictions(place + scale * standard(size=days), var, es), law.tail)
            for _ in range(20_000)
        ]
    )
    assert simulated.mean() == pytest.approx(0, abs=0.02)
    assert drawn.mean() == pytest.approx(0, abs=0.02)
    for share in (0.02, 0.1, 0.5, 0.9):
        assert np.quantile(simulated, share) == pytest.approx(np.quantile(drawn, share), abs=0.05)


def test_trial_by_trial_plainly():
    """As docs/backtests.md says it: one stream per observation, a breach below 1 - level."""
    var, es = [1.0, 2.0, 5.0], [1.5, 2.0, 9.0]
    law = norm()
    standard_var = -law.ppf(0.2)
    standard_es = law.pdf(standard_var) / 0.2
    expected = []
    for trial in range(60):
        total = 0.0
        for day in range(3):
            drawn = uniforms(4, "shortfall-backtest", str(day), 60)[trial]
            if drawn < 0.2:
                beyond = (-law.ppf(drawn) - standard_es) / (standard_es - standard_var)
                total += 1 + (1 - var[day] / es[day]) * beyond
        expected.append(1 - total / (3 * 0.2))
    predictions = Predictions(np.zeros(3), np.array(var), np.array(es))
    found = simulated_z2(predictions, tail_law(NORMAL, Fraction("0.8")), 4, 60)
    assert found == pytest.approx(sorted(expected))


def test_a_shortfall_equal_to_the_value_at_risk():
    """Every breach then costs just ES: Z2 is 1 - breaches / (n x tail), a whole number of them."""
    law = tail_law(NORMAL, Fraction("0.9"))
    same = np.full(30, 7.0)
    simulated = simulated_z2(Predictions(np.zeros(30), same, same), law, 3, 2_000)
    breaches = (1 - simulated) * 30 * 0.1
    assert breaches == pytest.approx(np.round(breaches), abs=1e-9)
    assert breaches.mean() == pytest.approx(3, abs=0.15)


def test_the_same_seed_draws_the_same():
    law = tail_law(STUDENT_T, LEVEL, 5)
    few, same, other = (simulated_z2(of_law(law, 50), law, seed, 500) for seed in (1, 1, 2))
    assert (few == same).all() and (few != other).any()


@given(st.integers(1, 400), st.sampled_from([0.05, 0.1, 0.5]), st.floats(-3, 1))
@settings(max_examples=60)
def test_below_the_critical_value_is_a_p_value_of_at_most_the_share(trials, share, statistic):
    simulated = np.sort(np.random.default_rng(trials).normal(size=trials))
    critical = critical_value(simulated, share)
    p_value = (1 + (simulated <= statistic).sum()) / (1 + trials)
    assert (critical is not None and statistic < critical) == (p_value <= share * (1 + 1e-12))


def test_verdict_of_a_test():
    """19 trials at 95 %: rejected only below all of them, with a p-value of 1 / 20."""
    law = tail_law(NORMAL, Fraction("0.9"))
    bad = np.full(20, -50.0)
    found = shortfall_test(of_law(law, 20, bad), law, 1, 19, Fraction("0.95"))
    assert (found.verdict.p_value, found.verdict.reject) == (1 / 20, True)
    found = shortfall_test(of_law(law, 20, bad), law, 1, 18, Fraction("0.95"))
    assert (found.verdict.p_value, found.verdict.reject) == (1 / 19, False)
    found = shortfall_test(of_law(law, 20), law, 1, 19, Fraction("0.95"))
    assert (found.verdict.p_value, found.verdict.reject) == (1, False)


@given(
    st.lists(st.tuples(st.integers(-50, 20), st.integers(1, 10), st.integers(0, 10)), min_size=1),
    st.randoms(use_true_random=False),
    st.integers(1, 10**6),
)
def test_order_and_unit_of_money_do_not_matter_and_a_larger_loss_is_worse(rows, random, unit):
    def found(rows):
        returns, var, more = (np.array(column) for column in zip(*rows, strict=True))
        return Predictions(returns, var, var + more)

    base = z2(found(rows), 0.05)
    assert z2(found(random.sample(rows, len(rows))), 0.05) == base
    assert z2(found([tuple(unit * v for v in row) for row in rows]), 0.05) == base
    worse = [(value - 1, *rest) for value, *rest in rows]
    assert z2(found(worse), 0.05) <= base


def test_whole_numbers_are_compared_exactly():
    """As floats 2^60 + 1 and 2^60 are one number; a loss of the first is above the second."""
    margin = np.array([2**60])
    assert Predictions(-margin - 1, margin, margin).breached.all()
    assert not Predictions(-margin, margin, margin).breached.any()


@pytest.mark.parametrize(
    ("returns", "var", "es", "field"),
    [
        ([], [], [], "returns"),
        ([1.0], [1.0, 1.0], [1.0], "value_at_risk"),
        ([1.0], [1.0], [1.0, 1.0], "expected_shortfall"),
        ([np.nan], [1.0], [1.0], "returns"),
        ([1.0], [-1.0], [0.0], "expected_shortfall"),
        ([1.0], [1.1], [1.0], "value_at_risk"),
    ],
)
def test_bad_predictions_are_refused(returns, var, es, field):
    with pytest.raises(ModelError) as caught:
        Predictions(np.array(returns), np.array(var), np.array(es))
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("name", "level", "freedom", "field"),
    [
        ("cauchy", 0.9, None, "distribution"),
        (NORMAL, 0.9, 3, "degrees_of_freedom"),
        (STUDENT_T, 0.9, None, "degrees_of_freedom"),
        (STUDENT_T, 0.9, 1, "degrees_of_freedom"),
        (NORMAL, 1, None, "level"),
        (NORMAL, 0.4, None, "level"),
    ],
)
def test_bad_laws_are_refused(name, level, freedom, field):
    with pytest.raises(ModelError) as caught:
        tail_law(name, level, freedom)
    assert caught.value.field == field


def test_no_trials_are_refused():
    law = tail_law(NORMAL, LEVEL)
    with pytest.raises(ModelError, match="trials"):
        simulated_z2(of_law(law, 5), law, 1, 0)
