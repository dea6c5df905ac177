"""Contingency liquidity: how long facilities cover the outflows after a default.

Belongs here: drawdowns by hour, one currency at a time. Facilities lend; they do not absorb
losses. Money is integers in one unit. Source: stress-default-backtest.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.model.errors import ModelError


@dataclass(frozen=True)
class Facility:
    """A facility. capacity: total that can be drawn; notice_hours: hours before the first draw."""

    facility_id: str
    capacity: int
    notice_hours: int = 0


@dataclass(frozen=True)
class Survival:
    """Drawdowns and unmet outflows.

    drawdowns: per hour and facility; unmet: per hour, outflow that no facility could meet;
    remaining: per facility. Per hour, drawdowns and unmet sum to the outflow. An unmet outflow
    is not carried into the next hour.
    """

    drawdowns: tuple[tuple[int, ...], ...]
    unmet: tuple[int, ...]
    remaining: tuple[int, ...]

    @property
    def hours(self) -> int:
        """Hours from the start in which all outflows were met."""
        return next((hour for hour, amount in enumerate(self.unmet) if amount), len(self.unmet))


def at_hand(facilities: Sequence[Facility], hours: int) -> list[int]:
    """Total capacity available by each hour: facilities with their notice expired."""
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
