"""An override has expired or has no end, and is not withdrawn."""

from rules.days import AFTER, BEFORE, DAY, put

TABLE = "recompute.override_register"
ROW = {"requester": "A. Clerk", "file_sha256": "register"}


def test_overrides_of_the_date(tables):
    put(tables, TABLE, override_id="O-1", status="expired", line=1, **ROW)
    put(tables, TABLE, override_id="O-2", status="without end", line=2, **ROW)
    put(tables, TABLE, override_id="O-3", status="in force", line=3, **ROW)
    for day in (BEFORE, AFTER):
        put(tables, TABLE, day, override_id="O-9", status="expired", line=9, **ROW)
    assert tables.found("RECOMPUTE-OVERRIDE-EXPIRED", DAY) == [
        ("O-1", "register", 1),
        ("O-2", "register", 2),
    ]
