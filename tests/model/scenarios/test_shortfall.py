"""Value at risk and expected shortfall: against sorting every loss, and bit for bit."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.model.errors import ModelError
from reporting.model.scenarios import shortfall
from reporting.model.scenarios.shortfall import Exposures, losses, tail_count, tails


def exposures(rows, constant=None):
    """rows: per account a list of (contract, weight)."""
    flat = [pair for row in rows for pair in row]
    return Exposures(
        start=np.cumsum([0, *(len(row) for row in rows)]),
        contract=np.array([contract for contract, _ in flat], dtype=np.int64),
        weight=np.array([weight for _, weight in flat], dtype=np.float64),
        constant=np.zeros(len(rows)) if constant is None else np.array(constant, np.float64),
    )


def tails_of_set(held, prices, tail, threads=1):
    """Value at risk and expected shortfall in a set, here the first of two."""
    both = tails(held, prices, prices, tail, threads)
    return both.value_at_risk_at_rho, both.shortfall_at_rho


def test_by_hand():
    """Short 2 of the first and long 1 of the second, 4 scenarios: losses 2 x first - second."""
    prices = np.array([[0.1, 0.9, 0.5, 0.4], [0.3, 0.2, 1.0, 0.0]])
    held = exposures([[(0, 2.0), (1, -1.0)], []], constant=[0.5, 0.25])
    expected = np.array([[0.4, 2.1, 0.5, 1.3], [0.25] * 4])
    assert losses(held, prices) == pytest.approx(expected)
    value_at_risk, expected_shortfall = tails_of_set(held, prices, 2)
    assert value_at_risk == pytest.approx([1.3, 0.25])
    assert expected_shortfall == pytest.approx([1.7, 0.25])


@pytest.mark.parametrize(
    ("alpha", "scenarios", "tail"),
    [("0.9", 20, 2), ("0.99", 100, 1), ("0.99", 5_000, 50), ("0.99", 5_001, 51), ("0.5", 1, 1)],
)
def test_tail_counts_are_exact(alpha, scenarios, tail):
    assert tail_count(Fraction(alpha), scenarios) == tail


@pytest.mark.parametrize("alpha", ["0", "1", "-1"])
def test_alpha_outside_is_refused(alpha):
    with pytest.raises(ModelError, match="alpha"):
        tail_count(Fraction(alpha), 10)


@st.composite
def cases(draw):
    """Books over few prices with many equal losses, and tails from one to all scenarios."""
    contracts, scenarios = draw(st.integers(1, 6)), draw(st.integers(1, 400))
    seed = draw(st.integers(0, 2**32))
    random = np.random.default_rng(seed)
    steps = draw(st.sampled_from([1, 3, 1_000_000]))
    prices = np.round(random.random((contracts, scenarios)) * steps) / steps
    weight = st.integers(-5, 5).map(float)
    row = st.dictionaries(st.integers(0, contracts - 1), weight, max_size=contracts)
    rows = [sorted(draw(row).items()) for _ in range(draw(st.integers(1, 4)))]
    return exposures(rows), prices, draw(st.integers(1, scenarios))


@given(cases())
def test_equal_to_sorting_all_losses(case):
    held, prices, tail = case
    value_at_risk, expected_shortfall = tails_of_set(held, prices, tail)
    worst = np.sort(losses(held, prices), axis=1)[:, ::-1][:, :tail]
    assert value_at_risk == pytest.approx(worst[:, -1], abs=1e-12)
    assert expected_shortfall == pytest.approx(worst.mean(axis=1), abs=1e-12)
    assert (expected_shortfall >= value_at_risk).all()


def _big_case():
    random = np.random.default_rng(20261122)
    prices = random.random((300, 1_000))
    rows = [
        [(c, random.normal()) for c in sorted(random.choice(300, random.integers(0, 12), False))]
        for _ in range(1_500)
    ]
    return rows, prices


def plain_tails(held, prices, tail):
    """Every loss in double precision, in the order of the exposures, and sorted."""
    table = losses(held, prices)
    worst = np.sort(table, axis=1)[:, ::-1][:, tail - 1]
    means = []
    for loss, mth in zip(table, worst, strict=True):
        total = 0.0
        for value in loss[loss > mth]:
            total += value
        total += (tail - (loss > mth).sum()) * mth
        means.append(max(total / tail, mth))
    return worst, np.array(means)


def assert_same_bits(first, second):
    for one, other in zip(first, second, strict=True):
        assert (one.view(np.int64) == other.view(np.int64)).all()


@given(cases(), st.sampled_from([1e-320, 1e-200, 1e-30, 1.0, 1e30, 1e200, 1e290]))
def test_bits_of_double_precision_screened_or_not(case, scale):
    held, prices, tail = case
    held = Exposures(held.start, held.contract, held.weight * scale, held.constant)
    expected = plain_tails(held, prices, tail)
    for per_contract in (0, 1e9):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(shortfall, "_MIN_SCREENED_ACCOUNTS_PER_CONTRACT", per_contract)
            assert_same_bits(tails_of_set(held, prices, tail), expected)


@pytest.mark.parametrize("positions", [1, 2, 3, 4, 5, 8, 100, 1_500])
@pytest.mark.parametrize("scenarios", [1_000, 4_999, 5_000])
def test_bits_of_double_precision_with_many_scenarios(positions, scenarios):
    """Positions from one to hundreds, weights over ten orders of size, prices that often repeat."""
    random = np.random.default_rng(positions * scenarios)
    prices = random.normal(size=(1_500, scenarios)) * 10.0 ** random.integers(-5, 5, (1_500, 1))
    prices[::3] = np.round(prices[::3])
    prices[::7] = 0.0
    rows = [
        [
            (c, random.normal() * 10.0 ** random.integers(-5, 5))
            for c in np.sort(random.choice(1_500, positions, replace=False))
        ]
        for _ in range(20)
    ]
    held = exposures(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shortfall, "_MIN_SCREENED_ACCOUNTS_PER_CONTRACT", 0)
        for tail in (1, scenarios // 100, scenarios // 10):
            assert_same_bits(tails_of_set(held, prices, tail), plain_tails(held, prices, tail))


def test_each_set_has_its_own_measures():
    rows, prices = _big_case()
    held, other = exposures(rows), 1 - prices
    both = tails(held, prices, other, 10)
    at_rho, at_zero = tails_of_set(held, prices, 10), tails_of_set(held, other, 10)
    assert_same_bits((both.value_at_risk_at_rho, both.shortfall_at_rho), at_rho)
    assert_same_bits((both.value_at_risk_at_zero, both.shortfall_at_zero), at_zero)
    assert (both.shortfall_at_rho != both.shortfall_at_zero).any()


def test_the_same_bits_for_any_threads_accounts_and_tasks(monkeypatch):
    rows, prices = _big_case()
    held = exposures(rows)
    alone = tails_of_set(held, prices, 10)
    threaded = tails_of_set(held, prices, 10, threads=4)
    monkeypatch.setattr(shortfall, "_ACCOUNTS_A_TASK", 7)
    small = tails_of_set(held, prices, 10, threads=3)
    order = np.random.default_rng(1).permutation(len(rows))
    shuffled = tails_of_set(exposures([rows[i] for i in order]), prices, 10)
    for which in (0, 1):
        assert (alone[which] == threaded[which]).all()
        assert (alone[which] == small[which]).all()
        assert (alone[which][order] == shuffled[which]).all()


def test_a_contract_that_nobody_holds_changes_no_bit():
    rows, prices = _big_case()
    more = np.insert(prices, 100, 0.5, axis=0)
    moved = [[(c + (c >= 100), weight) for c, weight in row] for row in rows]
    for before, after in zip(
        tails_of_set(exposures(rows), prices, 10),
        tails_of_set(exposures(moved), more, 10),
        strict=True,
    ):
        assert (before == after).all()


@given(cases(), st.integers(0, 8))
def test_homogeneous_and_subadditive(case, factor):
    """Of each account with the next: ES(a + b) <= ES(a) + ES(b), ES(k a) = k ES(a)."""
    held, prices, tail = case
    table = np.zeros((len(held.constant), len(prices)))
    for account in range(len(table)):
        part = slice(held.start[account], held.start[account + 1])
        table[account, held.contract[part]] = held.weight[part]

    def expected_shortfall(books):
        rows = [[(c, w) for c, w in enumerate(book)] for book in books]
        return tails_of_set(exposures(rows), prices, tail)[1]

    alone = expected_shortfall(table)
    joint = expected_shortfall(table + np.roll(table, 1, axis=0))
    assert (joint <= alone + np.roll(alone, 1) + 1e-9).all()
    assert expected_shortfall(table * factor) == pytest.approx(alone * factor, abs=1e-9)


@pytest.mark.parametrize(
    ("arrays", "prices", "tail", "field"),
    [
        ({"start": [0, 2]}, np.zeros((1, 4)), 1, "start"),
        ({"weight": [np.nan]}, np.zeros((1, 4)), 1, "weight"),
        ({"contract": [1]}, np.zeros((1, 4)), 1, "contract"),
        ({}, np.full((1, 4), np.nan), 1, "prices"),
        ({}, np.zeros((1, 4), np.float32), 1, "prices"),
        ({}, np.zeros((4, 1)).T[:, ::-1][:, ::2], 1, "prices"),
        ({}, np.zeros((1, 4)), 5, "tail"),
        ({}, np.zeros((1, 4)), 0, "tail"),
    ],
)
def test_bad_input_is_refused_by_name(arrays, prices, tail, field):
    usual = {"start": [0, 1], "contract": [0], "weight": [1.0], "constant": [0.0]} | arrays
    with pytest.raises(ModelError) as caught:
        tails_of_set(Exposures(**{name: np.array(v) for name, v in usual.items()}), prices, tail)
    assert caught.value.field == field
