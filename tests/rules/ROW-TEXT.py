"""A line contains a control character or bytes that are not UTF-8."""

from feeds.delivery import Inbox, trade

from rules.drops import findings, quarantine, sha256


def test_control_characters_and_foreign_bytes(tmp_path):
    lines = [
        trade(trade_id="t-1", note="\u00e9").encode().replace(b"\\u00e9", "\u00e9".encode()),
        b'{"trade_id": "\x00"}',
        trade(trade_id="t-3").replace(" ", "\t").encode(),  # a tab between the values
        b'{"trade_id": "\x1f"}',
        b'{"trade_id": "\xe9"}',  # Latin-1
        trade(trade_id="t-6").encode() + b"\r",  # a line end of Windows
    ]
    inbox = Inbox(tmp_path)
    file = inbox.deliver("t.ndjson", b"\n".join(lines) + b"\n", "trades", rows=6)
    assert quarantine(inbox) == [(line, "ROW-TEXT", None) for line in (2, 4, 5)]
    # One finding for the file, at its first line.
    assert findings(inbox) == [("ROW-TEXT", "trades: t.ndjson", sha256(file), 2)]
