"""The DuckLake: Parquet data, SQL catalog, one commit per stage and business date.

``connection``  attach, lock down, commit, read as of a snapshot
``schema``      the tables of a lake brought to what the code says
``statements``  the only place where SQL is put together, from names that are checked
``recovery``    what a killed commit left is undone before somebody only reads
``statistics``  what DuckLake is told of tables without rows
``extensions``  DuckDB's extensions from their wheels
"""

from reporting.lake.connection import Lake, Snapshot, open_lake, open_newest
from reporting.lake.schema import ensure_tables

__all__ = [
    "Lake",
    "Snapshot",
    "ensure_tables",
    "open_lake",
    "open_newest",
]
