"""An account without permission to use margin traded on margin."""

from rules.rows import MON, put, put_on_other_dates


def test_a_margined_side_needs_the_permission_of_the_date(tables):
    put(tables, "validate.accounts", 1, account_id="MAY", margin_permission=True)
    put(tables, "validate.accounts", 2, account_id="MAY-NOT", margin_permission=False)
    put_on_other_dates(tables, "validate.accounts", 1, account_id="MAY", margin_permission=False)
    sides = [("MAY", "margined"), ("MAY-NOT", "full"), ("MAY-NOT", "margined")]
    for line, (account_id, kind) in enumerate(sides, start=1):
        put(tables, "validate.trade_audit", line, account_id=account_id, collateralisation=kind)
    margined = {"account_id": "MAY", "collateralisation": "margined"}
    put_on_other_dates(tables, "validate.trade_audit", 4, **margined)
    assert tables.found("VALIDATE-AUDIT-PERMISSION", MON) == [("MAY-NOT", "mon", 3)]
