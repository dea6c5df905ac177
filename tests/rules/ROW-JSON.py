"""A line is not a single JSON object, or repeats a key."""

from feeds.delivery import Inbox, trade

from rules.drops import GOOD, findings, quarantine, sha256


def test_lines_of_ndjson(tmp_path):
    lines = [
        trade(),
        "",  # an empty line holds no data
        f"[{trade()}]",
        "null",
        trade()[:-1],
        trade() + trade(),
        trade().replace("{", '{"count": 3, '),
        trade(extra={"count": 3}),  # a key inside another value is another key
    ]
    inbox = Inbox(tmp_path)
    file = inbox.deliver("t.ndjson", "\n".join(lines), "trades", rows=7)
    assert quarantine(inbox) == [(line, "ROW-JSON", None) for line in range(3, 8)]
    assert findings(inbox) == [("ROW-JSON", "trades: t.ndjson", sha256(file), 3)]


def test_the_rest_of_a_page_document(tmp_path):
    inbox = Inbox(tmp_path)
    file = inbox.deliver("t.json", f"[{GOOD},\n{{,\n{GOOD}]", "trades", rows=2)
    assert quarantine(inbox) == [(3, "ROW-JSON", None)]
    assert findings(inbox) == [("ROW-JSON", "trades: t.json", sha256(file), 3)]
