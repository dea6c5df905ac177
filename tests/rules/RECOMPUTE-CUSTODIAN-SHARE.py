"""One custodian holds more of all collateral than the policy share."""

from rules.days import BEFORE, DAY, NO_LINE, put


def _share(tables, scope, value, metric="collateral_share", kind="custodian", day=DAY):
    row = {"scope": scope, "value": value, "metric": metric, "scope_kind": kind}
    put(tables, "recompute.metrics", day, **row)


def test_a_basis_point_above_the_policy_of_the_date(tables):
    put(tables, "recompute.thresholds", custodian_share_bps=5_000)
    put(tables, "recompute.thresholds", BEFORE, custodian_share_bps=4_000)
    _share(tables, "BANK-A", 5_001)
    _share(tables, "BANK-B", 5_000)
    # A custodian's share of something else, and the share of an asset type.
    _share(tables, "BANK-C", 5_001, metric="cash_share")
    _share(tables, "treasury", 5_001, kind="asset_type")
    _share(tables, "BANK-D", 5_001, day=BEFORE)
    assert tables.found("RECOMPUTE-CUSTODIAN-SHARE", DAY) == [("BANK-A", *NO_LINE)]
