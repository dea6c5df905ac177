"""Accounts with the same book are charged different initial margins."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.equal_books"


def test_a_difference_beyond_the_tolerance_of_the_book(tables):
    # The tolerance is 1 centicent, and 3 for the last book.
    put(tables, TABLE, account_id="A-LESS", difference_centicents=-2, line=1)
    put(tables, TABLE, account_id="A-MORE", difference_centicents=2, line=2)
    put(tables, TABLE, account_id="A-EDGE", difference_centicents=1, line=3)
    put(tables, TABLE, account_id="A-EDGE-2", difference_centicents=-1, line=4)
    put(tables, TABLE, account_id="A-WIDE", difference_centicents=3, tolerance_centicents=3, line=5)
    put(tables, TABLE, BEFORE, account_id="A-OLD", difference_centicents=9, line=6)
    found = tables.found("RECOMPUTE-UNEQUAL-CHARGE", DAY)
    assert found == [("A-LESS", "margin", 1), ("A-MORE", "margin", 2)]
