"""A gzip file expands far beyond any real feed."""

from feeds.delivery import Inbox, packed

from rules.drops import GOOD, findings, sha256

ROWS = 1_000
PLAIN = GOOD * ROWS
TIMES = len(PLAIN) // len(packed(PLAIN))
"""The whole number of times that the unpacked file is larger than the gzip file."""


def test_more_times_its_size_than_the_limit(tmp_path):
    inbox = Inbox(tmp_path)
    file = inbox.deliver("t.ndjson.gz", packed(PLAIN), "trades", rows=ROWS)
    inbox.deliver("plain.ndjson", PLAIN, "trades", sequence=2, rows=ROWS)
    found = ("LAND-RATIO", "trades: t.ndjson.gz", sha256(file), None)
    assert len(PLAIN) > len(packed(PLAIN)) * TIMES
    assert findings(inbox, max_ratio=TIMES, ratio_from_bytes=0) == [found]
    assert findings(inbox, max_ratio=TIMES + 1, ratio_from_bytes=0) == []


def test_a_file_that_is_too_small_to_do_harm(tmp_path):
    inbox = Inbox(tmp_path)
    file = inbox.deliver("t.ndjson.gz", packed(PLAIN), "trades", rows=ROWS)
    found = ("LAND-RATIO", "trades: t.ndjson.gz", sha256(file), None)
    assert findings(inbox, max_ratio=1, ratio_from_bytes=len(PLAIN) - 1) == [found]
    assert findings(inbox, max_ratio=1, ratio_from_bytes=len(PLAIN)) == []
