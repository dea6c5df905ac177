"""Collateral of accounts after the haircuts of the schedule in force."""

from collections.abc import Iterable

import numpy as np

from reporting.model.margin import collateral_value_centicents
from reporting.pipeline.day_book import DayBook


def collateral_after_haircut(book: DayBook, holdings: Iterable[tuple[str, str, int]]) -> np.ndarray:
    """Value per account of the book, int64[accounts] centicents; each holding is rounded down.

    ``holdings``: account, asset type, value in centicents. The haircut of the schedule counts,
    not the one that the feed states; an asset type that the schedule does not know is worth
    nothing, and so is a value that is not positive.
    """
    value = np.zeros(len(book.account_ids), dtype=np.int64)
    for account, asset_type, centicents in holdings:
        if account in book.account_index and centicents > 0:
            haircut = book.schedule.haircuts_bps.get(asset_type, 10_000)
            value[book.account_index[account]] += collateral_value_centicents(centicents, haircut)
    return value
