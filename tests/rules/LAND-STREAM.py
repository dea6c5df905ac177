"""The manifest names an unknown stream, or a sender that may not send this stream."""

from feeds.delivery import Inbox

from rules.drops import GOOD, findings, rewrite_manifest


def test_stream_and_sender_are_those_of_the_contract(tmp_path):
    inbox = Inbox(tmp_path)
    inbox.deliver("good.ndjson", GOOD, "trades", sender="venue")
    inbox.deliver("sender.ndjson", GOOD, "trades", sequence=2, sender="clearing")
    file = inbox.deliver("stream.ndjson", GOOD, "trades", sequence=3)
    rewrite_manifest(file, stream="Trades")
    assert findings(inbox) == [
        ("LAND-STREAM", "drop folder: sender.ndjson", "", None),
        ("LAND-STREAM", "drop folder: stream.ndjson", "", None),
    ]
