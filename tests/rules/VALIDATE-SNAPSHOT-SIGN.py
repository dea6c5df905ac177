"""A long or short position is negative."""

from rules.rows import MON, put, put_on_other_dates


def test_positions_are_zero_or_more(tables):
    positions = {
        "K-NONE": {},
        "K-HELD": {"long_qty": 1, "short_qty": 1},
        "K-LONG": {"long_qty": -1},
        "K-SHORT": {"short_qty": -1},
    }
    for line, (ticker, values) in enumerate(positions.items(), start=1):
        put(tables, "validate.position_snapshot", line, ticker=ticker, **values)
    put_on_other_dates(tables, "validate.position_snapshot", 5, long_qty=-1)
    assert tables.found("VALIDATE-SNAPSHOT-SIGN", MON) == [
        ("A1/K-LONG", "mon", 3),
        ("A1/K-SHORT", "mon", 4),
    ]
