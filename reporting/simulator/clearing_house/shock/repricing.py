"""How far prices move on the shock day: the least severity that does what the scenario says."""

from dataclasses import dataclass

import numpy as np

from reporting.simulator.clearing_house.resources import CommonResources
from reporting.simulator.clearing_house.roster import Roster
from reporting.simulator.clearing_house.shock.record import ShockRecord
from reporting.simulator.market.universe import VenueEvent
from reporting.simulator.positions import Positions
from reporting.simulator.schedules import DAY_SECONDS


@dataclass(frozen=True)
class Standing:
    """The clearing house before the shock. By account, centicents: margin charged, and collateral
    after haircut. ``positions``: margined and others."""

    roster: Roster
    positions: Positions
    initial: np.ndarray
    collateral: np.ndarray
    resources: CommonResources

    @property
    def one_sided(self) -> np.ndarray:
        """The accounts that the shock is against."""
        against = self.roster.crowd.copy()
        against[self.roster.prop] = True
        return against


@dataclass(frozen=True)
class Repricing:
    """The events that reprice, each with the losses of its states, and how hard."""

    severity: float
    events: list[tuple[VenueEvent, np.ndarray]]

    def apply(self) -> None:
        """Move the beliefs; the day's trades then lead to the new closing prices."""
        for event, loss in self.events:
            event.path.tilt(loss, self.severity)


def repricing(
    record: ShockRecord,
    live: list[VenueEvent],
    standing: Standing,
    marks: np.ndarray,
    now_seconds: int,
) -> Repricing:
    """The repricing of the day; ``marks``: of the day before, by market, centicents."""
    events = []
    for event in live:
        left = event.event.seconds_left(now_seconds)
        if event.product.category == record.sector and left > record.within_days * DAY_SECONDS:
            loss = _loss_by_state(event, standing)
            if loss.any():
                events.append((event, loss))
    ranked = [
        (*_distance(record, _losses(events, severity, standing, marks), standing), severity)
        for severity in record.severities
    ]
    return Repricing(min(ranked)[-1], events)


def _loss_by_state(event: VenueEvent, standing: Standing) -> np.ndarray:
    """What the one side loses in each state, from 0 to 1."""
    held = standing.positions
    span = held.range_of(event.event.first_market, event.event.market_count)
    own = standing.one_sided[held.account[span]]
    qty = np.zeros(event.event.market_count, np.int64)
    np.add.at(qty, held.market[span][own] - event.event.first_market, held.qty[span][own])
    loss = -(qty @ event.shape.payoffs).astype(float)
    return (loss - loss.min()) / max(1.0, float(np.ptp(loss)))


def _losses(
    events: list[tuple[VenueEvent, np.ndarray]],
    severity: float,
    standing: Standing,
    marks: np.ndarray,
) -> np.ndarray:
    """What each account loses on its margined positions, centicents."""
    after = np.maximum(marks, 0)
    for event, loss in events:
        after[event.markets] = event.path.prices_of(event.path.tilted(loss, severity))
    held = standing.positions
    change = np.where(held.paid_in_full, 0, held.qty * (after - np.maximum(marks, 0))[held.market])
    lost = np.zeros(held.accounts, np.int64)
    np.add.at(lost, held.account, -change)
    return lost // 100


def _distance(record: ShockRecord, loss: np.ndarray, standing: Standing) -> tuple[int, int]:
    """How far a severity is from the targets: of the default first, then of the accounts."""
    prop = standing.roster.prop
    member = standing.roster.member_of[prop]
    fund = standing.resources.deposited
    others = int(fund.sum() - fund[member])
    unmet = int(loss[prop] - standing.collateral[prop] - fund[member])
    wanted = standing.resources.capital[0] + others * record.fund_used_bps // 10_000
    least, most = record.accounts_beyond_margin
    count = int((loss > standing.initial).sum())
    return max(0, wanted - unmet), max(least - count, count - most, 0)
