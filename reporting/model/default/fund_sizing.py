"""Sizing of the guaranty fund: what each member should deposit, by the risk that it brings.

Belongs here: the fund that Cover-2 asks for and its division among members. Amounts are integers in
one unit. Source: stress-default-backtest.md, "Default management"; 17 CFR 39.11(a)(1), 39.33(a).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reporting.model.errors import ModelError
from reporting.units import BPS


@dataclass(frozen=True)
class Driver:
    """What drives contributions: an amount by member, and its weight in basis points."""

    name: str
    by_member: Mapping[str, int]
    weight_bps: int


def fund_needed(uncovered: Sequence[Sequence[int]], common: int) -> int:
    """The fund that meets the two largest losses beyond margin in every scenario.

    uncovered: by scenario and group, before contributions; common: own capital and insurance that
    are paid in, which come out first. At least 0.
    """
    largest = max((sum(sorted(of)[-2:]) for of in uncovered), default=0)
    return max(0, int(largest) - common)


def risk_shares(drivers: Sequence[Driver], members: Sequence[str]) -> dict[str, Fraction]:
    """Share of each member in the risk of all, the weighted mean of its shares in the drivers.

    A driver that is zero for everybody does not count; its weight goes to the others. All members
    have 0 where no driver counts. Raises ModelError for weights that are negative or all 0.
    """
    if any(driver.weight_bps < 0 for driver in drivers):
        raise ModelError("weight_bps", "must not be negative")
    if not sum(driver.weight_bps for driver in drivers):
        raise ModelError("weight_bps", "one weight must be above 0")
    totals = [(d, sum(d.by_member.values())) for d in drivers if d.weight_bps]
    counted = [(driver, total) for driver, total in totals if total]
    weight = sum(driver.weight_bps for driver, _ in counted)
    return {
        member: sum(
            (Fraction(d.by_member.get(member, 0) * d.weight_bps, total * weight))
            for d, total in counted
        )
        + Fraction(0)
        for member in members
    }


def required_deposits(needed: int, minimum: int, shares: Mapping[str, Fraction]) -> dict[str, int]:
    """Deposit that each member should have: its share of the fund, rounded up, at least the
    minimum."""
    return {member: max(minimum, -(-needed * share // 1)) for member, share in shares.items()}


def bps_of(share: Fraction) -> int:
    """A share in basis points, rounded down."""
    return int(share * BPS // 1)
