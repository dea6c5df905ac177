"""An account was charged too much, and nothing explains it."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.margin_breaks"


def test_the_unexplained_rest_has_the_sign(tables):
    put(tables, TABLE, account_id="A-1", initial_unexplained=True, residual_centicents=1, line=4)
    # No difference, and too little (RECOMPUTE-UNDER-CHARGED).
    put(tables, TABLE, account_id="A-2", initial_unexplained=True, residual_centicents=0)
    put(tables, TABLE, account_id="A-3", initial_unexplained=True, residual_centicents=-1)
    # A wrong core margin explains the difference: RECOMPUTE-CORE.
    put(tables, TABLE, account_id="A-4", core_unexplained=True, residual_centicents=1)
    put(tables, TABLE, BEFORE, account_id="A-5", initial_unexplained=True, residual_centicents=1)
    assert tables.found("RECOMPUTE-OVER-CHARGED", DAY) == [("A-1", "margin", 4)]
