"""The content-addressed store: every input byte kept once, read-only, under its hash.

Objects lie at ``<root>/<first two digits>/<sha256>``. An object is written to a
temporary file, synced, renamed into place and its folder synced, so that a name under
the root always stands for whole, durable bytes. A run killed in between leaves only a
file in ``<root>/tmp``, which counts for nothing.
"""

import hashlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reporting import files

BLOCK_BYTES = 1 << 20


class StoreError(Exception):
    """An object of the store is not what its name says."""


class TooLarge(Exception):
    """The source gave more bytes than allowed; nothing was kept."""


@dataclass(frozen=True)
class Stored:
    """An object: its hash in lower-case hex and its size in bytes."""

    sha256: str
    bytes: int


class Store:
    """The objects under ``root``; the folder is made when first needed."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def path(self, sha256: str) -> Path:
        """Where the object with this hash lies, whether or not it exists.

        Raises ValueError for anything but 64 lower-case hex digits.
        """
        if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
            raise ValueError("not a SHA-256 in lower-case hex")
        return self.root / sha256[:2] / sha256

    def keep(self, read: Callable[[int], bytes], max_bytes: int) -> Stored:
        """Copy all that ``read(block size)`` gives into the store and return what it became.

        Raises TooLarge beyond ``max_bytes`` and StoreError where an object of that hash is
        already there with other bytes.
        """
        temporary_folder = self.root / "tmp"
        temporary_folder.mkdir(parents=True, exist_ok=True)
        temporary = temporary_folder / secrets.token_hex(16)
        digest, size = hashlib.sha256(), 0
        try:
            with open(temporary, "xb") as target:
                while block := read(BLOCK_BYTES):
                    size += len(block)
                    if size > max_bytes:
                        raise TooLarge(f"more than {max_bytes} bytes")
                    digest.update(block)
                    target.write(block)
                os.fchmod(target.fileno(), 0o444)
            stored = Stored(digest.hexdigest(), size)
            self._put(temporary, stored)
        finally:
            temporary.unlink(missing_ok=True)
        return stored

    def verify(self, sha256: str) -> None:
        """Read an object and raise StoreError unless its bytes give its name."""
        with open(self.path(sha256), "rb") as source:
            found = hashlib.file_digest(source, "sha256").hexdigest()
        if found != sha256:
            raise StoreError(
                f"store object {sha256} is damaged (its bytes hash to {found}): "
                "restore it from a backup, then run again"
            )

    def _put(self, temporary: Path, stored: Stored) -> None:
        place = self.path(stored.sha256)
        if place.exists():
            self.verify(stored.sha256)
            return
        if not place.parent.exists():
            place.parent.mkdir(exist_ok=True)
            files.sync(self.root)
        files.put(temporary, place)
