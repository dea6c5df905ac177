"""A version of the margin schedule became known after its effective date."""

from datetime import date

from rules.days import AFTER, BEFORE, DAY, put

RULE, TABLE = "RECOMPUTE-SCHEDULE-BACKDATED", "recompute.schedule_changes"


def _new(tables, version, effective, day=DAY, parameter="(version)", **changes):
    row = {"change": "new version", "after_effect": False, "parameter": parameter}
    put(tables, TABLE, day, version=version, effective_date=effective, **row | changes)


def test_a_new_version_in_force_since_a_date_that_has_passed(tables):
    _new(tables, "S-LATE", BEFORE, line=1)
    # There is one row per parameter, but one finding per version.
    _new(tables, "S-LATE", BEFORE, parameter="floor_bps", line=1)
    _new(tables, "S-LATE", BEFORE, parameter="(effective date)", line=1)
    # In force from today or tomorrow: no margin was computed without it.
    _new(tables, "S-TODAY", DAY, line=2)
    _new(tables, "S-TOMORROW", AFTER, line=3)
    # Versions of the first delivery ever are exempt.
    _new(tables, "S-FIRST", BEFORE, change="first delivery", line=4)
    _new(tables, "S-OLD", date(2026, 4, 1), day=BEFORE, line=5)
    assert tables.found(RULE, DAY) == [("S-LATE", "schedule", 1)]


def test_a_coming_version_that_is_said_to_have_come(tables):
    amended = {"change": "amended version", "parameter": "(effective date)"}
    _new(tables, "S-MOVED", BEFORE, line=1, **amended)
    # Not passed yet, and already in force before (RECOMPUTE-SCHEDULE-AMENDED).
    _new(tables, "S-TODAY", DAY, line=2, **amended)
    _new(tables, "S-FORCE", BEFORE, line=3, **amended | {"after_effect": True})
    # Another row of the same change.
    _new(tables, "S-MOVED", BEFORE, line=1, **amended | {"parameter": "floor_bps"})
    assert tables.found(RULE, DAY) == [("S-MOVED", "schedule", 1)]
