"""Durable writes: the old file or the new one, whole, and nothing left beside it."""

import os

import pytest

from reporting import files


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "place" / "record.json"
    path.parent.mkdir()
    path.write_text("old")
    return path


def test_text_and_bytes_replace_what_is_there(path):
    files.write(path, "größer\n")
    assert path.read_bytes() == b"gr\xc3\xb6\xc3\x9fer\n"
    files.write(path, b"\x00\r\n")
    assert path.read_bytes() == b"\x00\r\n"
    assert os.listdir(path.parent) == ["record.json"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_what_fails_before_the_rename_leaves_the_old_file_alone(path, monkeypatch, call):
    """A full disk, for example."""

    def full(*_):
        raise OSError("no space")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match="no space"):
        files.write(path, "new")
    assert path.read_text() == "old"
    assert os.listdir(path.parent) == ["record.json"]


def test_the_bytes_are_on_disk_before_the_name_and_the_name_before_the_return(path, monkeypatch):
    calls = []
    fsync, replace = os.fsync, os.replace

    def synced(descriptor):
        calls.append("folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "file")
        fsync(descriptor)

    def renamed(source, target):
        calls.append("rename")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", renamed)
    files.write(path, "new")
    assert calls == ["file", "rename", "folder"]


def test_the_temporary_file_may_lie_in_another_folder(path, tmp_path, monkeypatch):
    """A drop folder shows no half-written file, not even under another name."""
    seen = []
    replace = os.replace

    def watched(source, target):
        seen.append((os.listdir(path.parent), os.path.dirname(source)))
        replace(source, target)

    monkeypatch.setattr(os, "replace", watched)
    files.write(path, "new", tmp_path)
    assert seen == [(["record.json"], str(tmp_path))]
    assert path.read_text() == "new"
