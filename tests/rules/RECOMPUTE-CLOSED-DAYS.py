"""An account can lose more over a weekend than the collateral held for it."""

from rules.days import AFTER, BEFORE, DAY, NO_LINE, put

TABLE = "recompute.closed_days"


def test_accounts_with_an_uncovered_weekend(tables):
    row = {"worst_case_centicents": 500, "events": 1, "last_closed_date": AFTER}
    put(tables, TABLE, account_id="A-1", uncovered_centicents=1, **row)
    put(tables, TABLE, account_id="A-2", uncovered_centicents=0, **row)
    for day in (BEFORE, AFTER):
        put(tables, TABLE, day, account_id="A-3", uncovered_centicents=1, **row)
    assert tables.found("RECOMPUTE-CLOSED-DAYS", DAY) == [("A-1", *NO_LINE)]
