"""What tests of packs hand to the child process that renders."""

from reporting.packs import api

PROVENANCE = {"Landed files": "lake snapshot 12", "Recomputed tables": "lake snapshot 14"}


def plain(tables: dict) -> dict:
    """Tables with dates as text: what travels to the child process."""
    return {name: api._plain_rows(name, rows) for name, rows in tables.items()}
