"""The customers of a member are owed more than is held for them."""

from rules.days import BEFORE, DAY, NO_LINE, put


def _member(tables, scope, owed, held, day=DAY, kind="member"):
    for metric, value in (("client_liabilities", owed), ("segregated_assets", held)):
        metrics = {"scope_kind": kind, "scope": scope, "metric": metric, "value": value}
        put(tables, "recompute.metrics", day, **metrics)


def test_each_member_by_itself(tables):
    _member(tables, "M-SHORT", 101, 100)
    _member(tables, "M-EVEN", 100, 100)
    # A surplus of this member does not help the customers of M-SHORT.
    _member(tables, "M-OVER", 0, 500)
    _member(tables, "M-NONE", 0, 0)
    # Other metrics of the member do not count, nor do those of another date.
    for metric, value in (("initial_margin", 101), ("fees", 99)):
        row = {"scope_kind": "member", "scope": "M-EVEN", "metric": metric, "value": value}
        put(tables, "recompute.metrics", **row)
    _member(tables, "M-EVEN", 100, 99, day=BEFORE)
    _member(tables, "M-OVER", 501, 500, day=BEFORE)
    _member(tables, "", 601, 600, kind="venue")
    _member(tables, "M-SHORT", 50, 1, kind="account")
    assert tables.found("RECOMPUTE-SEGREGATION", DAY) == [("M-SHORT", *NO_LINE)]
