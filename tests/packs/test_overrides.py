"""The register of overrides in the daily pack, from rows by hand."""

from reporting.packs.daily.overrides import overrides_section

ROW = {
    "override_id": "O-1",
    "figure": "mark",
    "subject": "K-A",
    "old_value": "$0.40",
    "new_value": "$0.45",
    "reason": "stale price",
    "requester": "A. Clerk",
    "approver": "B. Chief",
    "valid_until_date": "2026-05-04",
    "status": "in force",
}


def test_the_register_and_what_should_not_stand():
    rows = [ROW | {"status": "expired"}, ROW | {"override_id": "O-2"}]
    words, register = overrides_section({"overrides": rows}).items
    assert words == "The register holds 2 overrides, 1 of them expired or without an end."
    assert len(register.rows) == 2


def test_an_empty_register_says_so():
    words, _ = overrides_section({"overrides": []}).items
    assert words == "The clearing house reports no number that was overridden by hand."
