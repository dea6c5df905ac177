"""The row of a margin call contradicts itself."""

from datetime import datetime

from rules.rows import MON, put, put_on_other_dates

NOON_UTC = datetime(2026, 5, 4, 16)


def test_state_amount_and_time_must_agree(tables):
    calls = {
        "met in full": {"state": "met", "met_centicents": 5_000, "met_utc": NOON_UTC},
        "met in excess": {"state": "met", "met_centicents": 5_001, "met_utc": NOON_UTC},
        "late in part": {"state": "late", "met_centicents": 4_999, "met_utc": NOON_UTC},
        "nothing due": {"state": "met", "amount_centicents": 0},
        "nothing met": {},
        "met one too few": {"state": "met", "met_centicents": 4_999, "met_utc": NOON_UTC},
        "met at no time": {"met_centicents": 1},
        "negative amount": {"amount_centicents": -1},
        "negative met": {"met_centicents": -1},
    }
    for line, (call_id, values) in enumerate(calls.items(), start=1):
        put(tables, "validate.margin_calls", line, call_id=call_id, **values)
    put_on_other_dates(tables, "validate.margin_calls", 10, amount_centicents=-1)
    assert tables.found("VALIDATE-CALL-STATE", MON) == [
        ("met at no time", "mon", 7),
        ("met one too few", "mon", 6),
        ("negative amount", "mon", 8),
        ("negative met", "mon", 9),
    ]
