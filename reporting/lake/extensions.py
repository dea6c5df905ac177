"""DuckDB's lake extensions, loaded from the pinned wheels, never from the network."""

from importlib.resources import files
from pathlib import Path

import duckdb

from reporting.errors import UserError

_PACKAGES = {
    "ducklake": "duckdb_extension_ducklake",
    "sqlite": "duckdb_extension_sqlite_scanner",
    "postgres": "duckdb_extension_postgres_scanner",
}


def load_extensions(connection: duckdb.DuckDBPyConnection, *names: str) -> None:
    """Load extensions by short name; DuckDB checks their signature and version."""
    for name in names:
        root = Path(str(files(_PACKAGES[name])))
        found = sorted(root.rglob("*.duckdb_extension"))
        if not found:
            raise UserError(f"the extension wheel for {name} is empty; run `make setup` again")
        connection.load_extension(str(found[0]))
