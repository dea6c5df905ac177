"""One account: its losses, their tail, and its initial margin. ECM-2 sections 1 and 5.

Belongs here: everything from prices per scenario to a margin. All amounts are in the money of the
document, which has no unit of its own.

Readings where the specification leaves something open:

- Losses in the worst case look at every state, also at those of probability zero.
- Equal losses are ordered by scenario number, equal states and clusters by their order; equal
  shortfalls count as that at rho.
- An event that happens by a date can end in its happened states alone, whether its gap is called
  "resolution" or "move".
- Sums are exact before they are rounded once (fsum), so that no order of accounts, events or
  contracts changes the last bit.
- Initial margin is rounded up to 1e-4 after a noise of 1e-10 is taken off.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporting.replica.account import worst_scenarios
from reporting.replica.gap import move_gap
from reporting.replica.prices import PriceSets
from support.calculator_oracle.document import Account, Event, Label, MarginDocument


@dataclass(frozen=True)
class EventPosition:
    """An account's position in one event: loss by state, by scenario of both sets, and gap."""

    event: Event
    state_losses: list[float]
    losses_at_rho: list[float]
    losses_at_zero: list[float]
    gap: float

    @property
    def worst_case_loss(self) -> float:
        """max(W, 0) of the event."""
        return max(0.0, *self.state_losses)


@dataclass(frozen=True)
class Tail:
    """Losses of one set, their expected shortfall and value at risk."""

    losses: list[float]
    expected_shortfall: float
    value_at_risk: float


@dataclass(frozen=True)
class AccountMargin:
    """All measures of one account; ``tail`` is that of the set that counts."""

    account: Account
    positions: list[EventPosition]
    at_rho: Tail
    at_zero: Tail
    tail: Tail
    worst_case_loss: float
    jump_to_resolution: float
    core: float
    initial_margin: float


def account_margin(
    document: MarginDocument, prices: Mapping[str, PriceSets], account: Account
) -> AccountMargin:
    """The margin of one account; ``prices`` by event."""
    positions = [
        event_position(event, account.positions[event.id], prices[event.id], document.gap_quantile)
        for event in document.events
        if event.id in account.positions
    ]
    at_rho = _tail(document, [position.losses_at_rho for position in positions])
    at_zero = _tail(document, [position.losses_at_zero for position in positions])
    tail = at_zero if at_zero.expected_shortfall > at_rho.expected_shortfall else at_rho
    worst = math.fsum(position.worst_case_loss for position in positions)
    jump = jump_to_resolution(positions)
    core = max(tail.expected_shortfall, jump, document.core_floor * worst)
    return AccountMargin(
        account=account,
        positions=positions,
        at_rho=at_rho,
        at_zero=at_zero,
        tail=tail,
        worst_case_loss=worst,
        jump_to_resolution=jump,
        core=core,
        initial_margin=min(worst, _up(min(worst, core + account.add_on))),
    )


def _up(amount: float) -> float:
    return math.ceil(round(amount * 10_000, 6)) / 10_000


def _tail(document: MarginDocument, rows: Sequence[Sequence[float]]) -> Tail:
    losses = [math.fsum(row[s] for row in rows) for s in range(document.scenarios)]
    worst = worst_scenarios(losses, document.tail_count)
    return Tail(losses, math.fsum(losses[s] for s in worst) / len(worst), losses[worst[-1]])


def event_position(
    event: Event, quantities: list[float], prices: PriceSets, gap_quantile: float
) -> EventPosition:
    """Losses of one event: (1 - w) (fit - sum of q (P* - p^)) + w max(W, 0), and its gap."""
    priced = event.priced
    fitted = [
        math.fsum(y * p for y, p in zip(row, priced.probabilities, strict=True))
        for row in priced.payoffs
    ]
    columns = zip(*priced.payoffs, strict=True)
    state_losses = [loss_at(quantities, event.marks, payoffs) for payoffs in columns]
    in_full = event.ramp * max(0.0, *state_losses)
    fit = max(0.0, loss_at(quantities, event.marks, fitted))
    sets = [
        [
            (1 - event.ramp) * (fit + loss_at(quantities, fitted, row)) + in_full
            for row in zip(*rows, strict=True)
        ]
        for rows in (prices.at_rho, prices.at_zero)
    ]
    return EventPosition(event, state_losses, *sets, _gap(event, state_losses, gap_quantile))


def loss_at(quantities: Sequence[float], marks: Sequence[float], prices: Sequence[float]) -> float:
    """Loss when each contract moves from its mark to a price: sum of q (mark - price)."""
    return math.fsum(
        q * (mark - price) for q, mark, price in zip(quantities, marks, prices, strict=True)
    )


def _gap(event: Event, state_losses: list[float], gap_quantile: float) -> float:
    if event.gap == "none":
        return 0.0
    worst = max(0.0, *state_losses)
    gap = move_gap(state_losses, event.priced.probabilities, event.gap_information, gap_quantile)
    ends = event.priced.happens
    if event.gap == "resolution" and not ends:
        ends = range(len(state_losses))
    if ends:
        gap = max(gap, event.kappa * max(state_losses[state] for state in ends))
    return min(worst, gap)


def jump_to_resolution(positions: Sequence[EventPosition]) -> float:
    """The largest sum of gaps over one cluster; 0 when nothing is held."""
    by_cluster: dict[Label, list[float]] = {}
    for position in positions:
        by_cluster.setdefault(position.event.cluster, []).append(position.gap)
    return max((math.fsum(gaps) for gaps in by_cluster.values()), default=0.0)
