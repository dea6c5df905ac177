"""Open positions as arrays.

Belongs here: what an account holds. What the positions are valued with is in ``market``.
"""

from dataclasses import dataclass

import numpy as np

MARGINED = "margined"
FULLY_COLLATERALISED = "fully_collateralised"


@dataclass(frozen=True)
class Positions:
    """Open positions, one element per account, contract and kind of book.

    account: number of the account; event and leg: the contract in the market; margined
    (bool): which book; qty: net YES contracts (1e-2). Margined and fully collateralised
    positions of an account never net.
    """

    account: np.ndarray
    event: np.ndarray
    leg: np.ndarray
    margined: np.ndarray
    qty: np.ndarray


def of_accounts(positions: Positions, accounts: np.ndarray) -> Positions:
    """The positions of some accounts only."""
    keep = np.isin(positions.account, accounts)
    return Positions(*(column[keep] for column in vars(positions).values()))


def combined(positions: Positions) -> Positions:
    """The positions with those of one account, contract and book added up."""
    keys = (positions.account, positions.event, positions.leg, positions.margined)
    distinct, number = np.unique(np.stack(keys, axis=1), axis=0, return_inverse=True)
    qty = np.zeros(len(distinct), dtype=np.int64)
    np.add.at(qty, number.ravel(), positions.qty)
    account, event, leg, margined = distinct.T
    return Positions(account, event, leg, margined.astype(bool), qty)
