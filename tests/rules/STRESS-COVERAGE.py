"""Margin covered fewer losses than required, in a group with enough observations."""

import pytest

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "stress.backtest_results"
FOUND = [("member/1d", *NO_LINE)]


@pytest.mark.parametrize(
    "observations, breaches, found",
    [
        # The required coverage is 99.99 %: one breach in 10,000 observations is allowed.
        (10_000, 2, FOUND),
        (10_000, 1, []),
        # In 19,999 observations 1.9999 breaches are allowed.
        (19_999, 2, FOUND),
        (20_000, 2, []),
        # With fewer than 10,000 observations less than one breach is expected.
        (9_999, 2, []),
        (9_999, 1, []),
    ],
)
def test_one_breach_too_many(tables, observations, breaches, found):
    counts = {"observations": observations, "breaches": breaches}
    put(tables, TABLE, bucket="1d", **counts)
    # Breaches over one day are reported, but have no rule.
    put(tables, TABLE, bucket="7d", horizon="one day", observations=10_000, breaches=2)
    put(tables, TABLE, BEFORE, bucket="30d", observations=10_000, breaches=2)
    # Neither do books at their worst case, and groups without a verdict.
    put(tables, TABLE, bucket="8d", books="at worst case", observations=10_000, breaches=2)
    put(tables, TABLE, bucket="9d", coverage_verdict="no verdict", observations=10_000, breaches=2)
    assert tables.found("STRESS-COVERAGE", DAY) == found
