"""An obligation was paid after it was due."""

from datetime import datetime

from rules.rows import MON, put, put_on_other_dates

DUE_UTC = datetime(2026, 5, 5, 13)
EARLY_UTC, LATE_UTC = DUE_UTC.replace(hour=12), DUE_UTC.replace(microsecond=1)


def test_paid_on_time_is_not_late(tables):
    for line, (account_id, paid_utc) in enumerate(
        [("LATE", LATE_UTC), ("ON-TIME", DUE_UTC), ("EARLY", EARLY_UTC), ("UNPAID", None)], start=1
    ):
        values = {"account_id": account_id, "due_utc": DUE_UTC, "paid_utc": paid_utc}
        put(tables, "validate.obligations", line, **values)
    put_on_other_dates(tables, "validate.obligations", 5, due_utc=DUE_UTC, paid_utc=LATE_UTC)
    assert tables.found("VALIDATE-OBLIGATION-LATE", MON) == [("LATE", "mon", 1)]
