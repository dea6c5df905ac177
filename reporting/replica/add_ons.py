"""Add-ons for liquidity and concentration: docs/model.md section 5.

Belongs here: A, position by position. Raw marks, money in micros.

Interpretation where the page is open:

- A market without long positions has no open interest; its factor c is 1.
- A is rounded once, as the sum over all positions of a book.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from reporting.replica.listed import DOLLAR, Contract
from reporting.replica.parameters import BPS


@dataclass(frozen=True)
class AddOn:
    """The add-on of one position, in micros before rounding, with its components.

    ``bound``: b, the maximum loss per contract, and ``cost``: half spread and impact, both
    centicents per contract; ``share``: of the open interest; ``factor``: c.
    """

    ticker: str
    quantity: int
    bound: float
    cost: float
    share: float
    factor: float
    micros: float


def add_on(contract: Contract, quantity: int, sigma: float, days: int, schedule: Mapping) -> AddOn:
    """|q| x min(b, half spread + impact sp sqrt(|q| / volume)) x c of one position."""
    size = abs(quantity)
    bound = contract.mark if quantity > 0 else DOLLAR - contract.mark
    cost = math.inf
    if contract.daily_volume > 0:
        p = contract.mark / DOLLAR
        deviation = DOLLAR * p * (1 - p) * sigma * math.sqrt(days)
        impact = schedule["impact_bps"] / BPS * deviation
        cost = schedule["half_spread_centicents"] + impact * math.sqrt(size / contract.daily_volume)
    limit = schedule["concentration_share_bps"] / BPS
    share = size / contract.open_interest if contract.open_interest else 0.0
    factor = 1 + max(0.0, share - limit) / limit
    micros = size * min(bound, cost) * factor
    return AddOn(contract.ticker, quantity, bound, cost, share, factor, micros)
