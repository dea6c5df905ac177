"""A file exceeds the size limit, as received or after unpacking."""

from feeds.delivery import Inbox, packed

from rules.drops import GOOD, findings, sha256

SIZE = len(GOOD)


def test_a_file_as_received(tmp_path):
    inbox = Inbox(tmp_path)
    inbox.deliver("t.ndjson", GOOD, "trades")
    inbox.deliver("more.ndjson", GOOD + "\n", "trades", sequence=2)
    found = ("LAND-SIZE", "drop folder: more.ndjson", "", None)
    assert findings(inbox, max_bytes=SIZE) == [found]
    assert findings(inbox, max_bytes=SIZE + 1) == []


def test_a_file_after_unpacking(tmp_path):
    inbox = Inbox(tmp_path)
    file = inbox.deliver("t.ndjson.gz", packed(GOOD), "trades")
    found = ("LAND-SIZE", "trades: t.ndjson.gz", sha256(file), None)
    assert findings(inbox, max_plain_bytes=SIZE - 1) == [found]
    assert findings(inbox, max_plain_bytes=SIZE) == []


def test_a_page_document_has_a_limit_of_its_own(tmp_path):
    inbox = Inbox(tmp_path)
    file = inbox.deliver("page.json", f"[{GOOD}]", "trades")
    inbox.deliver("lines.ndjson", GOOD, "trades", sequence=2)
    found = ("LAND-SIZE", "trades: page.json", sha256(file), None)
    assert findings(inbox, max_page_bytes=SIZE + 1) == [found]
    assert findings(inbox, max_page_bytes=SIZE + 2) == []
