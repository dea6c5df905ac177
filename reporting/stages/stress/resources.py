"""Financial resources of a date, as the clearing house reports them (stream ``resources``).

Belongs here: the layers of the waterfall and the members' deposits, as cover counts them (paid in
or callable) and as liquidity draws on them (order and notice). Their use in a default is in
``drill``. Money in centicents.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from reporting.engine.day import Day
from reporting.model.default.facility_drawdown import Facility
from reporting.model.stress.cover import FinancialResources
from reporting.units import BPS


@dataclass(frozen=True)
class ResourceLayer:
    """One row of the stream ``resources``, money in centicents.

    cap_multiple_bps, period_cap_bps: caps of assessments per default and over several (0: none);
    least, fund_share_bps: own capital is by rule the greater of this and this share of the fund; a
    segment slice is the share of each contribution that meets losses of the categories ``segment``
    before the rest of the fund.
    """

    order: int
    layer_id: str
    kind: str
    amount: int
    cap_multiple_bps: int
    prefunded: bool
    words: str
    period_cap_bps: int = 0
    least: int = 0
    fund_share_bps: int = 0
    segment: str = ""

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories of a segment slice."""
        return tuple(name.strip() for name in self.segment.split(";") if name.strip())


@dataclass(frozen=True)
class Resources:
    """Layers in order of use, and deposits to the guaranty fund by member and group.

    assessed: what each member was assessed earlier in the period of the caps.
    """

    layers: Sequence[ResourceLayer]
    deposits: Mapping[str, int]
    group_of: Mapping[str, str]
    assessed: Mapping[str, int] = field(default_factory=dict)

    def size_by_rule(self, layer: ResourceLayer) -> int:
        """Size of a tranche of own capital by its own rule, 0 without a rule."""
        return max(layer.least, sum(self.deposits.values()) * layer.fund_share_bps // BPS)

    def slice_of(self, layer: ResourceLayer, deposit: int) -> int:
        """The part of a deposit that is in a segment slice, rounded down."""
        return deposit * layer.fund_share_bps // BPS

    @cached_property
    def operating_costs(self) -> int:
        """Own capital that must stay for operating costs (17 CFR 39.11(a)(2))."""
        return sum(layer.amount for layer in self.layers if layer.kind == "operating_costs")

    @cached_property
    def own_capital(self) -> Mapping[str, int]:
        """Own capital that counts, by layer, less operating costs.

        Where the feed gives no amount, the size is that of the layer's rule. Operating costs come
        out of the tranche that is used last, because it is the most likely to be left.
        """
        tranches = [x for x in self.layers if x.kind == "own_capital" and x.prefunded]
        sizes = {x.layer_id: x.amount or self.size_by_rule(x) for x in tranches}
        costs = self.operating_costs
        for layer in sorted(tranches, key=lambda layer: -layer.order):
            kept = min(costs, sizes[layer.layer_id])
            sizes[layer.layer_id] -= kept
            costs -= kept
        return sizes

    def callable(self, member: str) -> int:
        """Assessments that the member can be called for, over all layers."""
        deposit, called = self.deposits[member], 0
        for layer in self.layers:
            if layer.kind == "assessment":
                call = deposit * layer.cap_multiple_bps // BPS
                if layer.period_cap_bps:
                    in_period = deposit * layer.period_cap_bps // BPS
                    call = min(call, in_period - self.assessed.get(member, 0) - called)
                called += max(0, call)
        return called

    def financial(self, groups: Sequence[str]) -> FinancialResources:
        """The resources of the cover test, with ``groups`` in this order.

        Paid-in own capital, less operating costs, and insurance are available whoever defaults.
        """
        insurance = sum(x.amount for x in self.layers if x.kind == "insurance" and x.prefunded)
        common = sum(self.own_capital.values()) + insurance
        index = {name: number for number, name in enumerate(groups)}
        fund, calls = np.zeros((2, len(groups)), dtype=np.int64)
        has_fund = any(x.kind == "survivors_fund" and x.prefunded for x in self.layers)
        for member, deposit in self.deposits.items():
            group = index[self.group_of[member]]
            if has_fund:
                fund[group] += deposit
            calls[group] += self.callable(member)
        return FinancialResources(common, fund, calls)

    def facilities(self, notice_hours: Callable[[str], int]) -> list[Facility]:
        """Sources of cash when a member does not pay, in the order of the layers: own capital, the
        deposits of all members, and facilities that only lend, each after its ``notice_hours``.

        Insurance and assessments pay too late.
        """
        facilities = []
        for layer in self.layers:
            if layer.kind == "own_capital" and layer.prefunded:
                size = self.own_capital[layer.layer_id]
                facilities.append(Facility(layer.layer_id, size))
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
        {member: deposit for member, _, deposit, _ in members},
        {member: group for member, group, _, _ in members},
        {member: assessed for member, _, _, assessed in members if assessed},
    )


def read_deposits(day: Day) -> list[tuple[str, str, int, int]]:
    """Each member of a date with its affiliate group, its deposit to the guaranty fund, and what
    it was assessed earlier in the period."""
    return day.read("stress/reads/deposits").fetchall()
