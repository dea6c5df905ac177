"""Replenishment: what survivors pay back into the fund after it was used.

Belongs here: the amount per member, capped per period. Money is whole numbers of one unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from reporting.model.errors import ModelError


@dataclass(frozen=True)
class Replenishment:
    """due: what each member pays now; open_: what the cap leaves unpaid."""

    due: dict[str, int]
    open_: dict[str, int]


def replenish(
    required: Mapping[str, int],
    left: Mapping[str, int],
    cap_multiple: Fraction,
    paid_in_period: Mapping[str, int],
) -> Replenishment:
    """What brings each contribution from what is left to what is required.

    At most cap_multiple x required in a period, rounded down, of which paid_in_period is gone
    already. Members that are not in ``left`` have nothing left, those that are not in ``required``
    (the defaulter) owe nothing. Raises ModelError naming the field.
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
        missing = max(0, required[member] - left.get(member, 0))
        most = int(required[member] * cap_multiple // 1) - paid_in_period.get(member, 0)
        due[member] = min(missing, max(0, most))
        open_[member] = missing - due[member]
    return Replenishment(due, open_)
