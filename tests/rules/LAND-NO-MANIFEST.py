"""A file had no manifest at the cut-off."""

from feeds.delivery import Inbox

from rules.drops import GOOD, findings


def test_a_file_alone_after_the_cut_off(tmp_path):
    inbox = Inbox(tmp_path)
    inbox.deliver("pair.ndjson", GOOD, "trades")
    (inbox.folder() / "alone.ndjson").write_text(GOOD)
    assert findings(inbox) == [("LAND-NO-MANIFEST", "drop folder: alone.ndjson", "", None)]
    assert findings(inbox, waiting=True) == []  # the manifest may still come
