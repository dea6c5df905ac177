"""Margin covered a smaller share of the losses than it must, in a large enough group of books."""

import pytest

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "stress.backtest_results"
FOUND = [("member/1d", *NO_LINE)]


@pytest.mark.parametrize(
    "observations, breaches, found",
    [
        # 99.99 % must be covered: of 10,000 observations one may be a breach.
        (10_000, 2, FOUND),
        (10_000, 1, []),
        # Of 19,999 observations 1.9999 may be breaches.
        (19_999, 2, FOUND),
        (20_000, 2, []),
        # With one observation fewer than 10,000 not one breach is to be expected.
        (9_999, 2, []),
        (9_999, 1, []),
    ],
)
def test_one_breach_too_many(tables, observations, breaches, found):
    counts = {"observations": observations, "breaches": breaches}
    put(tables, TABLE, bucket="1d", **counts)
    # Breaches over one day are reported beside it, and are no rule.
    put(tables, TABLE, bucket="7d", horizon="one day", observations=10_000, breaches=2)
    put(tables, TABLE, BEFORE, bucket="30d", observations=10_000, breaches=2)
    assert tables.found("STRESS-COVERAGE", DAY) == found
