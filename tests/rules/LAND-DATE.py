"""The manifest names another business date than the folder that holds the file."""

from feeds.delivery import Inbox

from rules.drops import GOOD, findings, rewrite_manifest


def test_the_day_before_and_the_day_after(tmp_path):
    inbox = Inbox(tmp_path)
    inbox.deliver("good.ndjson", GOOD, "trades")
    for sequence, day in ((2, "2025-03-16"), (3, "2025-03-18")):
        file = inbox.deliver(f"{day}.ndjson", GOOD, "trades", sequence=sequence)
        rewrite_manifest(file, business_date=day)
    assert findings(inbox) == [
        ("LAND-DATE", "drop folder: 2025-03-16.ndjson", "", None),
        ("LAND-DATE", "drop folder: 2025-03-18.ndjson", "", None),
    ]
