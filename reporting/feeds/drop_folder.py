"""Access to the drop folder, which outsiders write to.

Every access goes through a folder descriptor and follows no links, so a name can reach only a
plain file directly inside the folder. No other module opens a file by a name that a sender chose.
"""

import errno
import os
import re
import stat
from contextlib import contextmanager
from datetime import date
from pathlib import Path

SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}", re.ASCII)
_DAY_NAME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_SHOWN_CHARACTERS = 120
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# O_NONBLOCK: the file may be replaced by a pipe after the check; opening it must not hang.
_FILE_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NOT_OPENABLE = {errno.ELOOP, errno.ENXIO, errno.ENODEV, errno.EACCES, errno.EPERM, errno.ENOENT}


class NotPlain(Exception):
    """The name is not a plain, readable file. The message says what it is."""


def shown(name: str) -> str:
    """A file name for messages: printable ASCII of limited length."""
    raw = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    safe = raw.encode("unicode_escape").decode("ascii")
    return safe if len(safe) <= _SHOWN_CHARACTERS else safe[:_SHOWN_CHARACTERS] + "..."


def list_days(inbox: Path) -> list[date]:
    """The business dates that have a folder in the inbox, in order."""
    days = []
    with os.scandir(inbox) as entries:
        for entry in entries:
            if _DAY_NAME.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                try:
                    days.append(date.fromisoformat(entry.name))
                except ValueError:  # 2025-02-30 is not a date
                    continue
    return sorted(days)


def folder_changed_ns(inbox: Path, business_date: date) -> int:
    """When a name in a day's folder was last added, renamed or removed; 0 without a folder.

    This is the change time of the folder itself, which a sender cannot set.
    """
    try:
        return (inbox / business_date.isoformat()).lstat().st_ctime_ns
    except FileNotFoundError:
        return 0


@contextmanager
def opened(inbox: Path, business_date: date):
    """The folder of a business date as a ``DropFolder``, or None if there is none.

    Raises NotPlain if the name belongs to something other than a folder.
    """
    inbox_descriptor = os.open(inbox, _FOLDER_FLAGS)
    try:
        descriptor = os.open(
            business_date.isoformat(), _FOLDER_FLAGS | os.O_NOFOLLOW, dir_fd=inbox_descriptor
        )
    except FileNotFoundError:
        descriptor = None
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENOTDIR):
            raise
        raise NotPlain("the folder of the day is a link or a file") from error
    finally:
        os.close(inbox_descriptor)
    if descriptor is None:
        yield None
        return
    try:
        yield DropFolder(descriptor)
    finally:
        os.close(descriptor)


class DropFolder:
    """An open folder of one business date."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def names(self) -> list[str]:
        """All names, sorted by their bytes; bytes that are not UTF-8 become surrogates."""
        return sorted(os.listdir(self._descriptor), key=os.fsencode)

    def kind(self, name: str) -> str | None:
        """None for a plain file, else a description such as "a pipe"."""
        try:
            mode = os.stat(name, dir_fd=self._descriptor, follow_symlinks=False).st_mode
        except FileNotFoundError:
            return "gone since the folder was listed"
        return _kind(mode)

    def changed_ns(self, name: str) -> int:
        """When a file last changed, by the clock of this machine; 0 if it is absent."""
        try:
            return os.stat(name, dir_fd=self._descriptor, follow_symlinks=False).st_ctime_ns
        except FileNotFoundError:
            return 0

    @contextmanager
    def open(self, name: str):
        """A plain file as an unbuffered binary stream. Raises NotPlain for anything else."""
        try:
            if kind := self.kind(name):
                raise NotPlain(kind)
            descriptor = os.open(name, _FILE_FLAGS, dir_fd=self._descriptor)
        except OSError as error:
            if error.errno not in _NOT_OPENABLE:
                raise
            raise NotPlain(f"cannot be opened: {os.strerror(error.errno)}") from error
        with open(descriptor, "rb", buffering=0) as source:
            if kind := _kind(os.fstat(descriptor).st_mode):
                raise NotPlain(kind)
            yield source


def _kind(mode: int) -> str | None:
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    if stat.S_ISDIR(mode):
        return "a folder"
    if stat.S_ISFIFO(mode):
        return "a pipe"
    return "a socket or device"
