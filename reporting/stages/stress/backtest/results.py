"""Tests of the backtest over the loaded history, from the counts of each date.

Belongs here: the grouping of observations, and one row of tests per group. The tests are in
``model/backtest``, the observations in ``observations``.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from fractions import Fraction

import numpy as np
import pyarrow

from reporting.engine.day import Day, keep_beside
from reporting.engine.declaration import schema_of, table
from reporting.model.backtest.clustered import by_block, coverage_limits
from reporting.model.backtest.coverage import CoverageItems
from reporting.model.backtest.evidence import NO_VERDICT, Evidence, basis, verdict_on_coverage
from reporting.model.backtest.history import transitions_after
from reporting.model.backtest.pooled import PooledCounts, enough, pooled_tests
from reporting.rulebook.thresholds import Thresholds
from reporting.units import BPS

TABLE = "stress.backtest_results"
MODEL_DRIVEN_BOOKS = "model-driven"
"""As sql/stress/backtest_counts.sql names books with a margin below their worst case."""
_ADDED = """
    observations breaches other_horizon_observations jump_breaches uncovered_micros
    shortfall_observations z2_sum_e9 margin_centicents what_if_observations
    one_day_margin_centicents one_day_breaches five_day_margin_centicents five_day_breaches
"""


@table(
    "stress.backtest_results",
    grain=(
        "one row per portfolio, horizon, bucket (all, and for accounts at the liquidation period"
        " each bucket of time to resolution) and books (all, model-driven, at worst case)"
    ),
    meaning=(
        "coverage over the latest dates (coverage_days of data_checks/thresholds.yaml) and its"
        " verdict: breaches by cause, uncovered amounts, intervals of coverage with each resolution"
        " cluster and with each block of dates as one draw, and what the verdict rests on. Only"
        " model-driven books, with a margin below their worst case, test the model; only they have"
        " tests (Kupiec's proportion of failures, Christoffersen's independence and conditional"
        " coverage, exact binomial, traffic light zone, Acerbi and Szekely's Z2), from 30 dates on,"
        " over the period of the margin, on draws instead of observations, and the share of margin"
        " that the required share of losses needed. Sums of margin over the observations, in force"
        " and at liquidation periods of one and five days, with the breaches under each"
    ),
    reads="""
        stress.backtest_counts stress.backtest_needs recompute.days validate.margin_schedule
    """,
    columns="""
        portfolio horizon bucket books days observations breaches jump_breaches diffusion_breaches
        required_coverage_bps achieved_coverage uncovered_micros average_uncovered_micros
        peak_uncovered_micros kupiec_statistic kupiec_p_value independence_statistic
        independence_p_value conditional_statistic conditional_p_value binomial_p_value zone
        lowest_coverage highest_coverage z2 clusters clustered_lowest_coverage
        clustered_highest_coverage dated_lowest_coverage dated_highest_coverage
        independent_draws coverage_verdict coverage_basis margin_needed_bps margin_centicents
        what_if_observations one_day_margin_centicents one_day_breaches five_day_margin_centicents
        five_day_breaches
    """,
)
def result_rows(
    day: Day, earlier: Sequence[date], seed: int, thresholds: Thresholds
) -> pyarrow.Table:
    """The rows of ``stress.backtest_results``.

    earlier: the business dates before the date, latest first; seed: of the bootstrap.
    """
    window = earlier[: thresholds.coverage_days - 1]
    needs = _needs(day, window, thresholds)
    keep_beside(day, "counts_then", day.earlier_rows("stress.backtest_counts", window))
    counts = day.read("stress/reads/backtest_counts_by_cluster")
    names = [column[0] for column in counts.description]
    groups: dict[tuple[str, str, str, str], list[dict]] = {}
    for row in counts.fetchall():
        record = dict(zip(names, row, strict=True))
        groups.setdefault(row[:4], []).append(record)
    records = []
    for (portfolio, horizon, bucket, books), draws in groups.items():
        result = _result(draws, books, seed, thresholds)
        if result["coverage_verdict"] != NO_VERDICT:
            result["margin_needed_bps"] = needs.get((portfolio, horizon, bucket))
        of_group = {"portfolio": portfolio, "horizon": horizon, "bucket": bucket, "books": books}
        records.append(of_group | result)
    return pyarrow.Table.from_pylist(records, schema_of(TABLE))


def _needs(
    day: Day, window: Sequence[date], thresholds: Thresholds
) -> dict[tuple[str, str, str], int | None]:
    """Share of margin that the required share of losses needed, by portfolio, horizon and bucket.

    A quantile beyond the largest observation says nothing: only with an expected breach.
    """
    keep_beside(day, "needs_then", day.earlier_rows("stress.backtest_needs", window))
    level = thresholds.coverage_bps
    rows = day.read("stress/reads/backtest_needs", coverage_bps=level).fetchall()
    return {
        (portfolio, horizon, bucket): need
        for portfolio, horizon, bucket, observations, need in rows
        if enough(observations, Fraction(level, BPS))
    }


def _result(draws: list[dict], books: str, seed: int, thresholds: Thresholds) -> dict[str, object]:
    clusters = [row for row in draws if row["cluster"] is not None]
    dates = sorted(
        (row for row in draws if row["cluster"] is None), key=lambda row: row["business_date"]
    )
    total = {name: sum(int(row[name]) for row in clusters) for name in _ADDED.split()}
    items = CoverageItems(
        total["breaches"],
        total["observations"],
        total["uncovered_micros"],
        max(row["peak_uncovered_micros"] for row in clusters),
    )
    longest = max(row["longest_days"] for row in clusters)
    transitions = transitions_after([row["breaches"] > 0 for row in dates], longest)
    counts = PooledCounts(
        items, transitions, total.pop("shortfall_observations"), total.pop("z2_sum_e9")
    )
    observed, missed = _counts(clusters)
    in_blocks = by_block(range(len(dates)), *_counts(dates), longest)
    evidence = Evidence(
        items.observations,
        len(dates),
        len(clusters),
        len(in_blocks[0]),
        has_other_horizon=total.pop("other_horizon_observations") > 0,
        tests_model=books == MODEL_DRIVEN_BOOKS,
    )
    level = Fraction(thresholds.coverage_bps, BPS)
    tests = pooled_tests(counts, evidence, level)
    intervals = [coverage_limits(observed, missed, seed), coverage_limits(*in_blocks, seed)]
    (low, high), (dated_low, dated_high) = intervals
    return {
        **total,
        "days": len(dates),
        "diffusion_breaches": total["breaches"] - total["jump_breaches"],
        "required_coverage_bps": thresholds.coverage_bps,
        "achieved_coverage": items.achieved_coverage,
        "average_uncovered_micros": items.average_uncovered,
        "peak_uncovered_micros": items.peak_uncovered,
        **asdict(tests),
        "clusters": len(clusters),
        "clustered_lowest_coverage": low,
        "clustered_highest_coverage": high,
        "dated_lowest_coverage": dated_low,
        "dated_highest_coverage": dated_high,
        "independent_draws": evidence.draws,
        "coverage_verdict": verdict_on_coverage(evidence, intervals, float(level)),
        "coverage_basis": basis(evidence),
    }


def _counts(rows: list[dict]) -> np.ndarray:
    """Observations and breaches of each row: int64[2, rows]."""
    counts = [[int(row[name]) for row in rows] for name in ("observations", "breaches")]
    return np.array(counts, dtype=np.int64)
