"""A lake that older code wrote gains the tables and columns of the code that opens it."""

from datetime import date

import pytest

from reporting.errors import UserError
from reporting.lake import Lake, ensure_tables, open_lake
from reporting.settings import Settings

FIRST, SECOND = date(2026, 5, 4), date(2026, 5, 5)
TRADES = {"business_date": "DATE", "qty": "BIGINT"}
SUMS = TRADES


@pytest.fixture
def settings(tmp_path) -> Settings:
    """A lake with rows of the first date, as code from before made it."""
    settings = Settings(home=tmp_path, input=tmp_path / "in", threads=1)
    with open_lake(settings) as lake:
        ensure_tables(lake, {"land.trades": TRADES, "recompute.sums": SUMS})
        _add(lake, "land.trades", FIRST, 7)
        _add(lake, "recompute.sums", FIRST, 7)
    return settings


def _add(lake: Lake, table: str, *row: object) -> None:
    with lake.commit(table.partition(".")[0], str(row[0]), "a row"):
        marks = ", ".join("?" for _ in row)
        lake.connection.execute(f"INSERT INTO lake.{table} VALUES ({marks})", row)


def test_columns_are_added_and_earlier_rows_have_none(settings) -> None:
    trades = {**TRADES, "side": "VARCHAR"}
    sums = {**SUMS, "side": "VARCHAR", "trades": "BIGINT"}
    with open_lake(settings) as lake:
        ensure_tables(lake, {"land.trades": trades, "recompute.sums": sums})
        assert lake.columns()["recompute.sums"] == {
            "business_date": "DATE",
            "qty": "BIGINT",
            "side": "VARCHAR",
            "trades": "BIGINT",
        }
        _add(lake, "land.trades", SECOND, 9, "buy")
        _add(lake, "recompute.sums", SECOND, 9, "buy", 1)
    with open_lake(settings, read_only=True) as lake:
        read = lake.connection.execute("SELECT * FROM recompute.sums ORDER BY 1").fetchall()
        assert read == [(FIRST, 7, None, None), (SECOND, 9, "buy", 1)]
        for column in ("side", "trades"):
            before = lake.connection.execute(
                f"SELECT business_date FROM recompute.sums WHERE {column} IS NULL"
            ).fetchall()
            assert before == [(FIRST,)]


def test_nothing_is_committed_where_nothing_is_missing(settings) -> None:
    with open_lake(settings) as lake:
        before = lake.snapshot_id()
        ensure_tables(lake, {"land.trades": TRADES, "recompute.sums": SUMS})
        assert lake.snapshot_id() == before


def test_a_column_of_another_type_is_refused(settings) -> None:
    with open_lake(settings) as lake, pytest.raises(UserError) as refused:
        ensure_tables(lake, {"land.trades": {**TRADES, "qty": "VARCHAR"}})
    assert "land.trades: column qty is stored as BIGINT, the code says VARCHAR" in str(
        refused.value
    )
