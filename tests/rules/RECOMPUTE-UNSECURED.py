"""An account lost more since its last paid variation than its collateral covers."""

from rules.days import BEFORE, DAY, NO_LINE, put


def _peak(tables, scope, value, metric="unsecured_peak", kind="account", day=DAY):
    row = {"scope": scope, "value": value, "metric": metric, "scope_kind": kind}
    put(tables, "recompute.metrics", day, **row)


def test_a_centicent_above_the_policy_of_the_date(tables):
    put(tables, "recompute.thresholds", unsecured_least_centicents=100)
    put(tables, "recompute.thresholds", BEFORE, unsecured_least_centicents=10)
    _peak(tables, "A-1", 101)
    _peak(tables, "A-2", 100)
    # Another metric, and the figure of a member.
    _peak(tables, "A-3", 101, metric="initial_margin")
    _peak(tables, "M-1", 101, kind="member")
    _peak(tables, "A-4", 101, day=BEFORE)
    assert tables.found("RECOMPUTE-UNSECURED", DAY) == [("A-1", *NO_LINE)]
