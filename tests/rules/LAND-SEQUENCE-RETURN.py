"""A file repeats the bytes of an earlier number although a number in between has others."""

from feeds.delivery import Inbox, trade

from rules.drops import findings, sha256


def put(inbox, name, sequence, trade_id):
    return inbox.deliver(f"{name}.ndjson", trade(trade_id=trade_id), "trades", sequence=sequence)


def test_back_to_earlier_bytes(tmp_path):
    inbox = Inbox(tmp_path)
    put(inbox, "a", 1, "first")
    put(inbox, "b", 2, "first")  # a repetition with nothing in between
    put(inbox, "c", 3, "second")
    assert findings(inbox) == []
    file = put(inbox, "d", 4, "first")
    found = ("LAND-SEQUENCE-RETURN", "trades: d.ndjson", sha256(file), None)
    assert findings(inbox) == [found]
    put(inbox, "e", 5, "second")  # the number that holds has these bytes
    assert findings(inbox) == [found]
