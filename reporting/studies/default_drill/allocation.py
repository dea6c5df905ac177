"""Who bears the loss: silos, the layers of the waterfall, tear-up and replenishment.

Belongs here: from losses by book to payments by layer and member, in whole centicents. Every unit
of the loss is borne once or stays unallocated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from reporting.model.default.auction import fund_tranches
from reporting.model.default.replenishment import Replenishment, replenish
from reporting.model.default.silos import (
    HOUSE_SILO,
    Silo,
    SiloLayer,
    SiloResult,
    house_covers_all,
    run_silos,
    silos_of_group,
)
from reporting.model.default.tear_up import OpenPosition, TearUp, full_tear_up, partial_tear_up
from reporting.model.default.waterfall import (
    ASSESSMENT,
    CUTS,
    FULL_TEAR_UP,
    GAINS_HAIRCUT,
    PARTIAL_TEAR_UP,
    Layer,
)
from reporting.stages.stress.drill import absorbing_layers, silo_layers
from reporting.stages.stress.resources import ResourceLayer
from reporting.studies.default_drill.auction import Auction
from reporting.studies.default_drill.case import Case
from reporting.studies.default_drill.close_out import Closing
from reporting.units import BPS, MICROS_PER_CENTICENT, centicents_from_micros_up


@dataclass(frozen=True)
class Losses:
    """The parts of the loss by silo, centicents. market: the moves to the scenario's prices;
    closing: close-out costs, for the house including its hedges; margin: the silo's margin."""

    market: dict[str, int]
    closing: dict[str, int]
    margin: dict[str, int]

    def of(self, silo: str) -> int:
        return self.market[silo] + self.closing.get(silo, 0)

    @property
    def total(self) -> int:
        return sum(max(0, self.of(silo)) for silo in self.market)


@dataclass(frozen=True)
class UsedLayer:
    """A layer as the clearing house reports it, or a layer after all of these."""

    order: int
    layer_type: str
    words: str


@dataclass(frozen=True)
class Allocation:
    """layers: in the order of ``result.layers``. tear_up: by layer type, where there was any."""

    losses: Losses
    silos: list[Silo]
    layers: list[UsedLayer]
    result: SiloResult
    tear_ups: dict[str, TearUp]
    replenishment: Replenishment

    def used(self, *layer_types: str) -> dict[str, int]:
        """What each member bore in layers of the given types."""
        amounts: dict[str, int] = {}
        for layer, done in zip(self.layers, self.result.layers, strict=True):
            if layer.layer_type in layer_types:
                for member, amount in done.result.by_member.items():
                    amounts[member] = amounts.get(member, 0) + amount
        return amounts

    @property
    def unallocated(self) -> int:
        return sum(self.result.unallocated.values())

    @property
    def own_assets(self) -> int:
        """Assets of the defaulter's silos that covered a loss."""
        return sum(flow.amount for flow in self.result.flows)


def allocate(case: Case, closing: Closing, auction: Auction) -> Allocation:
    """The loss through silos and layers, and tear-up if these do not suffice."""
    losses = _losses(case, closing, auction)
    of_silo = {silo: losses.of(silo) for silo in losses.market}
    silos = silos_of_group(of_silo, losses.margin, case.rules.house_margin_covers_customers)
    names = [silo.silo_id for silo in silos]
    rules = house_covers_all(silos)
    listed = _listed(case, auction)
    layers = silo_layers(listed, silos)
    used = [UsedLayer(kept.order, kept.kind, kept.words) for kept, _ in listed]
    result = run_silos(silos, rules, layers)
    tear_ups: dict[str, TearUp] = {}
    still_open = _still_open(case, closing, auction)
    for layer_type in (PARTIAL_TEAR_UP, FULL_TEAR_UP):
        open_loss = sum(result.unallocated.values())
        if not open_loss:
            break
        tear_up = partial_tear_up(still_open) if layer_type == PARTIAL_TEAR_UP else _full(case)
        claims = _claims(case, tear_up, result)
        if not any(claims.values()):
            continue
        layers.append(SiloLayer(Layer(layer_type, layer_type, claims=claims), tuple(names)))
        used.append(UsedLayer(used[-1].order + 1 if used else 1, layer_type, _WORDS[layer_type]))
        result = run_silos(silos, rules, layers)
        if layer_type == PARTIAL_TEAR_UP:
            # As many contracts end as the loss needs.
            tear_up = partial_tear_up(still_open, result.layers[-1].result.haircut)
        tear_ups[layer_type] = tear_up
    return Allocation(losses, silos, used, result, tear_ups, _replenish(case, used, result))


_WORDS = {
    PARTIAL_TEAR_UP: "tear-up of contracts against the defaulter's open positions",
    FULL_TEAR_UP: "tear-up of all contracts",
}


