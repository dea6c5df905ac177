"""The fees of an account differ from the fee schedule in force."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.obligation_breaks"


def test_a_centicent_beside_the_schedule(tables):
    # Ours is 10.
    put(tables, TABLE, account_id="A-1", venue_fees_centicents=11, line=1)
    put(tables, TABLE, account_id="A-2", venue_fees_centicents=9, line=2)
    # The fee is right and the variation is wrong: RECOMPUTE-VARIATION.
    put(tables, TABLE, account_id="A-3", venue_variation_centicents=0, line=3)
    put(tables, TABLE, BEFORE, account_id="A-4", venue_fees_centicents=11, line=4)
    found = tables.found("RECOMPUTE-FEES", DAY)
    assert found == [("A-1", "obligations", 1), ("A-2", "obligations", 2)]
