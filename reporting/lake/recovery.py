"""What a killed commit left in the SQLite catalog is undone before somebody only reads.

SQLite keeps the pages that a commit overwrites in a journal beside the file. After a kill the next
connection puts them back, if it may write; one that may only read is refused instead.
"""

import contextlib
import sqlite3
from pathlib import Path


def undo_killed_commit(catalog: Path) -> None:
    """Put back what a killed commit had overwritten; nothing to do without a journal.

    A commit that is alive holds a lock, and SQLite leaves its journal alone. Where this
    process may not write, attaching the catalog says what is wrong.
    """
    if not catalog.with_name(f"{catalog.name}-journal").exists():
        return
    uri = f"{catalog.resolve().as_uri()}?mode=rw"
    with (
        contextlib.suppress(sqlite3.OperationalError),
        contextlib.closing(sqlite3.connect(uri, uri=True)) as connection,
    ):
        connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
