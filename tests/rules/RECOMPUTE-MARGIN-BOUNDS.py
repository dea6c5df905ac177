"""Initial margin lies between nothing and the worst case."""

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "recompute.account_margin"


def test_a_centicent_outside(tables):
    # The worst case is 900.
    for account, initial in (("A-UNDER", -1), ("A-ZERO", 0), ("A-FULL", 900), ("A-OVER", 901)):
        put(tables, TABLE, account_id=account, initial_margin_centicents=initial)
    put(tables, TABLE, BEFORE, account_id="A-OLD", initial_margin_centicents=-1)
    found = tables.found("RECOMPUTE-MARGIN-BOUNDS", DAY)
    assert found == [("A-OVER", *NO_LINE), ("A-UNDER", *NO_LINE)]
