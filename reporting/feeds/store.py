"""The content-addressed store: every input file is kept once, read-only, under its hash.

An object is ``<root>/<first two digits>/<sha256>``. It is written to a temporary file and put in
place durably, so every name under the root stands for complete bytes on disk. A killed run
leaves only a file in ``<root>/tmp``, which is ignored.
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
    """The bytes of a stored object do not match its name."""


class TooLarge(Exception):
    """The source has more bytes than allowed; nothing was kept."""


@dataclass(frozen=True)
class Stored:
    """An object: its hash in lower-case hex and its size in bytes."""

    sha256: str
    bytes: int


class Store:
    """The objects under ``root``. The folder is created when first needed."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def path(self, sha256: str) -> Path:
        """The path of the object with this hash, whether or not it exists.

        Raises ValueError for anything but 64 lower-case hex digits.
        """
        if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
            raise ValueError("not a SHA-256 in lower-case hex")
        return self.root / sha256[:2] / sha256

    def keep(self, read: Callable[[int], bytes], max_bytes: int) -> Stored:
        """Copy everything that ``read(block size)`` returns into the store.

        Raises TooLarge beyond ``max_bytes``, and StoreError if the store already has an object
        of that hash with other bytes.
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
        """Read an object; raise StoreError unless its bytes hash to its name."""
        with open(self.path(sha256), "rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
        if digest != sha256:
            raise StoreError(
                f"store object {sha256} is damaged (its bytes hash to {digest}): "
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
