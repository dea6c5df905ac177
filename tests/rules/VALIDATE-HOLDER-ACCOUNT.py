"""An account that holds positions is not in the day's list of accounts."""

from datetime import date

from rules.rows import FRI, MON, TUE, put

THU = date(2026, 4, 30)


def test_every_holder_of_the_previous_date_is_listed(tables):
    for day in (THU, FRI, MON, TUE):
        tables.put("recompute.days", day)
    put(tables, "validate.accounts", 1, account_id="LISTED")
    put(tables, "validate.accounts", 1, day=FRI, account_id="LONG")
    put(tables, "validate.accounts", 1, day=TUE, account_id="SHORT")
    positions = [("LISTED", 1), ("LONG", 1), ("LONG", 2), ("SHORT", -1), ("CLOSED", 0)]
    for account_id, closing in positions:
        tables.put("recompute.positions", FRI, account_id=account_id, closing_qty=closing)
    # What was held before or is held today says nothing of the holders of Friday.
    for day, account_id in ((THU, "SOLD"), (MON, "NEW"), (TUE, "LATER")):
        tables.put("recompute.positions", day, account_id=account_id, closing_qty=1)
    assert tables.found("VALIDATE-HOLDER-ACCOUNT", MON) == [
        ("LONG", "", None),
        ("SHORT", "", None),
    ]
