"""Copies in memory of lake tables hold what the lake holds, whatever happens to it.

That days run with copies give the rows of days run without is seen in test_rerun.py: its venue
was run in one process, the last date again in another.
"""

from collections.abc import Iterator
from datetime import date

import pytest

from reporting.engine import lake_copies as history
from reporting.engine.day import Day, Workbench
from reporting.lake import Lake, ensure_tables, open_lake
from reporting.settings import Settings

MON, TUE, WED = date(2026, 5, 4), date(2026, 5, 5), date(2026, 5, 6)
NAME = "recompute.sizes"
COLUMNS = {"business_date": "DATE", "ticker": "VARCHAR", "qty": "BIGINT"}
ALL = "SELECT business_date, ticker, qty FROM recompute.sizes WHERE business_date <= $business_date"


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path, input=tmp_path / "in", threads=1)


@pytest.fixture
def bench(settings) -> Iterator[Workbench]:
    with open_lake(settings) as lake:
        ensure_tables(lake, {NAME: COLUMNS})
        yield Workbench(lake)


def _commit(day: Day, ticker: str, qty: int, rows: int = 1, again: bool = False) -> None:
    day.start(day.lake.snapshot_id())
    with day.reading():
        values = ", ".join(f"('{ticker}', {qty})" for _ in range(rows))
        day.connection.execute(f"CREATE OR REPLACE TEMP TABLE made(ticker, qty) AS VALUES {values}")
        day.put_rows(NAME, "made")
        day.query(ALL).fetchall()
    with day.lake.commit("recompute", day.business_date, "sizes"):
        if again:
            day.clear(NAME)
        day.write(NAME)
    day.committed(day.lake.snapshot_id())


def _seen(day: Day) -> list[tuple]:
    day.start(day.lake.snapshot_id())
    with day.reading():
        return sorted(day.query(ALL).fetchall())


def _copied(day: Day) -> bool:
    return history.copy_name(NAME) in day.local(ALL)


def _in_lake(lake: Lake) -> list[tuple]:
    return sorted(lake.connection.execute(f"SELECT * FROM lake.{NAME}").fetchall())


def test_the_first_day_reads_the_lake_and_later_ones_a_copy(bench):
    monday = bench.day(MON)
    _commit(monday, "A", 1)
    assert not _copied(monday)
    tuesday = bench.day(TUE)
    _commit(tuesday, "B", 2)
    assert _copied(tuesday)
    assert _seen(tuesday) == [(MON, "A", 1), (TUE, "B", 2)] == _in_lake(bench.lake)
    wednesday = bench.day(WED)
    assert _seen(wednesday) == [(MON, "A", 1), (TUE, "B", 2)]
    _commit(wednesday, "C", 3)
    assert _seen(wednesday) == _in_lake(bench.lake)


def test_a_date_run_again_replaces_its_rows_in_the_copy(bench):
    _commit(bench.day(MON), "A", 1)
    _commit(bench.day(TUE), "B", 2)
    _commit(bench.day(MON), "A", 9, again=True)
    assert _seen(bench.day(TUE)) == [(MON, "A", 9), (TUE, "B", 2)] == _in_lake(bench.lake)


def test_what_is_rolled_back_is_in_no_copy(bench):
    _commit(bench.day(MON), "A", 1)
    tuesday = bench.day(TUE)
    with pytest.raises(ZeroDivisionError), tuesday.reading():
        assert tuesday.query(ALL).fetchall() == [(MON, "A", 1)]
        raise ZeroDivisionError
    # The copy was made in a transaction that is gone, and is made again.
    assert _seen(tuesday) == [(MON, "A", 1)]
    with (
        pytest.raises(ZeroDivisionError),
        tuesday.lake.commit("recompute", TUE, "sizes"),
    ):
        tuesday.clear(NAME)
        tuesday.put_nothing(NAME)
        tuesday.write(NAME)
        raise ZeroDivisionError
    assert _seen(tuesday) == [(MON, "A", 1)] == _in_lake(bench.lake)


def test_commits_of_somebody_else_make_the_copies_void(bench):
    _commit(bench.day(MON), "A", 1)
    tuesday = bench.day(TUE)
    assert _seen(tuesday) == [(MON, "A", 1)] and _copied(tuesday)
    with bench.lake.commit("recompute", MON, "by another process"):
        bench.lake.connection.execute(f"INSERT INTO lake.{NAME} VALUES ('2026-05-04', 'Z', 7)")
    assert _seen(tuesday) == [(MON, "A", 1), (MON, "Z", 7)]


def test_a_long_table_is_read_in_the_lake(bench, monkeypatch):
    """Three rows are the most: the table is too long when first read, or becomes so."""
    monkeypatch.setattr(history, "MAX_ROWS", 3)
    _commit(bench.day(MON), "A", 1, rows=2)
    tuesday = bench.day(TUE)
    _seen(tuesday)
    assert _copied(tuesday)
    _commit(tuesday, "B", 2, rows=2)
    assert not _copied(tuesday) and len(_seen(tuesday)) == 4
    fresh = Workbench(bench.lake)
    fresh.day(MON)
    assert len(_seen(fresh.day(TUE))) == 4
    assert not _copied(fresh.day(TUE))
