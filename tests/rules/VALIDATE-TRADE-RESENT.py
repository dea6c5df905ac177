"""A trade arrived more than once and is counted once."""

from rules.rows import FRI, MON, TUE, put, put_on_other_dates


def test_all_but_changed_copies_of_an_earlier_date(tables):
    copies = {
        "unchanged": {"counted_business_date": FRI, "differs": False},
        "twice today": {"counted_business_date": MON, "differs": False},
        "corrected today": {"counted_business_date": MON, "differs": True},
        "counts nowhere": {"counted_business_date": None, "differs": False},
        "counted later": {"counted_business_date": TUE, "differs": True},
        # This one is VALIDATE-TRADE-RESENT-CHANGED.
        "changed": {"counted_business_date": FRI, "differs": True},
    }
    for line, (trade_id, values) in enumerate(copies.items(), start=1):
        put(tables, "validate.resent_trades", line, trade_id=trade_id, **values)
    put_on_other_dates(tables, "validate.resent_trades", 9, differs=False)
    assert tables.found("VALIDATE-TRADE-RESENT", MON) == [
        ("corrected today", "mon", 3),
        ("counted later", "mon", 5),
        ("counts nowhere", "mon", 4),
        ("twice today", "mon", 2),
        ("unchanged", "mon", 1),
    ]
