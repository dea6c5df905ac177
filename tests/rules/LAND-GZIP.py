"""A file name ends in .gz but the file is not a complete, valid gzip file."""

from feeds.delivery import Inbox, packed, trade

from rules.drops import GOOD, findings, sha256


def test_whole_members_and_nothing_else(tmp_path):
    inbox = Inbox(tmp_path)
    two_members = packed(GOOD) + packed(trade(trade_id="t-2"))
    inbox.deliver("good.ndjson.gz", packed(GOOD), "trades")
    inbox.deliver("two.ndjson.gz", two_members, "trades", sequence=2, rows=2)
    contents = {
        "cut": packed(GOOD)[:-1],
        "empty": b"",
        "plain": GOOD.encode(),
        "rest": packed(GOOD) + b"x",
    }
    files = [
        inbox.deliver(f"{name}.ndjson.gz", content, "trades", sequence=sequence)
        for sequence, (name, content) in enumerate(contents.items(), start=3)
    ]
    assert findings(inbox) == [
        ("LAND-GZIP", f"trades: {file.name}", sha256(file), None) for file in files
    ]
