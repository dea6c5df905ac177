"""Tests of the backtest over the loaded history, from the counts of each date.

Belongs here: which observations make a group, and its row of tests. The tests are in
``model/backtest``, the observations in ``backtests``.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from fractions import Fraction

import numpy as np
import pyarrow

from reporting.engine.day import Day, keep_beside
from reporting.engine.model_tables import schema_of
from reporting.model.backtest.clustered import coverage_limits
from reporting.model.backtest.coverage import CoverageItems
from reporting.model.backtest.history import transitions_after
from reporting.model.backtest.pooled import PooledCounts, pooled_tests
from reporting.rulebook.thresholds import Thresholds
from reporting.units import BPS

TABLE = "stress.backtest_results"

# By cluster, the books of one portfolio and horizon together, those of accounts also by bucket.
# Counts of an older lake, whose ratios know nothing of their level, have no sum for Z2.
_BY_CLUSTER = """
WITH counts AS (
    SELECT *
    FROM stress.backtest_counts
    WHERE business_date = $business_date
    UNION ALL BY NAME
    SELECT *
    FROM counts_then
),
groups AS (
    SELECT *, 'all' AS place
    FROM counts
    UNION ALL
    SELECT *, bucket AS place
    FROM counts
    WHERE portfolio = 'accounts' AND horizon = 'liquidation period'
)
SELECT portfolio, horizon, place, cluster, list(DISTINCT business_date) AS dates,
    list(DISTINCT business_date) FILTER (WHERE breaches > 0) AS breach_dates,
    MAX(longest_days) AS longest_days,
    SUM(observations) AS observations, SUM(breaches) AS breaches,
    SUM(jump_breaches) AS jump_breaches, SUM(uncovered_micros) AS uncovered_micros,
    MAX(peak_uncovered_micros) AS peak_uncovered_micros,
    COALESCE(SUM(shortfall_observations) FILTER (WHERE z2_sum_e9 IS NOT NULL), 0)
        AS shortfall_observations,
    COALESCE(SUM(z2_sum_e9), 0) AS z2_sum_e9, SUM(margin_centicents) AS margin_centicents,
    SUM(what_if_observations) AS what_if_observations,
    SUM(one_day_margin_centicents) AS one_day_margin_centicents,
    SUM(one_day_breaches) AS one_day_breaches,
    SUM(five_day_margin_centicents) AS five_day_margin_centicents,
    SUM(five_day_breaches) AS five_day_breaches
FROM groups
GROUP BY portfolio, horizon, place, cluster
ORDER BY portfolio, horizon, place, cluster
"""


def result_rows(
    day: Day, earlier: Sequence[date], seed: int, thresholds: Thresholds
) -> pyarrow.Table:
    """The rows of ``stress.backtest_results``. earlier: the business dates before the date,
    latest first; seed: of the bootstrap."""
    window = earlier[: thresholds.coverage_days - 1]
    keep_beside(day, "counts_then", day.earlier_rows("stress.backtest_counts", window))
    found = day.query(_BY_CLUSTER)
    names = [column[0] for column in found.description]
    groups: dict[tuple[str, str, str], list[dict]] = {}
    for row in found.fetchall():
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
    total = {
        name: sum(int(row[name]) for row in clusters) for name in clusters[0] if name in _ADDED
    }
    items = CoverageItems(
        total["breaches"],
        total["observations"],
        total["uncovered_micros"],
        max(row["peak_uncovered_micros"] for row in clusters),
    )
    dates = {each for row in clusters for each in row["dates"]}
    breach_dates = {each for row in clusters for each in row["breach_dates"] or ()}
    flags = [each in breach_dates for each in sorted(dates)]
    transitions = transitions_after(flags, max(row["longest_days"] for row in clusters))
    counts = PooledCounts(
        items,
        transitions,
        total.pop("shortfall_observations"),
        total.pop("z2_sum_e9"),
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


_ADDED = frozenset(
    {
        "observations",
        "breaches",
        "jump_breaches",
        "uncovered_micros",
        "shortfall_observations",
        "z2_sum_e9",
        "margin_centicents",
        "what_if_observations",
        "one_day_margin_centicents",
        "one_day_breaches",
        "five_day_margin_centicents",
        "five_day_breaches",
    }
)
