"""Numbers written by columns read like numbers written one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reporting.simulator import text

WHOLE = st.lists(st.integers(-(10**17), 10**17), min_size=1, max_size=20)


def _lines(cells) -> list[str]:
    return text.csv_rows(len(cells), [cells]).decode().split("\r\n")[:-1]


@given(WHOLE)
def test_whole_numbers(values):
    assert _lines(text.decimal(np.array(values))) == [str(value) for value in values]


@given(WHOLE)
def test_decimals_keep_every_place(values):
    expected = [
        f"{'-' if value < 0 else ''}{abs(value) // 10_000}.{abs(value) % 10_000:04d}"
        for value in values
    ]
    assert _lines(text.decimal(np.array(values), 4)) == expected


def test_cells_of_unequal_width_are_laid_side_by_side():
    rows = text.csv_rows(2, [text.table(["A", "BCD"]), b"x", text.decimal(np.array([-5, 12]))])
    assert rows == b"A,x,-5\r\nBCD,x,12\r\n"


def test_times_are_utc_with_microseconds():
    # 1 January 2026 00:00:00 UTC is 1,767,225,600 seconds after the epoch.
    cells = text.utc_times(np.array([1_767_225_600_000_042]))
    assert _lines(cells) == ["2026-01-01T00:00:00.000042Z"]
