"""A commit that is killed after it began to write into the catalog leaves no trace for readers."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from reporting.errors import UserError
from reporting.lake import ensure_tables, open_lake
from reporting.settings import Settings

TABLES = {"land.sent": {"business_date": "DATE", "name": "VARCHAR"}}

# Writes pages of an open transaction into the file, as SQLite does when its cache is full.
HALF_A_COMMIT = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN")
connection.execute("CREATE TABLE filler AS SELECT randomblob(4000) AS page FROM ducklake_column")
connection.execute("UPDATE ducklake_column SET column_name = 'half written'")
connection.execute("INSERT INTO filler SELECT page FROM filler")
print("half", flush=True)
time.sleep(600)
"""


@pytest.fixture
def killed(tmp_path) -> Settings:
    """A lake whose last writer was killed in the middle of a commit."""
    settings = Settings(home=tmp_path / "home", input=tmp_path / "in", threads=1)
    settings.home.mkdir()
    with open_lake(settings) as lake:
        ensure_tables(lake, TABLES)
    catalog = str(settings.lake_catalog)
    writer = subprocess.Popen(
        [sys.executable, "-c", HALF_A_COMMIT, catalog], stdout=subprocess.PIPE, text=True
    )
    with writer.stdout as said:
        assert said.readline() == "half\n"
    writer.kill()
    writer.wait()
    return settings


def _journal(settings: Settings) -> Path:
    return settings.lake_catalog.with_name(f"{settings.lake_catalog.name}-journal")


def test_a_reader_sees_the_lake_as_before_the_killed_commit(killed):
    # What the reader would meet: SQLite refuses who may not write.
    uri = f"{killed.lake_catalog.as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(uri, uri=True)) as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        connection.execute("SELECT COUNT(*) FROM ducklake_column")

    with open_lake(killed, read_only=True) as lake:
        assert lake.columns() == TABLES
    assert not _journal(killed).exists()
    with closing(sqlite3.connect(killed.lake_catalog)) as connection:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert "filler" not in tables


def test_a_journal_that_cannot_be_undone_is_one_line(killed):
    _journal(killed).unlink()
    _journal(killed).mkdir()
    with pytest.raises(UserError, match=r"catalog .* cannot be opened: .*\Z") as error:
        open_lake(killed, read_only=True)
    assert "\n" not in str(error.value)
