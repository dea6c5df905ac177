"""Replenishment: payments by survivors into the guaranty fund after it was used.

Belongs here: the amount per member, capped per period. Money is integers in one unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from reporting.model.errors import ModelError


@dataclass(frozen=True)
class Replenishment:
    """By member. due: payable now; open_: shortfall left by the cap."""

    due: dict[str, int]
    open_: dict[str, int]


def replenish(
    required: Mapping[str, int],
    left: Mapping[str, int],
    cap_multiple: Fraction,
    paid_in_period: Mapping[str, int],
) -> Replenishment:
    """Payments that restore each contribution from ``left`` to ``required``.

    A member pays at most cap_multiple x required in a period, rounded down, less
    paid_in_period. Members missing from ``left`` have nothing left; members missing from
    ``required`` (the defaulter) owe nothing. Raises ModelError naming the field.
    """
    if cap_multiple < 0:
        raise ModelError("cap_multiple", "must not be negative")
    amounts = {"required": required, "left": left, "paid_in_period": paid_in_period}
    for name, by_member in amounts.items():
        for member, amount in by_member.items():
            if amount < 0:
                raise ModelError(f"{name}.{member}", "must not be negative")
    due, open_ = {}, {}
    for member in sorted(required):
        shortfall = max(0, required[member] - left.get(member, 0))
        cap = int(required[member] * cap_multiple // 1) - paid_in_period.get(member, 0)
        due[member] = min(shortfall, max(0, cap))
        open_[member] = shortfall - due[member]
    return Replenishment(due, open_)
