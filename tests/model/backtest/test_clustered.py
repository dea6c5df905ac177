"""The interval of coverage when observations hang together."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.backtest.intervals import coverage_interval
from reporting.model.errors import ModelError
from reporting.model.scenarios.draws import uniforms

TRIALS = 4_000


def _flags(*values):
    return np.array(values, dtype=bool)


def test_every_draw_of_three_clusters():
    """Clusters of 1, 2 and 3 observations with 1, 0 and 1 breaches: all 27 draws by hand.

    Their coverages, sorted, give the exact distribution; the 10 % and 90 % points of 20,000
    trials must be among its points there.
    """
    breached, cluster = _flags(1, 0, 0, 1, 0, 0), np.array(["a", "b", "b", "c", "c", "c"])
    observed, missed = (1, 2, 3), (1, 0, 1)
    exact = sorted(
        1 - sum(missed[i] for i in picks) / sum(observed[i] for i in picks)
        for picks in product(range(3), repeat=3)
    )
    found = coverage_interval(breached, cluster, 11, 20_000, 0.8)
    assert (found.coverage, found.clusters) == (pytest.approx(4 / 6), 3)
    # 10 % of 27 draws is the third, 90 % the 25th.
    assert found.low == pytest.approx(exact[2])
    assert found.high == pytest.approx(exact[24])


def test_one_cluster_tells_nothing_apart():
    """All observations on one resolution: whatever is drawn, it is the same one."""
    found = coverage_interval(_flags(1, 0, 0, 0), np.zeros(4, dtype=np.int64), 1, TRIALS)
    assert (found.low, found.coverage, found.high, found.clusters) == (0.75, 0.75, 0.75, 1)


def test_no_breach_is_a_point():
    found = coverage_interval(np.zeros(9, dtype=bool), np.arange(9), 1, TRIALS)
    assert (found.low, found.coverage, found.high) == (1, 1, 1)


def test_single_observations_have_about_the_binomial_interval():
    """1,000 of them with 10 breaches: 0.99 +- 1.96 sqrt(0.0099 / 1000) = 0.9838 to 0.9962."""
    breached = np.arange(1_000) % 100 == 0
    found = coverage_interval(breached, np.arange(1_000), 3, TRIALS)
    assert found.low == pytest.approx(0.9838, abs=0.0012)
    assert found.high == pytest.approx(0.9962, abs=0.0012)


def test_clusters_widen_the_interval():
    """1,000 observations, the 10 breaches all on one resolution of 100: a trial draws it k
    times, k binomial (100, 1 %), P(0) = 0.37, P(k <= 2) = 0.921, P(k <= 3) = 0.982. So 0 and
    3 times ten breaches: 1 and 0.97, against 0.983 and 0.996 alone."""
    breached = np.arange(1_000) < 10
    alone = coverage_interval(breached, np.arange(1_000), 3, TRIALS)
    together = coverage_interval(breached, np.arange(1_000) // 10, 3, TRIALS)
    assert (together.low, together.high) == (0.97, 1.0)
    assert together.low < alone.low < alone.high < together.high
    assert together.coverage == alone.coverage


rows = st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=1, max_size=40)


@given(rows, st.integers(0, 100))
@settings(max_examples=30)
def test_trial_by_trial_plainly(rows, seed):
    """As docs/backtests.md says it: draw d of a trial is the uniform of stream d, times the
    clusters, rounded down; clusters in order; of 99 trials the 5th from each end at 90 %."""
    clusters = sorted({cluster for _, cluster in rows})
    held = [[flag for flag, cluster in rows if cluster == name] for name in clusters]
    streams = [uniforms(seed, "coverage-bootstrap", str(d), 99) for d in range(len(held))]
    coverages = []
    for trial in range(99):
        drawn = [held[int(stream[trial] * len(held))] for stream in streams]
        flags = [flag for cluster in drawn for flag in cluster]
        coverages.append(flags.count(False) / len(flags))
    coverages.sort()
    breached, cluster = (np.array(column) for column in zip(*rows, strict=True))
    found = coverage_interval(breached, cluster, seed, 99, 0.9)
    assert (found.low, found.high) == (coverages[4], coverages[-5])


@given(rows, st.randoms(use_true_random=False), st.integers(0, 2**70))
@settings(max_examples=30)
def test_order_of_rows_and_names_of_clusters_in_order_change_nothing(rows, random, seed):
    def found(rows, name):
        breached, cluster = zip(*rows, strict=True)
        return coverage_interval(_flags(*breached), np.array([name(c) for c in cluster]), seed, 399)

    base = found(rows, int)
    assert found(random.sample(rows, len(rows)), int) == base
    assert found(rows, "event-{}".format) == base
    assert found(rows, int) == base
    assert 0 <= base.low <= base.high <= 1


@given(rows, st.integers(0, 100))
@settings(max_examples=30)
def test_a_further_breach_never_raises_the_limits(rows, seed):
    breached, cluster = (np.array(column) for column in zip(*rows, strict=True))
    before = coverage_interval(breached, cluster, seed, 399)
    more = breached.copy()
    more[0] = True
    after = coverage_interval(more, cluster, seed, 399)
    assert after.low <= before.low and after.high <= before.high


def test_higher_confidence_is_wider():
    breached, cluster = np.arange(200) % 9 == 0, np.arange(200) // 4
    ninety, ninety_nine = (
        coverage_interval(breached, cluster, 5, TRIALS, confidence) for confidence in (0.90, 0.99)
    )
    assert ninety_nine.low < ninety.low and ninety_nine.high > ninety.high


@pytest.mark.parametrize(
    ("breached", "cluster", "trials", "field"),
    [
        (_flags(), np.array([], dtype=np.int64), 100, "breached"),
        (np.array([0, 1]), np.arange(2), 100, "breached"),
        (_flags(0, 1), np.arange(3), 100, "cluster"),
        (_flags(0, 1), np.arange(2), 38, "trials"),
    ],
)
def test_bad_input_is_refused(breached, cluster, trials, field):
    with pytest.raises(ModelError) as caught:
        coverage_interval(breached, cluster, 1, trials)
    assert caught.value.field == field


def test_39_trials_are_enough_for_95_per_cent():
    """0.025 x 40 = 1: the least and the largest."""
    assert coverage_interval(_flags(0, 1), np.arange(2), 1, 39).low == 0
