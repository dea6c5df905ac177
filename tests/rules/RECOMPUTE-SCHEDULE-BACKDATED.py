"""A version of the margin schedule became known after the date of its effect."""

from datetime import date

from rules.days import AFTER, BEFORE, DAY, put

RULE, TABLE = "RECOMPUTE-SCHEDULE-BACKDATED", "recompute.schedule_changes"


def _new(tables, version, effective, day=DAY, parameter="(version)", **changes):
    row = {"change": "new version", "after_effect": False, "parameter": parameter}
    put(tables, TABLE, day, version=version, effective_date=effective, **row | changes)


def test_a_new_version_in_force_since_a_date_that_has_passed(tables):
    _new(tables, "S-LATE", BEFORE, line=1)
    # One row for each parameter, and the version is found once.
    _new(tables, "S-LATE", BEFORE, parameter="floor_bps", line=1)
    _new(tables, "S-LATE", BEFORE, parameter="(effective date)", line=1)
    # In force from today, or from tomorrow: every margin can still be computed with it.
    _new(tables, "S-TODAY", DAY, line=2)
    _new(tables, "S-TOMORROW", AFTER, line=3)
    # Nothing was known before the first delivery ever: its versions are not asked.
    _new(tables, "S-FIRST", BEFORE, change="first delivery", line=4)
    _new(tables, "S-OLD", date(2026, 4, 1), day=BEFORE, line=5)
    assert tables.found(RULE, DAY) == [("S-LATE", "schedule", 1)]


def test_a_coming_version_that_is_said_to_have_come(tables):
    amended = {"change": "amended version", "parameter": "(effective date)"}
    _new(tables, "S-MOVED", BEFORE, line=1, **amended)
    # Still to come; then one that was in force already: RECOMPUTE-SCHEDULE-AMENDED.
    _new(tables, "S-TODAY", DAY, line=2, **amended)
    _new(tables, "S-FORCE", BEFORE, line=3, **amended | {"after_effect": True})
    # Another row of the same change.
    _new(tables, "S-MOVED", BEFORE, line=1, **amended | {"parameter": "floor_bps"})
    assert tables.found(RULE, DAY) == [("S-MOVED", "schedule", 1)]
