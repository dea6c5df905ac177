"""Financial resources of a date, as the clearing house reports them (stream ``resources``).

Belongs here: the layers of the waterfall and the members' deposits, as cover counts them (paid in
or callable) and as liquidity draws on them (order and notice). Their use in a default is in
``drill``. Money in centicents.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reporting.engine.day import Day
from reporting.model.default.facility_drawdown import Facility
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
        """The resources of the cover test, with ``groups`` in this order.

        Paid-in own capital and insurance are available whoever defaults. A member can be called
        for its deposit times the multiple of each layer of assessments.
        """
        paid_in = [layer for layer in self.layers if layer.prefunded]
        common = sum(x.amount for x in paid_in if x.kind in ("own_capital", "insurance"))
        index = {name: number for number, name in enumerate(groups)}
        fund, calls = np.zeros((2, len(groups)), dtype=np.int64)
        has_fund = any(layer.kind == "survivors_fund" for layer in paid_in)
        multiples = [x.cap_multiple_bps for x in self.layers if x.kind == "assessment"]
        for member, deposit in self.deposits.items():
            group = index[self.group_of[member]]
            if has_fund:
                fund[group] += deposit
            calls[group] += sum(deposit * multiple // BPS for multiple in multiples)
        return FinancialResources(common, fund, calls)

    def facilities(self, notice_hours: Callable[[str], int]) -> list[Facility]:
        """Sources of cash when a member does not pay, in the order of the layers: own capital, the
        deposits of all members, and facilities that only lend, each after its ``notice_hours``.

        Insurance and assessments pay too late.
        """
        facilities = []
        for layer in self.layers:
            if layer.kind == "own_capital" and layer.prefunded:
                facilities.append(Facility(layer.layer_id, layer.amount))
            elif layer.kind == "survivors_fund" and layer.prefunded:
                facilities.append(Facility(layer.layer_id, sum(self.deposits.values())))
            elif layer.kind == "facility":
                notice = notice_hours(layer.layer_id)
                facilities.append(Facility(layer.layer_id, layer.amount, notice))
        return facilities

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
