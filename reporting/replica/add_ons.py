"""Add-ons for liquidity and concentration: model section 5.

Belongs here: A, position by position. Raw marks, money in micros.

Interpretation where the specification is open:

- A market without long positions has no open interest; its concentration factor is 1.
- A is rounded once, as the sum over all positions of a book.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from reporting.replica.listed import Contract
from reporting.replica.normal import density, quantile
from reporting.replica.schedule import BPS, DOLLAR

MIN_PRICE, MAX_PRICE = 0.02, 0.98


@dataclass(frozen=True)
class AddOn:
    """The add-on of one position, in micros before rounding, with its components.

    ``bound``: b, the maximum loss per contract, and ``cost``: half spread and impact, both
    centicents per contract; ``share``: of the open interest, held by the beneficial owner;
    ``factor``: for concentration.
    """

    ticker: str
    quantity: int
    owner_quantity: int
    bound: float
    cost: float
    share: float
    factor: float
    micros: float


def add_on(
    contract: Contract, quantity: int, owner_quantity: int, f: float, schedule: Mapping
) -> AddOn:
    """|q| x min(b, half spread + impact x sp x sqrt(Q / volume)) x concentration of one position.

    ``owner_quantity``: Q, what the beneficial owner holds over all accounts.
    """
    size = abs(quantity)
    bound = contract.mark if quantity > 0 else DOLLAR - contract.mark
    cost = math.inf
    if contract.daily_volume > 0:
        clipped = min(max(contract.mark / DOLLAR, MIN_PRICE), MAX_PRICE)
        deviation = DOLLAR * density(quantile(clipped)) * math.sqrt(f)
        impact = schedule["impact_bps"] / BPS * deviation
        root = math.sqrt(owner_quantity / contract.daily_volume)
        cost = schedule["half_spread_centicents"] + impact * root
    limit = schedule["concentration_share_bps"] / BPS
    share = owner_quantity / contract.open_interest if contract.open_interest else 0.0
    factor = 1 + max(0.0, share - limit) / limit
    micros = size * min(bound, cost) * factor
    return AddOn(contract.ticker, quantity, owner_quantity, bound, cost, share, factor, micros)
