"""An entry in the drop folder is not a readable plain file."""

import os

from feeds.delivery import Inbox

from reporting.feeds import drop_folder
from rules.drops import GOOD, findings


def test_a_link_a_folder_and_a_pipe(tmp_path):
    inbox = Inbox(tmp_path)
    file = inbox.deliver("good.ndjson", GOOD, "trades")
    (inbox.folder() / "link.ndjson").symlink_to(file)  # to a good file, and still not read
    (inbox.folder() / "folder.ndjson").mkdir()
    os.mkfifo(inbox.folder() / "pipe.ndjson")
    assert findings(inbox) == [
        ("LAND-LINK", f"drop folder: {name}.ndjson", "", None)
        for name in ("folder", "link", "pipe")
    ]


def test_a_file_without_read_permission(tmp_path, monkeypatch):
    inbox = Inbox(tmp_path)
    inbox.deliver("good.ndjson", GOOD, "trades")
    inbox.deliver("shut.ndjson", GOOD, "trades", sequence=2)
    really_open = os.open

    def refuse(name, *arguments, **options):
        if name == "shut.ndjson":  # the tests may run as root, whom no permission stops
            raise PermissionError(13, "Permission denied")
        return really_open(name, *arguments, **options)

    monkeypatch.setattr(drop_folder.os, "open", refuse)
    assert findings(inbox) == [("LAND-LINK", "drop folder: shut.ndjson", "", None)]
