"""Collateral of accounts as the schedule in force values it."""

from collections.abc import Iterable

import numpy as np

from reporting.model.margin.initial_margin import collateral_value_centicents
from reporting.stages.recompute.day_book import DayBook


def collateral_after_haircut(book: DayBook, holdings: Iterable[tuple[str, str, int]]) -> np.ndarray:
    """Value per account of the book, int64[accounts] centicents; each holding is rounded down.

    ``holdings``: account, asset type, value in centicents. The haircut of the schedule counts,
    not that of the feed. Valued at zero: asset types absent from the schedule, assets whose value
    depends on an event in which the account has an open position, and values that are not
    positive.
    """
    tied = {
        asset: tied_holders(book, names) for asset, names in book.schedule.tied_collateral.items()
    }
    value = np.zeros(len(book.account_ids), dtype=np.int64)
    for account_id, asset_type, centicents in holdings:
        account = book.account_index.get(account_id)
        if account is None or centicents <= 0 or account in tied.get(asset_type, ()):
            continue
        haircut = book.schedule.haircuts_bps.get(asset_type, 10_000)
        value[account] += collateral_value_centicents(centicents, haircut)
    return value


def tied_holders(book: DayBook, names: Iterable[str]) -> set[int]:
    """Accounts with an open position, in either book, in events of some categories or series."""
    market, positions, chosen = book.market, book.positions, set(names)
    tied = [
        category in chosen or series in chosen
        for category, series in zip(market.categories, market.series, strict=True)
    ]
    held = np.array(tied, dtype=bool)[positions.event] & (positions.qty != 0)
    return set(positions.account[held].tolist())
