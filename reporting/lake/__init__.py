"""The DuckLake: Parquet data, SQL catalog, one commit per stage and business date.

``connection``  attach, lock down, commit, read as of a snapshot
``schema``      create missing tables, add missing columns
``statements``  the only place where SQL is composed, from checked names
``selects``     the SELECTs of ``sql/``
``recovery``    undo a killed commit before a read-only connection
``statistics``  statistics of empty tables for DuckLake
``extensions``  DuckDB's extensions from their wheels
"""

from reporting.lake.connection import Lake, Snapshot, open_lake, open_newest
from reporting.lake.schema import ensure_tables

__all__ = ["Lake", "Snapshot", "ensure_tables", "open_lake", "open_newest"]
