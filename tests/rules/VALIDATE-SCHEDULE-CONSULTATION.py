"""A version of the margin schedule does not record the consultation of the committee."""

import json
from datetime import date

from rules.rows import MON, put, put_on_other_dates

FULL = {"committee": "risk", "date": "2026-01-01", "decision": "agreed"}
IN_FORCE = date(2026, 1, 1)


def _version(tables, line, version, consultation, effective=IN_FORCE):
    parameters = json.dumps({"consultation": consultation} if consultation else {})
    row = {"version": version, "effective_date": effective, "parameters": parameters}
    put(tables, "validate.margin_schedule", line, **row)


def test_versions_without_a_full_record(tables):
    _version(tables, 1, "none", None)
    _version(tables, 2, "full", FULL)
    _version(tables, 3, "no-committee", FULL | {"committee": ""})
    _version(tables, 4, "no-decision", {"committee": "risk", "date": "2026-01-01"})
    _version(tables, 5, "no-date", FULL | {"date": "soon"})
    # Compliance began on 12 July 2024.
    _version(tables, 7, "last-free", None, effective=date(2024, 7, 11))
    _version(tables, 8, "first-bound", None, effective=date(2024, 7, 12))
    put(tables, "validate.margin_schedule", 9, version="no-json", parameters="{")
    put_on_other_dates(tables, "validate.margin_schedule", 10, version="other-date")
    assert tables.found("VALIDATE-SCHEDULE-CONSULTATION", MON) == [
        ("first-bound", "mon", 8),
        ("no-committee", "mon", 3),
        ("no-date", "mon", 5),
        ("no-decision", "mon", 4),
        ("none", "mon", 1),
    ]
