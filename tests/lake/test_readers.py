"""Somebody who reads the lake at length does not keep a run from committing."""

import subprocess
import sys
from datetime import date

import pytest

from reporting.lake import ensure_tables, open_lake, open_newest
from reporting.settings import Settings

DAY = date(2026, 5, 4)
# Longer than SQLite waits of its own (5 seconds).
SECONDS = 7
READER = """
import sys, time
from pathlib import Path
from reporting.lake import open_lake
from reporting.settings import Settings
with open_lake(Settings(home=Path(sys.argv[1]), input=Path("in")), read_only=True) as lake:
    with lake.reading():
        lake.connection.execute("SELECT count(*) FROM land.sizes").fetchall()
        print("reads", flush=True)
        time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def settings(tmp_path) -> Settings:
    settings = Settings(home=tmp_path, input=tmp_path / "in", threads=1)
    with open_lake(settings) as lake:
        ensure_tables(lake, {"land.sizes": {"business_date": "DATE", "qty": "BIGINT"}})
    return settings


def _commit(lake, rows: int) -> None:
    with lake.commit("land", DAY, "sizes"):
        lake.connection.execute(
            "INSERT INTO lake.land.sizes SELECT ?, n FROM range(?) AS r(n)", [DAY, rows]
        )


def _rows(lake) -> int:
    # All of it: a result that is not read to its end keeps its transaction open.
    ((rows,),) = lake.connection.execute("SELECT count(*) FROM lake.land.sizes").fetchall()
    return rows


@pytest.mark.slow
def test_a_commit_waits_for_a_transaction_that_reads(settings) -> None:
    command = [sys.executable, "-c", READER, str(settings.home), str(SECONDS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout.readline() == "reads\n"
        with open_lake(settings) as lake:
            _commit(lake, 20)
            assert _rows(lake) == 20
    assert reader.returncode == 0


def test_a_snapshot_is_read_while_others_commit(settings) -> None:
    with open_lake(settings) as writer:
        _commit(writer, 20)
        with open_newest(settings) as lake:
            assert _rows(lake) == 20
            _commit(writer, 5)
            assert _rows(lake) == 20
        with open_newest(settings) as lake:
            assert _rows(lake) == 25
