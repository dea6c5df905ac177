"""A trade side differs from the tape in price or quantity."""

from rules.rows import MON, put, put_on_other_dates


def test_price_and_quantity_must_equal_the_tape(tables):
    sides = {
        "equal": {},
        "one hundredth less": {"quantity_qty": 999},
        "one hundredth more": {"quantity_qty": 1_001},
        "cheaper": {"price_centicents": 3_999},
        "dearer": {"price_centicents": 4_001},
    }
    for line, (trade_id, values) in enumerate(sides.items(), start=1):
        put(tables, "validate.trades", line, trade_id=trade_id)
        put(tables, "validate.trade_audit", line, trade_id=trade_id, **values)
    # The tapes of other dates are not what the side is compared with.
    put_on_other_dates(tables, "validate.trades", 9, trade_id="equal", count_qty=7)
    put_on_other_dates(tables, "validate.trade_audit", 9, trade_id="equal")
    assert tables.found("VALIDATE-AUDIT-MISMATCH", MON) == [
        ("cheaper", "mon", 4),
        ("dearer", "mon", 5),
        ("one hundredth less", "mon", 2),
        ("one hundredth more", "mon", 3),
    ]
