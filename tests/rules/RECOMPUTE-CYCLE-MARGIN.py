"""At a cycle, the initial margin charged differs from the recomputed one, or is missing."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.cycle_breaks"


def _charged(tables, account, status, venue, recomputed, day=DAY, **where):
    row = {"venue_initial_centicents": venue, "recomputed_initial_centicents": recomputed}
    put(tables, TABLE, day, account_id=account, status=status, **row, **where)


def test_breaks_of_accounts_that_owe_or_were_charged_a_centicent(tables):
    _charged(tables, "A-1", "MISSING", None, 1, file_sha256="", line=None)
    _charged(tables, "A-2", "STALE", 1, 0, line=2)
    _charged(tables, "A-3", "MATCH", 500, 500, line=3)
    # An account without positions may be charged zero or have no margin row.
    _charged(tables, "A-4", "STALE", 0, 0, line=4)
    _charged(tables, "A-5", "MISSING", None, 0, line=5)
    _charged(tables, "A-6", "BREAK", 500, 501, day=BEFORE, line=6)
    found = tables.found("RECOMPUTE-CYCLE-MARGIN", DAY)
    assert found == [("10:00 A-1", "", None), ("10:00 A-2", "margin", 2)]
