"""The DuckLake: Parquet data, SQL catalog, one commit per stage and business date."""

from reporting.lake.connection import Lake, Snapshot, open_lake

__all__ = ["Lake", "Snapshot", "open_lake"]
