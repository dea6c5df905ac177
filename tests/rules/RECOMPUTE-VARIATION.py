"""The variation of an account differs from ours, and the venue's own marks do not explain it."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.obligation_breaks"


def test_a_centicent_that_marks_do_not_explain(tables):
    # Ours is 100.
    put(tables, TABLE, account_id="A-1", venue_variation_centicents=101, line=1)
    put(tables, TABLE, account_id="A-2", venue_variation_centicents=99, line=2)
    put(tables, TABLE, account_id="A-3", venue_variation_centicents=100, line=3)
    # The mark has a finding of its own: RECOMPUTE-MARK.
    marked = {"venue_variation_centicents": 101, "explained_by_marks": True}
    put(tables, TABLE, account_id="A-4", line=4, **marked)
    put(tables, TABLE, BEFORE, account_id="A-5", venue_variation_centicents=101, line=5)
    found = tables.found("RECOMPUTE-VARIATION", DAY)
    assert found == [("A-1", "obligations", 1), ("A-2", "obligations", 2)]
