"""Sizes of the benchmarks: those of the figures, and small ones that show whether a part runs."""

import os
from typing import TypeVar

SMALL = "BENCH_SMALL"
"""Environment variable that ``--small`` sets, before the parts are imported."""

_Size = TypeVar("_Size")


def full_or_small(full: _Size, small: _Size) -> _Size:
    """The size of this run. Times of small runs say nothing about the full ones."""
    return small if os.environ.get(SMALL) else full
