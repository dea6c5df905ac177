"""A trade that an earlier business date counts arrived again with another content."""

from datetime import date

from rules.rows import FRI, MON, TUE, put, put_on_other_dates


def test_only_changed_copies_of_an_earlier_date(tables):
    copies = {
        "changed": {"counted_business_date": FRI, "differs": True},
        "unchanged": {"counted_business_date": FRI, "differs": False},
        # These two are VALIDATE-TRADE-RESENT: the date itself, or a later one, counts them.
        "corrected today": {"counted_business_date": MON, "differs": True},
        "counted later": {"counted_business_date": TUE, "differs": True},
    }
    for line, (trade_id, values) in enumerate(copies.items(), start=1):
        put(tables, "validate.resent_trades", line, trade_id=trade_id, **values)
    changed = {"counted_business_date": date(2026, 4, 30), "differs": True}
    put_on_other_dates(tables, "validate.resent_trades", 9, **changed)
    assert tables.found("VALIDATE-TRADE-RESENT-CHANGED", MON) == [("changed", "mon", 1)]
