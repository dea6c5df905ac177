"""A version of the margin schedule names no approver or no reason."""

from rules.rows import MON, put, put_on_other_dates


def test_approver_and_reason_hold_a_letter(tables):
    versions = {
        "named": {},
        "other letters": {"approver": "委員會", "reason": "Ü"},
        "letter and digit": {"approver": "7b", "reason": "1a"},
        "blank approver": {"approver": "  "},
        "dash for approver": {"approver": "-"},
        "digits for reason": {"reason": "2026"},
        "neither": {"approver": "?", "reason": "?"},
    }
    for line, (version, values) in enumerate(versions.items(), start=1):
        put(tables, "validate.margin_schedule", line, version=version, **values)
    put_on_other_dates(tables, "validate.margin_schedule", 9, approver="-")
    assert tables.found("VALIDATE-SCHEDULE-APPROVAL", MON) == [
        ("blank approver", "mon", 4),
        ("dash for approver", "mon", 5),
        ("digits for reason", "mon", 6),
        ("neither", "mon", 7),
    ]
