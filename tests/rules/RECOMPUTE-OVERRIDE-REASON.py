"""A number was overridden without a reason."""

from rules.days import AFTER, BEFORE, DAY, put

TABLE = "recompute.override_register"
ROW = {"requester": "A. Clerk", "file_sha256": "register"}


def test_overrides_of_the_date(tables):
    put(tables, TABLE, override_id="O-1", reason="", line=1, **ROW)
    put(tables, TABLE, override_id="O-2", reason=" - ", line=2, **ROW)
    put(tables, TABLE, override_id="O-3", reason="x", line=3, **ROW)
    for day in (BEFORE, AFTER):
        put(tables, TABLE, day, override_id="O-9", reason="", line=9, **ROW)
    assert tables.found("RECOMPUTE-OVERRIDE-REASON", DAY) == [
        ("O-1", "register", 1),
        ("O-2", "register", 2),
    ]
