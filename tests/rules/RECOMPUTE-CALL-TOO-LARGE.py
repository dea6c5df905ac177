"""The calls of an account exceed its shortfall."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.call_breaks"


def test_calls_that_are_a_centicent_too_large(tables):
    put(tables, TABLE, account_id="A-1", difference_centicents=1, line=1)
    put(tables, TABLE, account_id="A-2", difference_centicents=0, line=2)
    # The call matches the margin that the venue charges.
    put(tables, TABLE, account_id="A-3", difference_centicents=1, explained_by_margin=True, line=3)
    put(tables, TABLE, BEFORE, account_id="A-4", difference_centicents=1, line=4)
    assert tables.found("RECOMPUTE-CALL-TOO-LARGE", DAY) == [("A-1", "calls", 1)]
