"""Tear-up: contracts terminated at the last settlement price instead of being closed out.

Belongs here: the contracts terminated, and their holders' claims, which set the size of the
tear-up layers of ``waterfall``. Source: CPMI-IOSCO, "Recovery of financial market
infrastructures" (2014, revised 2017).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reporting.model.default.waterfall import pro_rata
from reporting.model.errors import ModelError


@dataclass(frozen=True)
class OpenPosition:
    """A position of the defaulter that nobody took over.

    qty: signed. opposing: unsigned quantity of each member on the other side. close_out_price:
    price of closing it out now.
    """

    contract: str
    qty: int
    settlement_price: int
    close_out_price: int
    opposing: Mapping[str, int]


@dataclass(frozen=True)
class TearUp:
    """Terminated contracts.

    contracts: quantity terminated per contract and member. claims: of each member, in unit of
    quantity x unit of price. share: of the eligible positions.
    """

    contracts: dict[str, dict[str, int]]
    claims: dict[str, int]
    share: Fraction = Fraction(1)


def partial_tear_up(positions: Sequence[OpenPosition], share: Fraction = Fraction(1)) -> TearUp:
    """Terminate contracts against a share of the defaulter's open positions, pro rata.

    The share, 0 to 1, is rounded up to whole units of quantity. A member's claim is the
    difference between the close-out price and the settlement price it receives; a close-out
    price better than the settlement price gives no claim. Raises ModelError.
    """
    if not 0 <= share <= 1:
        raise ModelError("share", "must lie between 0 and 1")
    contracts: dict[str, dict[str, int]] = {}
    claims: dict[str, int] = {}
    for number, position in enumerate(positions):
        where = f"positions[{number}]"
        if position.contract in contracts:
            raise ModelError(f"{where}.contract", f"{position.contract!r} is named twice")
        if any(qty < 0 for qty in position.opposing.values()):
            raise ModelError(f"{where}.opposing", "must not be negative")
        if sum(position.opposing.values()) < abs(position.qty):
            raise ModelError(f"{where}.opposing", "is smaller than the position")
        ended = -(-abs(position.qty) * share.numerator // share.denominator)
        contracts[position.contract] = pro_rata(ended, position.opposing)
        worse = position.settlement_price - position.close_out_price
        unit_claim = max(0, worse if position.qty > 0 else -worse)
        for member, qty in contracts[position.contract].items():
            claims[member] = claims.get(member, 0) + qty * unit_claim
    return TearUp(contracts, dict(sorted(claims.items())), share)


def full_tear_up(
    positions: Mapping[str, Mapping[str, int]],
    paid_prices: Mapping[str, int],
    settlement_prices: Mapping[str, int],
) -> TearUp:
    """Terminate all contracts. positions: signed quantities per contract and member.

    A member's claim is its net gain since the last variation margin payment, 0 if it has lost.
    Raises ModelError for a contract without a price.
    """
    net: dict[str, int] = {}
    for contract, held in positions.items():
        for name, prices in (("paid", paid_prices), ("settlement", settlement_prices)):
            if contract not in prices:
                raise ModelError(f"{name}_prices", f"has no price of {contract!r}")
        move = settlement_prices[contract] - paid_prices[contract]
        for member, qty in held.items():
            net[member] = net.get(member, 0) + qty * move
    contracts = {
        contract: {member: abs(qty) for member, qty in sorted(held.items())}
        for contract, held in positions.items()
    }
    return TearUp(contracts, {member: max(0, gain) for member, gain in sorted(net.items())})
