"""The backtest of the model on the real window: its statistics by hand, and how it is made.

    REPORTING_WINDOW_BOOKS=folder pytest tests/realdata/test_window_coverage.py

writes the books of both tapes to folder/temperature.csv and folder/macro.csv, in minutes. Run it
on the commit before a change of the model (this file with ``window_books`` copied there) and after
it; then, with the folder of the former,

    REPORTING_WINDOW_BOOKS=folder REPORTING_WINDOW_BEFORE=before pytest ...

prints the tables of both to folder/coverage.md.
"""

import os
from datetime import date
from pathlib import Path

import pytest

from realdata import window_books
from realdata.window_books import BookLoss
from realdata.window_tape import LOADED, WINDOW, macro_tape, temperature_tape
from reporting.clock import dates_between

BOOKS, BEFORE = "REPORTING_WINDOW_BOOKS", "REPORTING_WINDOW_BEFORE"
TAPES = {"temperature": temperature_tape, "macro": macro_tape}


@pytest.mark.slow
@pytest.mark.xdist_group("realdata-window")
def test_books_of_the_window_are_written(kalshi, tmp_path):
    if not os.environ.get(BOOKS):
        pytest.skip(f"{BOOKS}=folder writes the books of the window")
    from realdata.test_real_window import house_of

    folder = Path(os.environ[BOOKS])
    folder.mkdir(parents=True, exist_ok=True)
    for name, tape in TAPES.items():
        house = house_of(tape(kalshi, tmp_path / name / "tape"), tmp_path / name, LOADED[1])
        rows = window_books.book_losses(house, dates_between(*WINDOW))
        window_books.write(folder / f"{name}.csv", rows)
    if os.environ.get(BEFORE):
        from realdata.window_coverage import tables

        earlier = Path(os.environ[BEFORE])
        parts = []
        for name in TAPES:
            files = (place / f"{name}.csv" for place in (earlier, folder))
            parts.append(f"## {name}\n\n{tables(*(window_books.read(file) for file in files))}")
        (folder / "coverage.md").write_text("\n".join(parts))


def loss(day: int, margin: int, lost: int, worst_case: int = 10_000, **changes) -> BookLoss:
    """A long book from a day of 2025 on; lost in centicents."""
    usual = {"kind": "long", "book": "B", "cluster": f"c{day}", "days": 1}
    at = str(date.fromordinal(date(2025, 1, 1).toordinal() + day))
    return BookLoss(
        at,
        margin_centicents=margin,
        worst_case_centicents=worst_case,
        loss_micros=100 * lost,
        **usual | changes,
    )


def test_the_need_by_hand():
    """Of 100 books, one a day, 98 lose 40 % of margin, two 90 % and 130 %: the 99th is 90 %."""
    from realdata.window_coverage import coverage, need

    rows = [loss(day, 1_000, {5: 900, 7: 1_300}.get(day, 400)) for day in range(100)]
    found = need(rows)
    assert found.share == pytest.approx(0.9)
    # A trial has neither of the two with a chance of 13 %, and the worst twice or more with 26 %.
    assert found.by_date == pytest.approx((0.4, 1.3))
    assert found.by_cluster == found.by_date
    tests = coverage(rows, driven=True)
    assert (tests.items.breaches, tests.verdict, tests.draws) == (1, "open", 100)
    few = need(rows[:29])
    assert few.by_cluster is None and few.by_date is None


def test_books_at_their_worst_case_have_a_table_of_their_own(tmp_path):
    from realdata.window_coverage import tables

    rows = [loss(day, 1_000, 400) for day in range(40)]
    rows += [loss(day, 10_000, 10_050, book="F") for day in range(10)]
    file = tmp_path / "books.csv"
    window_books.write(file, rows)
    assert window_books.read(file) == rows
    text = tables(rows[:29], rows)
    assert "| long | ECM-1 | 29 | 29 | 29 | 0 | - | - | - | 29 of 30 dates, no verdict |" in text
    # No breach in 40 draws: 0.025^(1/40) = 0.9119.
    interval = "91.19% to 100.00%"
    assert f"| long | ECM-2 | 40 | 40 | 40 | 0 | 100.00% | {interval} | {interval} | open |" in text
    # Forty observations have no 99 % quantile but their maximum.
    assert "| long | ECM-2 | 40 | 10.00 | 4 | no verdict | - | - |" in text
    assert "| long | ECM-2 | 10 | 20% | 10 | 0.01 |" in text
