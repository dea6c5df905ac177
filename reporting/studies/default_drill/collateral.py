"""Collateral behind the books of a drill, before and after the scenario.

Belongs here: the split of an account's collateral between its margined book and its fully
collateralised book, which the stress book leaves out.
"""

from collections.abc import Mapping

import numpy as np

from reporting.engine.day import Day
from reporting.model.stress.stress_book import StressBook
from reporting.stages.recompute.day_book import DayBook
from reporting.stages.recompute.margin.collateral import tied_holders
from reporting.units import BPS, MICROS_PER_CENTICENT, multiply_divide_down


def read_collateral(day: Day, book: DayBook, held: StressBook) -> dict[str, np.ndarray]:
    """Market value by asset type behind each book, int64 micros.

    ``held.collateral`` is behind the margined book. The rest of what the account posted secures its
    fully collateralised positions. The same assets count.
    """
    tied = {n: tied_holders(book, names) for n, names in book.schedule.tied_collateral.items()}
    collateral = {asset: values.copy() for asset, values in held.collateral.items()}
    for account_id, asset, centicents in day.read("recompute/reads/collateral").fetchall():
        account = book.account_index.get(account_id)
        known = asset in collateral and account is not None and centicents > 0
        if known and account not in tied.get(asset, ()):
            collateral[asset][2 * account + 1] += centicents * MICROS_PER_CENTICENT
    for values in collateral.values():
        values[1::2] -= values[::2]
    return collateral


def in_scenario(
    collateral: Mapping[str, np.ndarray],
    falls_bps: Mapping[str, int],
    haircuts_bps: Mapping[str, int],
) -> dict[str, np.ndarray]:
    """By asset type in order of name, the value after the scenario's fall and then the haircut."""
    worth = {}
    for asset, value in sorted(collateral.items()):
        left = multiply_divide_down(value, BPS - falls_bps.get(asset, 0), BPS)
        worth[asset] = multiply_divide_down(left, BPS - haircuts_bps[asset], BPS)
    return worth
