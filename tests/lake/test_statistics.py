"""Tables without rows have statistics, and rows change them to what they would have been."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from reporting.lake import Lake, ensure_tables, open_lake, schema
from reporting.settings import Settings

TABLES = {
    "land.never": {"business_date": "DATE", "name": "VARCHAR"},
    "land.later": {"business_date": "DATE", "qty": "BIGINT", "name": "VARCHAR", "made": "BOOLEAN"},
}
DAY = date(2026, 5, 4)


def _run(home: Path) -> dict[str, list[tuple]]:
    """Two commits into one of two tables; the statistics of both before and after."""
    found = {}
    settings = Settings(home=home, input=home / "in", threads=1)
    with open_lake(settings) as lake:
        ensure_tables(lake, TABLES)
    found["before"] = _statistics(settings)
    # Twelve rows go into a file of their own, one into the catalog.
    for number, rows in enumerate((12, 1)):
        with open_lake(settings) as lake:
            assert _counts(lake) == (0, 12 * number)
            with lake.commit("land", DAY, "rows"):
                lake.connection.execute(
                    "INSERT INTO lake.land.later"
                    " SELECT ?, n * 10, if(n = 3, NULL, 'n' || n), NULL FROM range(?) r(n)",
                    [DAY, rows],
                )
            assert _counts(lake) == (0, 12 * number + rows)
            nulls = "SELECT count(*) FROM lake.land.later WHERE name IS NULL"
            assert lake.connection.execute(nulls).fetchall() == [(1,)]
    found["after"] = _statistics(settings)
    return found


def _counts(lake: Lake) -> tuple[int, int]:
    return tuple(
        lake.connection.execute(f"SELECT count(*) FROM lake.{name}").fetchone()[0]
        for name in TABLES
    )


def _statistics(settings: Settings) -> list[tuple]:
    with closing(sqlite3.connect(settings.lake_catalog)) as catalog:
        return catalog.execute(
            "SELECT table_name, record_count, column_name, contains_null, min_value, max_value"
            " FROM ducklake_table JOIN ducklake_table_stats USING (table_id)"
            " JOIN ducklake_table_column_stats USING (table_id)"
            " JOIN ducklake_column USING (table_id, column_id) ORDER BY 1, column_order"
        ).fetchall()


def test_empty_tables_have_statistics_that_rows_are_added_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = _run(tmp_path / "ours")
    assert ours["before"] == [
        (table.partition(".")[2], 0, column, 0, None, None)
        for table in sorted(TABLES)
        for column in TABLES[table]
    ]
    # What the same rows give where DuckLake was told nothing.
    monkeypatch.setattr(schema, "say_which_are_empty", lambda *_: None)
    alone = _run(tmp_path / "alone")
    assert alone["before"] == []
    assert (
        [row for row in ours["after"] if row[0] == "later"]
        == alone["after"]
        == [
            ("later", 13, "business_date", 0, "2026-05-04", "2026-05-04"),
            ("later", 13, "qty", 0, "0", "110"),
            ("later", 13, "name", 1, "n0", "n9"),
            ("later", 13, "made", 1, None, None),
        ]
    )
