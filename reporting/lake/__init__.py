"""The DuckLake: Parquet data, SQL catalog, one commit per stage and business date.

``connection``  attach, lock down, commit, read as of a snapshot
``statements``  the only place where SQL is put together, from names that are checked
``recovery``    what a killed commit left is undone before somebody only reads
``statistics``  what DuckLake is told of tables without rows
``extensions``  DuckDB's extensions from their wheels
"""

from reporting.lake.connection import Lake, Snapshot, open_lake, open_newest

__all__ = ["Lake", "Snapshot", "open_lake", "open_newest"]
