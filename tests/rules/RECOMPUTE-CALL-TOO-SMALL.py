"""The calls of an account do not cover its shortfall."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.call_breaks"


def test_calls_that_are_a_centicent_short(tables):
    small = {"called_centicents": 1, "difference_centicents": -1}
    put(tables, TABLE, account_id="A-1", line=1, **small)
    # No call at all (RECOMPUTE-CALL-MISSING), and a call of the right size.
    put(tables, TABLE, account_id="A-2", line=2, **small | {"called_centicents": 0})
    put(tables, TABLE, account_id="A-3", line=3, **small | {"difference_centicents": 0})
    # The call matches the margin that the venue charges.
    put(tables, TABLE, account_id="A-4", line=4, **small | {"explained_by_margin": True})
    put(tables, TABLE, BEFORE, account_id="A-5", line=5, **small)
    assert tables.found("RECOMPUTE-CALL-TOO-SMALL", DAY) == [("A-1", "calls", 1)]
