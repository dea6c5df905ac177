"""The register of overrides: the latest delivery of each, until it is withdrawn. Rows by hand."""

from datetime import date

FRI, MON, TUE = date(2026, 5, 1), date(2026, 5, 4), date(2026, 5, 5)


def _override(tables, override, day=MON, **values):
    usual = {"valid_until_date": TUE, "figure": "mark", "file_sha256": f"{day}", "line": 1}
    tables.put("validate.overrides", day, override_id=override, **usual | values)


def test_each_override_stays_until_it_is_withdrawn(tables):
    _override(tables, "O-1")
    _override(tables, "O-2", day=FRI)
    # The last day counts; the day after, it has expired.
    _override(tables, "O-3", valid_until_date=MON)
    _override(tables, "O-4", valid_until_date=FRI)
    _override(tables, "O-5", valid_until_date=None)
    _override(tables, "O-6", day=FRI)
    _override(tables, "O-6", withdrawn_date=MON)
    _override(tables, "O-7", withdrawn_date=TUE)
    _override(tables, "O-8", day=FRI, valid_until_date=FRI)
    _override(tables, "O-8", valid_until_date=TUE)
    _override(tables, "O-9", day=TUE)
    tables.make(MON, "recompute.override_register")
    columns = "override_id", "status", "file_sha256"
    assert tables.rows("recompute.override_register", MON, *columns) == [
        ("O-1", "in force", "2026-05-04"),
        ("O-2", "in force", "2026-05-01"),
        ("O-3", "in force", "2026-05-04"),
        ("O-4", "expired", "2026-05-04"),
        ("O-5", "without end", "2026-05-04"),
        ("O-7", "in force", "2026-05-04"),
        ("O-8", "in force", "2026-05-04"),
    ]
