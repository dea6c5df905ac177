"""Financial resources of a date, as the clearing house reports them (stream ``resources``).

Belongs here: the layers of the waterfall and the members' deposits, and what they are to cover
(what is paid in, what can be called) and to liquidity (what pays when, in which order). What
they bear of a default is in ``drill``. Money in centicents.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reporting.engine.day import Day
from reporting.model.default.liquidity import Facility
from reporting.model.stress.cover import FinancialResources
from reporting.units import BPS


@dataclass(frozen=True)
class ResourceLayer:
    """One row of the stream ``resources``, money in centicents."""

    order: int
    layer_id: str
    kind: str
    amount: int
    cap_multiple_bps: int
    prefunded: bool
    words: str


@dataclass(frozen=True)
class Resources:
    """Layers in order of use, and deposits to the guaranty fund by member and group."""

    layers: Sequence[ResourceLayer]
    deposits: Mapping[str, int]
    group_of: Mapping[str, str]

    def financial(self, groups: Sequence[str]) -> FinancialResources:
        """What cover is held against, ``groups`` in this order.

        Own capital and insurance that are paid in are there whoever defaults. What a member can
        be called for is so many times its deposit as each layer of assessments says.
        """
        paid_in = [layer for layer in self.layers if layer.prefunded]
        common = sum(x.amount for x in paid_in if x.kind in ("own_capital", "insurance"))
        place = {name: number for number, name in enumerate(groups)}
        fund, calls = np.zeros((2, len(groups)), dtype=np.int64)
        has_fund = any(layer.kind == "survivors_fund" for layer in paid_in)
        multiples = [x.cap_multiple_bps for x in self.layers if x.kind == "assessment"]
        for member, deposit in self.deposits.items():
            group = place[self.group_of[member]]
            if has_fund:
                fund[group] += deposit
            calls[group] += sum(deposit * multiple // BPS for multiple in multiples)
        return FinancialResources(common, fund, calls)

    def facilities(self, notice_hours: Callable[[str], int]) -> list[Facility]:
        """What pays when a member does not, in the order of the layers: own capital, the
        deposits of all members, and what only lends, each after its ``notice_hours``.

        An insurer pays too late, assessments too.
        """
        found = []
        for layer in self.layers:
            if layer.kind == "own_capital" and layer.prefunded:
                found.append(Facility(layer.layer_id, layer.amount))
            elif layer.kind == "survivors_fund" and layer.prefunded:
                found.append(Facility(layer.layer_id, sum(self.deposits.values())))
            elif layer.kind == "facility":
                notice = notice_hours(layer.layer_id)
                found.append(Facility(layer.layer_id, layer.amount, notice))
        return found

    @property
    def facility_ids(self) -> frozenset[str]:
        """The layers that only lend."""
        return frozenset(layer.layer_id for layer in self.layers if layer.kind == "facility")

    def deposits_outside(self, groups: Sequence[str]) -> dict[str, int]:
        """Deposits of the members that belong to none of ``groups``."""
        return {m: x for m, x in self.deposits.items() if self.group_of[m] not in groups}

    def deposits_of(self, group: str) -> dict[str, int]:
        """Deposits of the members of ``group``."""
        return {m: x for m, x in self.deposits.items() if self.group_of[m] == group}


def read_resources(day: Day) -> Resources:
    """Resources of a date as the clearing house reports them."""
    layers = day.read("stress/reads/resources").fetchall()
    members = read_deposits(day)
    return Resources(
        [ResourceLayer(*row) for row in layers],
        {member: deposit for member, _, deposit in members},
        {member: group for member, group, _ in members},
    )


def read_deposits(day: Day) -> list[tuple[str, str, int]]:
    """Each member of a date with its affiliate group and its deposit to the guaranty fund."""
    return day.read("stress/reads/deposits").fetchall()
