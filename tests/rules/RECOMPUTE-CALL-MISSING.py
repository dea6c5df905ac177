"""An account is short of collateral, and no call is outstanding for it."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.call_breaks"


def test_accounts_that_were_not_called(tables):
    put(tables, TABLE, account_id="A-1", called_centicents=0, line=1)
    # Called for a single centicent: that is RECOMPUTE-CALL-TOO-SMALL.
    put(tables, TABLE, account_id="A-2", called_centicents=1, line=2)
    # Not short of the margin that the venue charges.
    put(tables, TABLE, account_id="A-3", called_centicents=0, explained_by_margin=True, line=3)
    put(tables, TABLE, BEFORE, account_id="A-4", called_centicents=0, line=4)
    assert tables.found("RECOMPUTE-CALL-MISSING", DAY) == [("A-1", "calls", 1)]
