"""The bytes received differ from those the manifest describes."""

from feeds.delivery import Inbox

from rules.drops import GOOD, findings, sha256


def test_a_byte_less_a_byte_more_and_another_byte(tmp_path):
    inbox = Inbox(tmp_path)
    inbox.deliver("good.ndjson", GOOD, "trades")
    contents = {"less": GOOD[:-1], "more": GOOD + " ", "other": GOOD[:-1] + " "}
    files = []
    for sequence, (name, content) in enumerate(contents.items(), start=2):
        files.append(inbox.deliver(f"{name}.ndjson", GOOD, "trades", sequence=sequence))
        files[-1].write_text(content)
    # The file is named by the bytes that came, which are kept.
    assert findings(inbox) == [
        ("LAND-HASH", f"trades: {file.name}", sha256(file), None) for file in files
    ]
