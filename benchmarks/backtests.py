"""Backtests of 250 days x 10,000 accounts: from the observations to coverage with all tests.

By account: the disclosed items and every test of a single series. By bucket of time to
resolution and by member group all tests of a group, the interval of whole resolutions among them;
by member group the simulated test of expected shortfall as well. The daily run's way too: counts of
each date and the results over the window, in the database. Beside all of it a plain version in
pandas, numpy and scipy.
"""

import shutil
import sys
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow

from benchmarks import backtest_peer as peer
from benchmarks.backtest_book import ACCOUNTS, DAYS, GROUPS, Book, date_of, drawn_book, observations
from benchmarks.machine import in_turn, seconds
from reporting.engine.tables import all_tables
from reporting.model.backtest.binomial import exact_binomial, exact_interval
from reporting.model.backtest.christoffersen import conditional_coverage, independence
from reporting.model.backtest.clustered import TRIALS
from reporting.model.backtest.coverage import CoverageItems, uncovered
from reporting.model.backtest.durations import durations, weibull_test
from reporting.model.backtest.expected_shortfall import Predictions, shortfall_test, tail_law
from reporting.model.backtest.history import breach_counts
from reporting.model.backtest.kupiec import proportion_of_failures, time_until_first_failure
from reporting.model.backtest.procyclicality import GROWTH_DAYS, growth, peak_to_trough
from reporting.model.backtest.series import Observations, group_tests
from reporting.model.backtest.traffic_light import traffic_light
from reporting.model.margin.volatility import bucket
from reporting.rulebook.thresholds import thresholds_in_force
from reporting.settings import Settings
from reporting.stages.run import workbench
from reporting.stages.stress.backtest.results import result_rows

COVERAGE = Fraction(99, 100)
SEED = 7
SIMULATIONS = 1_000
RUNS = 3
_TOLERANCE = 1e-9
_OF_EACH_DATE = "stress.backtest_counts", "stress.backtest_needs"
"""Counts of each date, which the results over the window are made from."""
_NO_RATIOS = np.empty(0, dtype=np.int64)
"""Ratios to expected shortfall are in the part of the daily run."""


def measure(work: Path) -> None:
    """Measure and print all."""
    book = drawn_book()
    shutil.rmtree(work / "backtests", ignore_errors=True)
    settings = Settings(home=(work / "backtests").resolve(), input=(work / "none").resolve())
    parts = (
        ("by account", partial(_by_account, book), partial(peer.by_account, book, COVERAGE)),
        ("by bucket", partial(_by_bucket, book), partial(peer.by_bucket, book, SEED, TRIALS)),
        (
            "by group",
            partial(_by_group, book),
            partial(peer.by_group, book, COVERAGE, SEED, TRIALS, SIMULATIONS),
        ),
        ("procyclicality", partial(_procyclicality, book), partial(peer.procyclicality, book)),
    )
    for what, ours, theirs in parts:
        _assert_equal(what, ours(), theirs())
    daily = [_daily_run(settings, book)]
    _assert_equal("daily run", daily[0][0], peer.daily_run(book, COVERAGE, SEED, TRIALS))
    works = [part for _, *pair in parts for part in pair]
    works.append(partial(peer.daily_run, book, COVERAGE, SEED, TRIALS))
    rounds = in_turn(works, RUNS)
    daily += [_daily_run(settings, book) for _ in range(RUNS - 1)]
    runs = np.array([spent for _, spent in daily])[:, None]
    took = np.concatenate([rounds[:, :-1:2], runs], axis=1)
    peers = np.concatenate([rounds[:, 1:-1:2], rounds[:, -1:]], axis=1)
    names = [*(name for name, _, _ in parts), "daily run"]
    ours, theirs = np.median(took, axis=0), np.median(peers, axis=0)
    ratio = np.median(peers[:, :, 1].sum(axis=1) / took[:, :, 1].sum(axis=1))
    breaches = int((book.loss > book.margin_micros).sum())
    print(
        f"backtests of {DAYS} days x {ACCOUNTS:,} accounts, {breaches:,} breaches of"
        f" {len(book.loss):,} observations: {ours[:, 0].sum():.2f} s (limit 20), of the processor"
        f" {ours[:, 1].sum():.2f} s; pandas, numpy and scipy agree: {theirs[:, 0].sum():.2f} s,"
        f" {theirs[:, 1].sum():.2f} s; ratio of the processor {ratio:.1f}; medians of {RUNS} runs"
    )
    for name, (wall, processor), (peer_wall, peer_processor) in zip(
        names, ours, theirs, strict=True
    ):
        print(
            f"  {name}: {wall:.2f} s, of the processor {processor:.2f} s; plain {peer_wall:.2f} s,"
            f" {peer_processor:.2f} s",
            flush=True,
        )


def _items(items: CoverageItems) -> tuple[float, ...]:
    return (
        items.breaches,
        items.observations,
        items.total_uncovered,
        items.peak_uncovered,
        items.achieved_coverage or 0.0,
    )


def _by_account(book: Book) -> np.ndarray:
    """float64[accounts, figures], in the order of ``peer.by_account``: test by test, without the
    interval of whole clusters that ``group_tests`` draws for each group as well."""
    short = uncovered(book.loss, book.margin_micros).reshape(DAYS, ACCOUNTS).T.copy()
    return np.array([(*_items(_counted(series)), *_tests(series > 0)) for series in short])


