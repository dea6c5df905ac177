"""A trade side in the clearing feed has no trade on the tape."""

from rules.rows import MON, put, put_on_other_dates


def test_the_trade_must_be_on_the_tape_of_the_date(tables):
    put(tables, "validate.trades", 1, trade_id="on the tape")
    put_on_other_dates(tables, "validate.trades", 1, trade_id="of other dates")
    for line, trade_id in enumerate(["on the tape", "of other dates", "nowhere"], start=1):
        put(tables, "validate.trade_audit", line, trade_id=trade_id)
    put_on_other_dates(tables, "validate.trade_audit", 4, trade_id="not of Monday")
    assert tables.found("VALIDATE-AUDIT-UNKNOWN-TRADE", MON) == [
        ("nowhere", "mon", 3),
        ("of other dates", "mon", 2),
    ]
