"""A file name in the drop folder has other characters, or is longer than 200 characters."""

from feeds.delivery import Inbox

from rules.drops import GOOD, findings


def test_letters_digits_dot_dash_and_underscore(tmp_path):
    inbox = Inbox(tmp_path)
    inbox.deliver("Trades_2025-03-17.v1.ndjson", GOOD, "trades")
    names = ["a b.csv", "a+b.csv", "\u00e9.csv", "a\nb.csv"]
    for name in names:
        (inbox.folder() / name).write_text("x")
    subjects = ["a\\nb.csv", "a b.csv", "a+b.csv", "\\xe9.csv"]
    assert findings(inbox) == [("LAND-NAME", f"drop folder: {name}", "", None) for name in subjects]


def test_two_hundred_characters_and_one_more(tmp_path):
    inbox = Inbox(tmp_path)
    for name in ("a" * 200, "b" * 201):
        (inbox.folder() / name).write_text("x")
    shown = "b" * 120 + "..."
    # Before the cut-off the manifest may still come, so nothing else is said of the first.
    assert findings(inbox, waiting=True) == [("LAND-NAME", f"drop folder: {shown}", "", None)]
