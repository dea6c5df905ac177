"""Collateral behind the books of a drill, and what the scenario leaves of it.

Belongs here: the part of an account's collateral that is behind its fully collateralised book,
which the stress book leaves out, beside the part behind its margined one.
"""

from collections.abc import Mapping

import numpy as np

from reporting.engine.day import Day
from reporting.model.stress.stress_book import StressBook
from reporting.stages.recompute.collateral import tied_holders
from reporting.stages.recompute.day_book import DayBook
from reporting.units import BPS, MICROS_PER_CENTICENT, multiply_divide_down


def read_collateral(day: Day, book: DayBook, held: StressBook) -> dict[str, np.ndarray]:
    """Market value by asset type behind each book, int64 micros.

    Behind the margined book is what ``held.collateral`` has; the rest of what the account posted
    is what its fully collateralised positions require. The same assets count.
    """
    tied = {n: tied_holders(book, names) for n, names in book.schedule.tied_collateral.items()}
    found = {asset: values.copy() for asset, values in held.collateral.items()}
    for account_id, asset, centicents in day.read("recompute/reads/collateral").fetchall():
        account = book.account_index.get(account_id)
        known = asset in found and account is not None and centicents > 0
        if known and account not in tied.get(asset, ()):
            found[asset][2 * account + 1] += centicents * MICROS_PER_CENTICENT
    for values in found.values():
        values[1::2] -= values[::2]
    return found


def in_scenario(
    collateral: Mapping[str, np.ndarray],
    falls_bps: Mapping[str, int],
    haircuts_bps: Mapping[str, int],
) -> dict[str, np.ndarray]:
    """By asset type in order of name, what is left of it: after the fall, then the haircut."""
    worth = {}
    for asset, value in sorted(collateral.items()):
        left = multiply_divide_down(value, BPS - falls_bps.get(asset, 0), BPS)
        worth[asset] = multiply_divide_down(left, BPS - haircuts_bps[asset], BPS)
    return worth
