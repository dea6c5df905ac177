"""Durable writes: a reader sees the old file or the new one, never a part, and a crash loses none.

Every file of which somebody may read a half goes through here.
"""

import os
from pathlib import Path


def write(path: Path, content: bytes | str, temporary_folder: Path | None = None) -> None:
    """Write a whole file, text as UTF-8.

    The temporary file lies beside ``path``, or in ``temporary_folder`` on the same disk.
    """
    temporary = (temporary_folder or path.parent) / f".{path.name}.part"
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        temporary.write_bytes(data)
        put(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def put(finished: Path, path: Path) -> None:
    """Move a finished file to its name on the same disk, replacing what has it, and sync both."""
    sync(finished)
    os.replace(finished, path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Force a file, or the names in a folder, onto the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
