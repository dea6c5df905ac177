"""A line or record exceeds the length limit."""

import pytest
from feeds.delivery import Inbox, trade

from rules.drops import findings, quarantine, sha256

LONGEST = trade(trade_id="t-1", note="x" * 100)
LONGER = trade(trade_id="t-2", note="x" * 101)


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("t.ndjson", f"{LONGEST}\n{LONGER}\n{LONGEST}\n", 2),
        ("t.json", f"[\n{LONGEST},\n{LONGER},\n{LONGEST}]", 3),
    ],
    ids=["lines", "page"],
)
def test_a_byte_more_than_the_limit(tmp_path, name, content, line):
    inbox = Inbox(tmp_path)
    file = inbox.deliver(name, content, "trades", rows=3)
    limit = {"max_line_bytes": len(LONGEST)}
    assert findings(inbox, **limit) == [("ROW-LENGTH", f"trades: {name}", sha256(file), line)]
    assert quarantine(inbox, **limit) == [(line, "ROW-LENGTH", None)]
    assert quarantine(inbox, max_line_bytes=len(LONGER)) == []