def _losses(case: Case, closing: Closing, auction: Auction) -> Losses:
    """By silo: the house of the group is one silo, each customer book another."""
    house = case.in_group & case.is_house
    market = {HOUSE_SILO: int(centicents_from_micros_up(int(case.loss[house].sum())))}
    margin = {HOUSE_SILO: int(case.margin[house].sum()) // MICROS_PER_CENTICENT}
    closed = {HOUSE_SILO: closing.hedge_cost + auction.house_cost(closing)}
    costs = auction.customer_costs(closing)
    for book in np.flatnonzero(case.is_customer).tolist():
        loss, cost = int(case.loss[book]), costs.get(book, 0)
        if loss or cost:
            silo = case.silo_of(book)
            market[silo] = int(centicents_from_micros_up(loss))
            closed[silo] = cost
            margin[silo] = int(case.margin[book]) // MICROS_PER_CENTICENT
    return Losses(market, closed, margin)


def _listed(case: Case, auction: Auction) -> list[tuple[ResourceLayer, Layer]]:
    """The layers of the feed in their order."""
    cap, listed = case.rules.assessment_period_cap_bps, []
    for kept, layer in absorbing_layers(case.defaulter, case.resources, case.book):
        if kept.kind == "survivors_fund" and auction.result.tranches:
            tranches = fund_tranches(auction.result, layer.contributions)
            layer = replace(layer, tranches=tranches)
        # The clearing house's own cap over a period counts before the assumption of the drill.
        if layer.layer_type == ASSESSMENT and cap and layer.period_cap_multiple is None:
            layer = replace(layer, period_cap_multiple=Fraction(cap, BPS))
        listed.append((kept, layer))
    return listed


def _claims(case: Case, tear_up: TearUp, result: SiloResult) -> dict[str, int]:
    """What survivors forgo if these contracts end, less what was cut already."""
    cut: dict[str, int] = {}
    for done in result.layers:
        if done.result.layer_type in CUTS:
            for member, amount in done.result.by_member.items():
                cut[member] = cut.get(member, 0) + amount
    survivors = {member.member_id for member in case.survivors}
    return {
        member: max(0, micros // MICROS_PER_CENTICENT - cut.get(member, 0))
        for member, micros in tear_up.claims.items()
        if member in survivors
    }


def _still_open(case: Case, closing: Closing, auction: Auction) -> list[OpenPosition]:
    """The unsold part of the group's lots, after hedges, at the last settlement price, against the
    holders of the other side. House and customers offset each other."""
    left = np.zeros(len(case.price), dtype=np.int64)
    for sale, sold in zip(closing.lots, auction.result.lots, strict=True):
        for contract, qty in sale.net.items():
            kept = abs(qty) * sold.unsold // sale.lot.qty
            left[contract] += kept if qty > 0 else -kept
    held, marks = case.held.positions, case.held.market.marks
    positions = []
    for contract in np.flatnonzero(left).tolist():
        qty = int(left[contract])
        rows = slice(*held.start[contract : contract + 2])
        opposing: dict[str, int] = {}
        for book, other in zip(held.account[rows].tolist(), held.qty[rows].tolist(), strict=True):
            if not case.in_group[book] and other * qty < 0:
                member = case.book.member_ids[book // 2]
                opposing[member] = opposing.get(member, 0) + abs(other)
        # The group's own books may hold a part of the other side: that ends with them.
        most = sum(opposing.values())
        qty = max(-most, min(most, qty))
        if not qty:
            continue
        ticker, mark, price = case.tickers[contract], marks[contract], case.price[contract]
        positions.append(OpenPosition(ticker, qty, int(mark), int(price), opposing))
    return positions


def _full(case: Case) -> TearUp:
    """All open contracts, at the scenario's prices against the marks last paid."""
    held = case.held.positions
    positions: dict[str, dict[str, int]] = {}
    rows = np.flatnonzero(case.is_open[held.contract] & ~case.in_group[held.account])
    for row in rows.tolist():
        of_contract = positions.setdefault(case.tickers[int(held.contract[row])], {})
        member = case.book.member_ids[int(held.account[row]) // 2]
        of_contract[member] = of_contract.get(member, 0) + int(held.qty[row])
    paid = dict(zip(case.tickers, case.held.market.marks.tolist(), strict=True))
    return full_tear_up(positions, paid, dict(zip(case.tickers, case.price.tolist(), strict=True)))


def _replenish(case: Case, layers: Sequence[UsedLayer], result: SiloResult) -> Replenishment:
    """What survivors pay to restore their contributions. The feed does not report payments of the
    period before, so they count as zero."""
    deposits = case.resources.deposits_outside([case.group])
    left: Mapping[str, int] = dict(deposits)
    for layer, done in zip(layers, result.layers, strict=True):
        if layer.layer_type in ("survivors_fund", "segment_fund"):
            left = {m: left[m] - done.result.by_member.get(m, 0) for m in left}
    required = _required(case)
    survivors = {member: required.get(member, 0) for member in deposits}
    cap = Fraction(case.rules.replenishment_cap_bps, BPS)
    return replenish(survivors, left, cap, {})


def _required(case: Case) -> dict[str, int]:
    return dict(case.day.read("studies/default_drill/required_contributions").fetchall())


def haircut_of_gains(allocation: Allocation) -> Fraction:
    """Share of all gains that was cut by the haircut."""
    done = [
        layer.result
        for layer in allocation.result.layers
        if layer.result.layer_type == GAINS_HAIRCUT
    ]
    size = sum(layer.size for layer in done)
    return Fraction(sum(layer.used for layer in done), size) if size else Fraction(0)
