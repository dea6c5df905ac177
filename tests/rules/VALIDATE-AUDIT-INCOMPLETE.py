"""A trade on the tape lacks its YES or its NO side in the clearing feed."""

from datetime import datetime

from rules.rows import FRI, MON, TUE, put, put_on_other_dates

SIDES = {
    "both": ["yes", "no"],
    "no missing": ["yes"],
    "yes missing": ["no"],
    "none": [],
    "yes twice": ["yes", "yes", "no"],
    "no twice": ["yes", "no", "no"],
}


def test_a_trade_has_exactly_one_side_of_each_kind(tables):
    for line, (trade_id, sides) in enumerate(SIDES.items(), start=1):
        put(tables, "validate.trades", line, trade_id=trade_id)
        for side in sides:
            put(tables, "validate.trade_audit", line, trade_id=trade_id, side=side)
    put(tables, "validate.trade_audit", 9, day=FRI, trade_id="yes missing", side="yes")
    put(tables, "validate.trade_audit", 9, day=TUE, trade_id="no missing", side="no")
    put_on_other_dates(tables, "validate.trades", 9, trade_id="other dates")
    assert tables.found("VALIDATE-AUDIT-INCOMPLETE", MON) == [
        ("no missing", "mon", 2),
        ("no twice", "mon", 6),
        ("none", "mon", 4),
        ("yes missing", "mon", 3),
        ("yes twice", "mon", 5),
    ]


def test_while_the_date_runs_only_trades_up_to_the_latest_cycle_are_due(tables):
    cycle_utc = datetime(2026, 5, 4, 16)
    tables.put("land.progress", MON, complete_to_utc=cycle_utc)
    for day in (FRI, TUE):  # how far other dates have come says nothing
        tables.put("land.progress", day, complete_to_utc=datetime(2026, 5, 5, 16))
    for line, (trade_id, traded_utc) in enumerate(
        [
            ("before", cycle_utc.replace(hour=15)),
            ("due", cycle_utc),
            ("not due yet", cycle_utc.replace(microsecond=1)),
        ],
        start=1,
    ):
        put(tables, "validate.trades", line, trade_id=trade_id, traded_utc=traded_utc)
    assert tables.found("VALIDATE-AUDIT-INCOMPLETE", MON) == [
        ("before", "mon", 1),
        ("due", "mon", 2),
    ]
