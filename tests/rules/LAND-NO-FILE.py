"""A manifest describes a file that is not in the drop folder."""

from feeds.delivery import Inbox

from rules.drops import GOOD, findings


def test_a_manifest_alone_after_the_cut_off(tmp_path):
    inbox = Inbox(tmp_path)
    inbox.deliver("pair.ndjson", GOOD, "trades")
    inbox.deliver("gone.ndjson", GOOD, "trades", sequence=2).unlink()
    assert findings(inbox) == [("LAND-NO-FILE", "drop folder: gone.ndjson", "", None)]
    assert findings(inbox, waiting=True) == []  # the file may still come
