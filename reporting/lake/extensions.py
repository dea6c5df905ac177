"""DuckDB's lake extensions, loaded from the pinned wheels, never from the network."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import duckdb

from reporting.errors import UserError

_PACKAGES = {
    "ducklake": "duckdb_extension_ducklake",
    "sqlite": "duckdb_extension_sqlite_scanner",
    "postgres": "duckdb_extension_postgres_scanner",
}

# Files whose signature DuckDB has checked in this process, as they were then.
_CHECKED: set[tuple[Path, int, int, int]] = set()


def connect_with(config: Mapping[str, str | int | bool], *names: str) -> duckdb.DuckDBPyConnection:
    """A new database with extensions, given by short name; DuckDB checks signature and version.

    The signature is checked once per process. A check hashes 35 MB and takes half a second per
    database. A loaded library stays in the process, so a later database runs the code that was
    checked, not the file.
    """
    paths = [_file(name) for name in names]
    known = [_as_it_is(path) for path in paths]
    checked = _CHECKED.issuperset(known)
    connection = duckdb.connect(config={**config, "allow_unsigned_extensions": checked})
    try:
        for path in paths:
            connection.load_extension(str(path))
        # Once off, DuckDB lets nobody switch it on again.
        connection.execute("SET allow_unsigned_extensions = false")
    except BaseException:
        connection.close()
        raise
    _CHECKED.update(known)
    return connection


def _file(name: str) -> Path:
    root = Path(str(files(_PACKAGES[name])))
    extensions = sorted(root.rglob("*.duckdb_extension"))
    if not extensions:
        raise UserError(f"the extension wheel for {name} is empty; run `make setup` again")
    return extensions[0]


def _as_it_is(path: Path) -> tuple[Path, int, int, int]:
    """The identity of a file: it changes when another file replaces it."""
    state = path.stat()
    return path, state.st_ino, state.st_size, state.st_mtime_ns
