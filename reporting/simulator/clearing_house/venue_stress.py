"""The clearing house's own stress of the day: what each member could lose beyond margin.

For each group of affiliates, every event ends in the state that costs the group most, all at once,
and collateral falls. It is the rule by which the fund is sized, not the second line's stress test.
"""

from dataclasses import dataclass

import numpy as np

from reporting.simulator.clearing_house.roster import Roster
from reporting.simulator.margin.requirement import Requirement
from reporting.simulator.market.listing import Event, Listing
from reporting.simulator.positions import Positions

FALLS_BPS = {"cash": 0, "treasury": 400, "stablecoin": 1_000, "crypto": 5_000}
"""Fall of the value of each collateral asset."""


@dataclass(frozen=True)
class VenueStress:
    """Stress of a date by member: loss before and beyond margin in centicents, and open interest in
    1e-2 contracts."""

    loss: np.ndarray
    beyond_margin: np.ndarray
    open_interest: np.ndarray


def group_numbers(roster: Roster) -> np.ndarray:
    """The number of each member's group of affiliates."""
    names = [member["affiliate_group"] for member in roster.members]
    return np.unique(names, return_inverse=True)[1]


def venue_stress(
    positions: Positions,
    roster: Roster,
    listing: Listing,
    marks: np.ndarray,
    margin: Requirement,
    kept: np.ndarray,
) -> VenueStress:
    """The stress of a close; ``kept``: collateral of each account after its fall, centicents."""
    available = np.minimum(margin.initial, kept)
    found = [
        _of_members(roster, loss, available)
        for loss in _losses(positions, roster, listing, marks).T
    ]
    loss, beyond = (np.maximum(*part) for part in zip(*found, strict=True))
    return VenueStress(loss, beyond, _interest(positions, roster))


def _losses(
    positions: Positions, roster: Roster, listing: Listing, marks: np.ndarray
) -> np.ndarray:
    """Losses of the accounts in two scenarios, centicents: accounts x 2.

    The state that costs a group most is judged with its customers netted, and with their losses
    alone: no single choice is the worst for every group.
    """
    group = group_numbers(roster)[roster.member_of]
    total = np.zeros((roster.accounts, 2), np.int64)
    event_of = np.array(listing.event_of, np.int64)
    for number in np.unique(event_of[positions.market]).tolist():
        event = listing.events[number]
        account, held = _holdings(positions, event)
        price = np.maximum(marks[event.markets.start : event.markets.stop], 0)
        of_state = held @ (price[:, None] - event.payoffs)
        for affiliates in np.unique(group[account]).tolist():
            own = group[account] == affiliates
            for scenario, counted in enumerate((of_state[own], np.maximum(of_state[own], 0))):
                worst = int(counted.sum(axis=0).argmax())
                np.add.at(total[:, scenario], account[own], of_state[own, worst])
    return -(-total // 100)


def _holdings(positions: Positions, event: Event) -> tuple[np.ndarray, np.ndarray]:
    """The accounts with a position in the event and what they hold, accounts x markets."""
    span = positions.range_of(event.first_market, event.market_count)
    account, row = np.unique(positions.account[span], return_inverse=True)
    held = np.zeros((len(account), event.market_count), np.int64)
    np.add.at(held, (row, positions.market[span] - event.first_market), positions.qty[span])
    return account, held


def _of_members(
    roster: Roster, loss: np.ndarray, margin: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Loss of each member, and that beyond margin.

    Customers are not netted with one another; a gain of the house pays for them.
    """
    beyond = np.maximum(loss - margin, 0)
    gain = np.where(roster.house, np.maximum(-loss, 0), 0)
    sums = np.zeros((4, len(roster.members)), np.int64)
    for total, part in zip(
        sums,
        (
            np.where(roster.house, 0, beyond),
            np.where(roster.house, beyond, 0),
            gain,
            np.maximum(loss, 0),
        ),
        strict=True,
    ):
        np.add.at(total, roster.member_of, part)
    customers, house, gains, gross = sums
    return gross, np.maximum(customers - gains, 0) + house


def _interest(positions: Positions, roster: Roster) -> np.ndarray:
    total = np.zeros(len(roster.members), np.int64)
    np.add.at(total, roster.member_of[positions.account], np.abs(positions.qty))
    return total
