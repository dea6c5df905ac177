"""A manifest is unreadable, lacks a field, holds a wrong value, or describes another file."""

import pytest
from feeds.delivery import Inbox

from rules.drops import GOOD, findings, rewrite_manifest


@pytest.mark.parametrize(
    "changes",
    [
        {"rows": None},
        {"rows": "1"},
        {"rows": -1},
        {"sequence": 10**15 + 1},
        {"as_of": "2025-03-18T04:00:00"},  # of no time zone
        {"control_totals": {"colour": "1"}},
        {"file": "good.ndjson"},
        {"unknown": 1},
    ],
    ids=str,
)
def test_a_field_that_is_missing_or_wrong(tmp_path, changes):
    inbox = Inbox(tmp_path)
    inbox.deliver("good.ndjson", GOOD, "trades")
    file = inbox.deliver("bad.ndjson", GOOD, "trades", sequence=2)
    rewrite_manifest(file, **changes)
    assert findings(inbox) == [("LAND-MANIFEST", "drop folder: bad.ndjson", "", None)]


def test_a_text_that_is_no_manifest(tmp_path):
    inbox = Inbox(tmp_path)
    file = inbox.deliver("bad.ndjson", GOOD, "trades")
    manifest = file.with_name("bad.ndjson.manifest.json")
    whole = manifest.read_text()
    for text in (whole[:-1], f"[{whole}]", whole.replace("{", '{"rows": 1, ')):
        manifest.write_text(text)
        assert findings(inbox) == [("LAND-MANIFEST", "drop folder: bad.ndjson", "", None)]


def test_a_manifest_of_more_bytes_than_the_limit(tmp_path):
    inbox = Inbox(tmp_path)
    file = inbox.deliver("t.ndjson", GOOD, "trades")
    size = file.with_name("t.ndjson.manifest.json").stat().st_size
    found = ("LAND-MANIFEST", "drop folder: t.ndjson", "", None)
    assert findings(inbox, max_manifest_bytes=size - 1) == [found]
    assert findings(inbox, max_manifest_bytes=size) == []


@pytest.mark.parametrize(
    "changes", [{"sequence": 0}, {"sequence": 10**15}, {"control_totals": {"count": "3"}}], ids=str
)
def test_the_last_values_that_are_right(tmp_path, changes):
    inbox = Inbox(tmp_path)
    inbox.deliver("good.ndjson", GOOD, "trades", **changes)
    assert findings(inbox) == []
