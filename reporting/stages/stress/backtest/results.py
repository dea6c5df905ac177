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
from reporting.model.backtest.clustered import coverage_limits
from reporting.model.backtest.coverage import CoverageItems
from reporting.model.backtest.history import transitions_after
from reporting.model.backtest.pooled import PooledCounts, pooled_tests
from reporting.rulebook.thresholds import Thresholds
from reporting.units import BPS

TABLE = "stress.backtest_results"
_ADDED = """
    observations breaches jump_breaches uncovered_micros shortfall_observations z2_sum_e9
    margin_centicents what_if_observations one_day_margin_centicents one_day_breaches
    five_day_margin_centicents five_day_breaches
"""


@table(
    "stress.backtest_results",
    grain=(
        "one row per portfolio, horizon and group: all books, and for accounts at the liquidation"
        " period each bucket of time to resolution"
    ),
    meaning=(
        "coverage over the latest dates (coverage_days of data_checks/thresholds.yaml) and its"
        " tests: breaches by cause, uncovered amounts, Kupiec's proportion of failures,"
        " Christoffersen's independence and conditional coverage, exact binomial, traffic light"
        " zone, exact interval, interval with each resolution cluster as one draw, Acerbi and"
        " Szekely's Z2; each empty if there are too few observations. Sums of margin over the"
        " observations, in force and at liquidation periods of one and five days, with the breaches"
        " under each"
    ),
    reads="stress.backtest_counts recompute.days validate.margin_schedule",
    columns="""
        portfolio horizon bucket days observations breaches jump_breaches diffusion_breaches
        required_coverage_bps achieved_coverage uncovered_micros average_uncovered_micros
        peak_uncovered_micros kupiec_statistic kupiec_p_value independence_statistic
        independence_p_value conditional_statistic conditional_p_value binomial_p_value zone
        lowest_coverage highest_coverage z2 clusters clustered_lowest_coverage
        clustered_highest_coverage margin_centicents what_if_observations one_day_margin_centicents
        one_day_breaches five_day_margin_centicents five_day_breaches
    """,
)
def result_rows(
    day: Day, earlier: Sequence[date], seed: int, thresholds: Thresholds
) -> pyarrow.Table:
    """The rows of ``stress.backtest_results``.

    earlier: the business dates before the date, latest first; seed: of the bootstrap.
    """
    window = earlier[: thresholds.coverage_days - 1]
    keep_beside(day, "counts_then", day.earlier_rows("stress.backtest_counts", window))
    counts = day.read("stress/reads/backtest_counts_by_cluster")
    names = [column[0] for column in counts.description]
    groups: dict[tuple[str, str, str], list[dict]] = {}
    for row in counts.fetchall():
        record = dict(zip(names, row, strict=True))
        groups.setdefault(row[:3], []).append(record)
    records = [
        {
            "portfolio": portfolio,
            "horizon": horizon,
            "bucket": bucket,
            **_result(clusters, seed, thresholds),
        }
        for (portfolio, horizon, bucket), clusters in groups.items()
    ]
    return pyarrow.Table.from_pylist(records, schema_of(TABLE))


def _result(clusters: list[dict], seed: int, thresholds: Thresholds) -> dict[str, object]:
    total = {name: sum(int(row[name]) for row in clusters) for name in _ADDED.split()}
    items = CoverageItems(
        total["breaches"],
        total["observations"],
        total["uncovered_micros"],
        max(row["peak_uncovered_micros"] for row in clusters),
    )
    dates = {business_date for row in clusters for business_date in row["dates"]}
    breach_dates = {
        business_date for row in clusters for business_date in row["breach_dates"] or ()
    }
    flags = [business_date in breach_dates for business_date in sorted(dates)]
    transitions = transitions_after(flags, max(row["longest_days"] for row in clusters))
    counts = PooledCounts(
        items, transitions, total.pop("shortfall_observations"), total.pop("z2_sum_e9")
    )
    tests = pooled_tests(counts, Fraction(thresholds.coverage_bps, BPS))
    observed, missed = (
        np.array([int(row[name]) for row in clusters], dtype=np.int64)
        for name in ("observations", "breaches")
    )
    low, high = coverage_limits(observed, missed, seed)
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
    }
