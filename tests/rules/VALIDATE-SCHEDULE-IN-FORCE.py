"""No version of the margin schedule is in force on the date."""

import pytest

from rules.rows import FRI, MON, TUE, put


@pytest.mark.parametrize(
    ("sent", "effective", "in_force"),
    [
        (MON, MON, True),
        (FRI, MON, True),
        (FRI, FRI, True),
        (MON, TUE, False),  # from tomorrow on
        (TUE, MON, False),  # not known yet
    ],
)
def test_a_version_known_and_effective_by_the_date(tables, sent, effective, in_force):
    put(tables, "validate.margin_schedule", 1, day=sent, effective_date=effective)
    missing = [] if in_force else [("2026-05-04", "", None)]
    assert tables.found("VALIDATE-SCHEDULE-IN-FORCE", MON) == missing


def test_without_any_version(tables):
    assert tables.found("VALIDATE-SCHEDULE-IN-FORCE", MON) == [("2026-05-04", "", None)]
