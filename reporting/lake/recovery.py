"""Undo a killed commit in the SQLite catalog before a read-only connection.

SQLite keeps the pages that a commit overwrites in a journal beside the file. After a kill the next
connection puts them back, if it may write; one that may only read is refused instead.
"""

import contextlib
import sqlite3
from pathlib import Path


def undo_killed_commit(catalog: Path) -> None:
    """Restore the pages that a killed commit had overwritten; without a journal, do nothing.

    A commit that is alive holds a lock, and SQLite leaves its journal alone. Where this
    process may not write, attaching the catalog reports the fault.
    """
    if not catalog.with_name(f"{catalog.name}-journal").exists():
        return
    uri = f"{catalog.resolve().as_uri()}?mode=rw"
    with (
        contextlib.suppress(sqlite3.OperationalError),
        contextlib.closing(sqlite3.connect(uri, uri=True)) as connection,
    ):
        connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
