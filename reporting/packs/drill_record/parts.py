"""Shared by the sections of a drill record: its tables, and how its bids are called."""

from collections.abc import Iterable

from reporting.packs.document.tables import Table, table

TOP = 40
"""Rows of a long table that are printed."""


def simulated(record: dict) -> str:
    return "SIMULATED bids" if record["auction"]["bids_are"] != "feed" else "bids of the feed"


def record_table(title: str, rows: Iterable[dict], columns: tuple, empty: str, **more) -> Table:
    return table(title, "record.json", list(rows), columns, empty, **more)
