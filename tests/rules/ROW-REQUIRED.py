"""A required column of the row is empty or absent."""

import json

from feeds.delivery import TRADE, Inbox, trade

from rules.drops import findings, quarantine, sha256


def test_empty_null_and_absent(tmp_path):
    absent = {name: value for name, value in TRADE.items() if name != "ticker"}
    lines = [
        trade(),
        trade(ticker=""),
        trade(ticker=None),
        json.dumps(absent),
        trade(taker_side=""),
        trade(no_price=None),  # not required
        trade(ticker="0"),
    ]
    inbox = Inbox(tmp_path)
    file = inbox.deliver("t.ndjson", "\n".join(lines), "trades", rows=7)
    assert quarantine(inbox) == [
        (2, "ROW-REQUIRED", "ticker"),
        (3, "ROW-REQUIRED", "ticker"),
        (4, "ROW-REQUIRED", "ticker"),
        (5, "ROW-REQUIRED", "taker_side"),
    ]
    # One finding per column, at its first line.
    where = ("ROW-REQUIRED", "trades: t.ndjson", sha256(file))
    assert findings(inbox) == [(*where, 5), (*where, 2)]
