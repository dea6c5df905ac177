"""Nothing in the drop folder is opened but plain files, and nothing outside it is read."""

import os
import shutil
import socket

import pytest

from feeds.delivery import DAY, TRADE, Inbox, read, rules, trade
from reporting.feeds.api import list_days
from reporting.feeds.records import Status

GOOD = trade() + "\n"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("'; DROP TABLE land.files; --.ndjson", "'; DROP TABLE land.files; --.ndjson"),
        ('a"b.ndjson', 'a"b.ndjson'),
        ("*.ndjson", "*.ndjson"),
        ("t?[ab].ndjson", "t?[ab].ndjson"),
        ("..trades.ndjson", "..trades.ndjson"),
        (".hidden.ndjson", ".hidden.ndjson"),
        ("new\nline.ndjson", "new\\nline.ndjson"),
        ("a b.ndjson", "a b.ndjson"),
        ("$(touch pwned).ndjson", "$(touch pwned).ndjson"),
        ("trades: x.ndjson", "trades: x.ndjson"),
        ("tr\u00e4des.ndjson", "tr\\xe4des.ndjson"),
        ("\u202egnp.ndjson", "\\u202egnp.ndjson"),
    ],
)
def test_a_hostile_name_is_a_finding_and_the_rest_lands(
    inbox: Inbox, name: str, shown: str
) -> None:
    inbox.deliver("good.ndjson", GOOD, "trades")
    inbox.deliver(name, GOOD, "trades", sequence=2)
    landing = inbox.land()
    assert [(file.name, file.status) for file in landing.files] == [("good.ndjson", "LANDED")]
    assert set(rules(landing)) == {
        ("LAND-NAME", f"drop folder: {shown}"),
        ("LAND-NAME", f"drop folder: {shown}.manifest.json"),
    }
    assert read(landing).rows("trades", "trade_id") == [("t-1",)]


def test_a_name_that_is_not_utf_8(inbox: Inbox) -> None:
    (inbox.folder() / os.fsdecode(b"\xff\xfe.csv")).write_bytes(b"x")
    assert rules(inbox.land()) == [("LAND-NAME", "drop folder: \\\\xff\\\\xfe.csv")]


def test_a_long_name_is_shown_short(inbox: Inbox) -> None:
    (inbox.folder() / ("a" * 250)).write_bytes(b"x")
    ((rule, subject),) = rules(inbox.land())
    assert rule == "LAND-NAME"
    assert len(subject) < 150


def test_nothing_outside_is_read(inbox: Inbox) -> None:
    """A canary outside, with a right manifest inside, reached by every kind of link."""
    canary = inbox.root / "canary.ndjson"
    canary.write_text(GOOD)
    name = inbox.deliver("link.ndjson", GOOD, "trades")
    name.unlink()
    name.symlink_to(canary)
    os.utime(canary, (0, 0))  # an old access time moves on with any read
    outside = inbox.root / "outside"
    outside.mkdir()
    shutil.move(str(inbox.folder() / "link.ndjson.manifest.json"), outside / "m.json")
    (inbox.folder() / "link.ndjson.manifest.json").symlink_to(outside / "m.json")
    (inbox.folder() / "sub").symlink_to(outside)
    landing = inbox.land()
    assert landing.files == []
    assert {rule for rule, _ in rules(landing)} == {"LAND-LINK"}
    assert len(rules(landing)) == 3
    assert canary.stat().st_atime == 0
    assert not (inbox.root / "store").exists()


def test_a_folder_of_the_day_that_is_a_link(inbox: Inbox) -> None:
    elsewhere = inbox.root / "elsewhere"
    inbox.deliver("t.ndjson", GOOD, "trades").parent.rename(elsewhere)
    (inbox.root / "inbox" / DAY.isoformat()).symlink_to(elsewhere)
    landing = inbox.land()
    assert (landing.files, rules(landing)) == ([], [("LAND-LINK", f"drop folder: {DAY}")])
    assert list_days(inbox.root / "inbox") == []


def test_pipes_folders_and_sockets_do_not_hang(inbox: Inbox) -> None:
    os.mkfifo(inbox.folder() / "pipe.csv")
    (inbox.folder() / "folder.csv").mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        directory = os.open(inbox.folder(), os.O_RDONLY)
        try:  # a socket's path may have 108 bytes only, so bind it by a short one
            listener.bind(f"/proc/self/fd/{directory}/socket.csv")
        finally:
            os.close(directory)
        found = dict.fromkeys(finding.detail for finding in inbox.land().findings)
    assert {detail for detail in found if "plain" in detail} == {
        "is a pipe; only plain files are read",
        "is a folder; only plain files are read",
        "is a socket or device; only plain files are read",
    }


def test_a_pipe_under_a_promised_name(inbox: Inbox) -> None:
    place = inbox.deliver("t.ndjson", GOOD, "trades")
    place.unlink()
    os.mkfifo(place)
    assert rules(inbox.land())[0] == ("LAND-LINK", "drop folder: t.ndjson")


def test_a_file_that_is_swapped_for_a_link_after_the_look(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race that O_NOFOLLOW is for: the look says plain file, then it is a link."""
    canary = inbox.root / "canary"
    canary.write_text(GOOD)
    place = inbox.deliver("t.ndjson", GOOD, "trades")
    place.unlink()
    place.symlink_to(canary)
    monkeypatch.setattr("reporting.feeds.drop_folder.DropFolder.kind", lambda *_: None)
    assert rules(inbox.land()) == [("LAND-LINK", "drop folder: t.ndjson")]


def test_list_days_gives_real_dates_in_order(inbox: Inbox) -> None:
    for name in ("2025-03-18", "2025-03-17", "2025-02-30", "20250319", ".fetch-2025-03-20"):
        (inbox.root / "inbox" / name).mkdir(parents=True)
    (inbox.root / "inbox" / "2025-03-21").write_text("no folder")
    assert [str(day) for day in list_days(inbox.root / "inbox")] == ["2025-03-17", "2025-03-18"]


def test_nothing_of_the_sender_stays_in_place(inbox: Inbox) -> None:
    inbox.deliver("t.ndjson", GOOD, "trades")
    (file,) = inbox.land().files
    assert file.status == Status.LANDED
    assert file.staged == inbox.root / "store" / file.file_sha256[:2] / file.file_sha256
    assert file.staged.stat().st_mode & 0o777 == 0o444
    assert TRADE["trade_id"] in file.staged.read_text()
    stored = {path.name for path in (inbox.root / "store").rglob("*") if path.is_file()}
    assert stored == {file.file_sha256, file.manifest_sha256}
