"""Contingency liquidity: how long facilities carry the outflows after a default.

Belongs here: drawdowns hour by hour, one currency at a time; facilities lend, they absorb no
loss. Money is whole numbers of one unit. Source: stress-default-backtest.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.model.errors import ModelError


@dataclass(frozen=True)
class Facility:
    """capacity: what can be drawn in all; notice_hours: hours before the first draw."""

    facility_id: str
    capacity: int
    notice_hours: int = 0


@dataclass(frozen=True)
class Survival:
    """drawdowns: per hour and facility; unmet: per hour, what nothing was left for.

    hours: full hours at the start in which all outflows were met. Per hour, drawdowns and unmet
    sum to the outflow; an outflow that was not met is not carried into the next hour.
    """

    drawdowns: tuple[tuple[int, ...], ...]
    unmet: tuple[int, ...]
    remaining: tuple[int, ...]

    @property
    def hours(self) -> int:
        return next((hour for hour, amount in enumerate(self.unmet) if amount), len(self.unmet))


def at_hand(facilities: Sequence[Facility], hours: int) -> list[int]:
    """What can be drawn by each hour in all, once its notice has passed."""
    return [
        sum(facility.capacity for facility in facilities if facility.notice_hours <= hour)
        for hour in range(hours)
    ]


def survive(facilities: Sequence[Facility], outflows: Sequence[int]) -> Survival:
    """Draw the facilities in their order, hour by hour. Raises ModelError naming the field."""
    seen: set[str] = set()
    for number, facility in enumerate(facilities):
        where = f"facilities[{number}]"
        if facility.facility_id in seen:
            raise ModelError(f"{where}.id", f"{facility.facility_id!r} is named twice")
        seen.add(facility.facility_id)
        for name in ("capacity", "notice_hours"):
            if getattr(facility, name) < 0:
                raise ModelError(f"{where}.{name}", "must not be negative")
    left = [facility.capacity for facility in facilities]
    drawdowns, unmet = [], []
    for hour, outflow in enumerate(outflows):
        if outflow < 0:
            raise ModelError(f"outflows[{hour}]", "must not be negative")
        drawn, rest = [], outflow
        for number, facility in enumerate(facilities):
            amount = min(rest, left[number]) if hour >= facility.notice_hours else 0
            left[number] -= amount
            rest -= amount
            drawn.append(amount)
        drawdowns.append(tuple(drawn))
        unmet.append(rest)
    return Survival(tuple(drawdowns), tuple(unmet), tuple(left))