def _counted(short: np.ndarray) -> CoverageItems:
    return CoverageItems(
        int((short > 0).sum()), len(short), int(short.sum()), int(short.max(initial=0))
    )


def _tests(series: np.ndarray) -> tuple[float, ...]:
    counts = breach_counts(series)
    failures = proportion_of_failures(counts, COVERAGE)
    first = counts.first_breach
    until = time_until_first_failure(first, COVERAGE) if first else None
    alone = independence(counts.transitions)
    both = conditional_coverage(counts, COVERAGE)
    weibull = weibull_test(durations(series))
    light = traffic_light(counts, COVERAGE)
    return (
        failures.statistic,
        failures.p_value,
        until.statistic if until else np.nan,
        until.p_value if until else np.nan,
        alone.statistic,
        alone.p_value,
        both.statistic,
        both.p_value,
        weibull.verdict.statistic if weibull else np.nan,
        weibull.shape if weibull else np.nan,
        exact_binomial(counts, COVERAGE).p_value,
        *exact_interval(counts.breaches, counts.observations),
        light.cumulative_probability,
        light.yellow_from,
        light.red_from,
    )


def _by_bucket(book: Book) -> np.ndarray:
    return np.array(_of_groups(book, bucket(book.seconds // 86_400)))


def _by_group(book: Book) -> np.ndarray:
    figures = _of_groups(book, book.group)
    return np.array([(*figures[group], *_shortfall(book, group)) for group in range(GROUPS)])


def _of_groups(book: Book, group: np.ndarray) -> list[tuple[float, ...]]:
    """All tests of each group that has observations, in order, as ``reporting backtest`` makes
    them; of these the items and the interval of whole clusters."""
    short = uncovered(book.loss, book.margin_micros)
    figures = []
    for number in np.unique(group):
        own = group == number
        observed = Observations(book.day[own], short[own], book.cluster[own], 1, _NO_RATIOS)
        tests = group_tests(observed, COVERAGE, SEED)
        figures.append((*_items(tests.items), tests.low, tests.high))
    return figures


def _shortfall(book: Book, group: int) -> tuple[float, float]:
    """Z2 of the group's sums by day, and its simulated p-value."""
    own = book.group == group

    def by_day(values: np.ndarray) -> np.ndarray:
        return values[own].reshape(DAYS, -1).sum(axis=1)

    predictions = Predictions(
        -by_day(book.loss) // 100, by_day(book.value_at_risk), by_day(book.expected_shortfall)
    )
    verdict = shortfall_test(predictions, tail_law("normal", COVERAGE), SEED, SIMULATIONS).verdict
    return verdict.statistic, verdict.p_value


def _procyclicality(book: Book) -> np.ndarray:
    rows = []
    for series in book.growing:
        growths = [growth(series, days) for days in GROWTH_DAYS]
        largest = [by_period.largest for by_period in growths]
        increases = [by_period.largest_increase for by_period in growths]
        rows.append([peak_to_trough(series), *largest, *increases])
    return np.array(rows)


def _daily_run(settings: Settings, book: Book) -> tuple[np.ndarray, np.ndarray]:
    """Results of the last date, as the stage stress makes them, and the seconds of all counts
    and of these results with reading the counts of the dates before; the observations lie in the
    database before, and writing to the lake is not timed: a day's commit is one for all tables."""
    selects = {name: all_tables()[name].sql for name in _OF_EACH_DATE}
    spent = np.zeros(2)
    days = [date_of(number) for number in range(DAYS)]
    with workbench(settings) as bench:
        for number, at in enumerate(days):
            day = bench.day(at)
            day.put_rows("stress.backtest_observations", observations(book, number))
            for name, select in selects.items():
                spent += seconds(partial(day.put_select, name, select))
            with bench.lake.commit("stress", at, "counts"):
                for name in selects:
                    day.write(name)
        policy = thresholds_in_force(days[-1])
        if policy.coverage_days < DAYS or policy.coverage_bps != 10_000 * COVERAGE:
            sys.exit("the policy on coverage is not the one of this benchmark")
        results: list[pyarrow.Table] = []
        last = partial(result_rows, bench.day(days[-1]), days[-2::-1], SEED, policy)
        spent += seconds(lambda: results.append(last()))
    rows = {(row["horizon"], row["bucket"], row["books"]): row for row in results[0].to_pylist()}
    figures = [[rows[key][name] for name in peer.DAILY_FIGURES] for key in sorted(rows)]
    return np.array(figures, dtype=float), spent


def _assert_equal(what: str, ours: np.ndarray, theirs: np.ndarray) -> None:
    if ours.shape != theirs.shape or not len(ours):
        sys.exit(f"{what}: {ours.shape} and {theirs.shape}: nothing to compare")
    equal = np.isclose(ours, theirs, rtol=peer.RELATIVE, atol=_TOLERANCE, equal_nan=True)
    if not equal.all():
        row, column = (int(place) for place in np.argwhere(~equal)[0])
        sys.exit(
            f"{what}: the plain version disagrees on {int((~equal).sum())} figures, first row"
            f" {row}, column {column}: {ours[row, column]!r} and {theirs[row, column]!r}"
        )
