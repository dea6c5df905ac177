"""The file is not CSV, NDJSON or a JSON page in UTF-8, or its CSV header is wrong."""

import pytest
from feeds.delivery import MEMBERS, Inbox, member

from rules.drops import GOOD, findings, sha256

CSV = "trade_id,ticker,created_time,taker_side,count,yes_price"
LINE = "\nt-1,K-A,2025-03-17T19:15:08Z,yes,3,40"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.txt", GOOD.encode()),
        ("t.ndjson", GOOD.encode("utf-16")),
        ("t.csv", b"\xff\n"),
        ("t.csv", b""),
        ("t.csv", (CSV + ",count" + LINE + ",3").encode()),
        ("t.csv", CSV.replace("ticker", "market").encode() + LINE.encode()),
        # Neither the price in cents nor the one in dollars.
        ("t.csv", CSV.replace("yes_price", "price").encode() + LINE.encode()),
    ],
)
def test_what_cannot_be_read(tmp_path, name, content):
    inbox = Inbox(tmp_path)
    inbox.deliver("m.csv", MEMBERS + member(1), "members")
    file = inbox.deliver(name, content, "trades")
    assert findings(inbox) == [("LAND-FORMAT", f"trades: {name}", sha256(file), None)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.ndjson", GOOD),
        ("t.jsonl", "\ufeff" + GOOD),  # UTF-8 with its mark
        ("t.json", f"[{GOOD}]"),
        ("t.csv", CSV + LINE),
        ("t.csv", CSV + ",colour" + LINE + ",red"),  # a column that nobody knows
    ],
)
def test_what_can_be_read(tmp_path, name, content):
    inbox = Inbox(tmp_path)
    inbox.deliver(name, content, "trades")
    assert findings(inbox) == []


def test_a_header_longer_than_a_line_may_be(tmp_path):
    inbox = Inbox(tmp_path)
    file = inbox.deliver("t.csv", CSV + LINE, "trades")
    size = len(CSV + "\n")
    found = ("LAND-FORMAT", "trades: t.csv", sha256(file), None)
    assert findings(inbox, max_line_bytes=size - 1) == [found]
    assert findings(inbox, max_line_bytes=size) == []
