"""A number was overridden without the approval of another person."""

from rules.days import AFTER, BEFORE, DAY, put

TABLE = "recompute.override_register"
ROW = {"requester": "A. Clerk", "file_sha256": "register"}


def test_overrides_of_the_date(tables):
    put(tables, TABLE, override_id="O-1", approver="", line=1, **ROW)
    put(tables, TABLE, override_id="O-2", approver="?", line=2, **ROW)
    put(tables, TABLE, override_id="O-3", approver=" A. CLERK", line=3, **ROW)
    put(tables, TABLE, override_id="O-4", approver="B. Chief", line=4, **ROW)
    for day in (BEFORE, AFTER):
        put(tables, TABLE, day, override_id="O-9", approver="", line=9, **ROW)
    assert tables.found("RECOMPUTE-OVERRIDE-APPROVER", DAY) == [
        ("O-1", "register", 1),
        ("O-2", "register", 2),
        ("O-3", "register", 3),
    ]
