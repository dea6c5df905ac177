"""One account: its losses, their tail, and its initial margin. ECM-1 sections 1 and 5.

Belongs here: everything from prices per scenario to a margin. All amounts are in the
money of the document, which has no unit of its own; nothing is rounded to one.

Readings where the specification leaves something open:

- Losses in the worst case look at every state, also at those of probability zero.
- The worst case of an event is not floored: with marks that are payoffs x probabilities
  it is never below zero but for rounding.
- Equal losses are ordered by scenario number, equal states and clusters by their order.
- The jump-to-resolution requirement counts an event with ``jump`` true even when its
  jump probability is zero; without any such event it is zero.
- Sums are exact before they are rounded once (fsum), so that no order of accounts, events
  or contracts changes the last bit.
- The initial margin is never below zero.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporting.replica.account import worst_scenarios
from support.calculator_oracle.document import Account, Event, Label, MarginDocument


@dataclass(frozen=True)
class EventPosition:
    """An account's position in one event: W by enumeration, and its loss per scenario."""

    event: Event
    quantities: list[float]
    state_losses: list[float]
    scenario_losses: list[float]

    @property
    def worst_case_loss(self) -> float:
        """W of the event."""
        return max(self.state_losses)

    @property
    def worst_state(self) -> str:
        """The first state with the loss W."""
        return self.event.states[self.state_losses.index(self.worst_case_loss)]


@dataclass(frozen=True)
class AccountMargin:
    """All measures of one account; ``losses`` per scenario, ``tail`` the m worst of them."""

    account: Account
    positions: list[EventPosition]
    losses: list[float]
    tail: list[int]
    worst_case_loss: float
    expected_shortfall: float
    value_at_risk: float
    jump_to_resolution: float
    jump_cluster: Label | None
    floor: float
    core: float
    initial_margin: float


def account_margin(
    document: MarginDocument, prices: Mapping[str, Sequence[Sequence[float]]], account: Account
) -> AccountMargin:
    """The margin of one account; ``prices[event]`` is scenarios x contracts."""
    positions = [
        event_position(event, account.positions[event.id], prices[event.id])
        for event in document.events
        if event.id in account.positions
    ]
    losses = [
        math.fsum(position.scenario_losses[s] for position in positions)
        for s in range(document.scenarios.count)
    ]
    tail = worst_scenarios(losses, document.tail_count)
    worst = math.fsum(position.worst_case_loss for position in positions)
    shortfall = math.fsum(losses[s] for s in tail) / len(tail)
    jump, cluster = jump_to_resolution(positions)
    floor = document.core_floor * worst
    core = max(shortfall, jump, floor)
    return AccountMargin(
        account=account,
        positions=positions,
        losses=losses,
        tail=tail,
        worst_case_loss=worst,
        expected_shortfall=shortfall,
        value_at_risk=losses[tail[-1]],
        jump_to_resolution=jump,
        jump_cluster=cluster,
        floor=floor,
        core=core,
        initial_margin=max(0.0, min(worst, core + account.add_on)),
    )


def event_position(
    event: Event, quantities: list[float], prices: Sequence[Sequence[float]]
) -> EventPosition:
    """W and losses of one event; ``prices`` is scenarios x contracts."""
    columns = zip(*event.payoffs, strict=True)
    state_losses = [loss_at(quantities, event.marks, payoffs) for payoffs in columns]
    collateralised = event.ramp * max(state_losses)
    scenario_losses = [
        (1 - event.ramp) * loss_at(quantities, event.marks, row) + collateralised for row in prices
    ]
    return EventPosition(event, quantities, state_losses, scenario_losses)


def loss_at(quantities: Sequence[float], marks: Sequence[float], prices: Sequence[float]) -> float:
    """Loss when each contract moves from its mark to a price: sum of q (mark - price)."""
    return math.fsum(
        q * (mark - price) for q, mark, price in zip(quantities, marks, prices, strict=True)
    )


def jump_to_resolution(positions: Sequence[EventPosition]) -> tuple[float, Label | None]:
    """The largest sum over one cluster of kappa x W of its jump-enabled events.

    Returns the amount and its cluster; 0 and None when no event held is jump-enabled.
    """
    by_cluster: dict[Label, list[float]] = {}
    for position in positions:
        if position.event.jump_enabled:
            amounts = by_cluster.setdefault(position.event.cluster, [])
            amounts.append(position.event.kappa * position.worst_case_loss)
    largest, largest_cluster = 0.0, None
    for cluster, amounts in by_cluster.items():
        total = math.fsum(amounts)
        if largest_cluster is None or total > largest:
            largest, largest_cluster = total, cluster
    return largest, largest_cluster
