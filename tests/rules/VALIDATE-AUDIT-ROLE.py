"""The taker in the clearing feed took another side than on the tape."""

from rules.rows import MON, put, put_on_other_dates


def test_the_taker_holds_the_side_that_the_tape_names(tables):
    put(tables, "validate.trades", 1, trade_id="right", taker_side="yes")
    put(tables, "validate.trade_audit", 1, trade_id="right", side="yes", role="taker")
    put(tables, "validate.trade_audit", 2, trade_id="right", side="no", role="maker")
    put(tables, "validate.trades", 2, trade_id="swapped", taker_side="no")
    put(tables, "validate.trade_audit", 3, trade_id="swapped", side="yes", role="taker")
    put(tables, "validate.trade_audit", 4, trade_id="swapped", side="no", role="maker")
    # On other dates the tape says the contrary.
    put_on_other_dates(tables, "validate.trades", 9, trade_id="right", taker_side="no")
    put_on_other_dates(
        tables, "validate.trade_audit", 9, trade_id="right", side="yes", role="taker"
    )
    assert tables.found("VALIDATE-AUDIT-ROLE", MON) == [
        ("swapped", "mon", 3),
        ("swapped", "mon", 4),
    ]
