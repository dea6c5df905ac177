"""The venue's margin: every outcome of every event, written out and added up.

One event is a table of accounts by markets (positions) times markets by states (payoffs);
the worst state is the worst case. No closed forms here: the system under test has those.
"""

from dataclasses import dataclass

import numpy as np

from reporting.simulator.book import Positions
from reporting.simulator.listing import Event, Listing
from reporting.simulator.margin.schedules import Schedule


@dataclass(frozen=True)
class Requirement:
    """Margin per account, all in centicents and rounded up; ``held`` has a row."""

    held: np.ndarray
    worst_case: np.ndarray
    core: np.ndarray
    initial: np.ndarray
    maintenance: np.ndarray


def requirement(
    positions: Positions,
    marks: np.ndarray,
    listing: Listing,
    schedule: Schedule,
    linked: dict[str, list[int]],
    cycle_seconds: int,
    netting: bool = True,
) -> Requirement:
    """Margin of all accounts at the cycle time.

    ``marks``: centicents per market. ``linked``: event or series ticker -> accounts tied to
    its outcome (wrong-way), for which the ramp is always full. ``netting`` False adds up
    each market's own worst case instead of the event's.

    An event's worst case may be below zero (marks that promise a sure gain). It offsets
    the account's other events of the same book; no sum of a book goes below zero.
    """
    accounts = positions.accounts
    worst = np.zeros(accounts, np.int64)
    paid_in_full = np.zeros(accounts, np.int64)
    ramped = np.zeros(accounts, np.int64)
    jump = np.zeros(accounts, np.int64)
    for number in np.unique(np.array(listing.event_of, np.int64)[np.unique(positions.market)]):
        event = listing.events[number]
        account, in_full, loss = _event_worst(positions, marks, event, netting)
        paid_in_full[account[in_full]] += loss[in_full]
        account, loss = account[~in_full], loss[~in_full]
        worst[account] += loss
        jump[account] = np.maximum(jump[account], loss)
        weighted = _ramp(loss, event, schedule, cycle_seconds)
        tied = linked.get(event.ticker, []) + linked.get(event.series, [])
        ramped[account] += np.where(np.isin(account, tied), loss, weighted)
    worst, paid_in_full = np.maximum(worst, 0), np.maximum(paid_in_full, 0)
    floor = _up(schedule["core_floor_bps"] * worst, 10_000)
    core = np.maximum(np.maximum(ramped, jump), floor)
    initial = _up(np.minimum(worst, core), 100) + _up(paid_in_full, 100)
    held = np.zeros(accounts, bool)
    held[positions.account] = True
    return Requirement(
        held=held,
        worst_case=_up(worst, 100) + _up(paid_in_full, 100),
        core=_up(core, 100) + _up(paid_in_full, 100),
        initial=initial,
        maintenance=maintenance(initial, schedule),
    )


def maintenance(initial: np.ndarray, schedule: Schedule) -> np.ndarray:
    """Maintenance margin of an initial margin, centicents, rounded up."""
    return _up(schedule["maintenance_bps"] * initial, 10_000)


def _event_worst(
    positions: Positions, marks: np.ndarray, event: Event, netting: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Accounts with a position in the event, whether paid in full, and their worst loss."""
    span = positions.range_of(event.first_market, event.market_count)
    key, qty = positions.key[span], positions.qty[span]
    width = 2 * positions.accounts
    books, row = np.unique(key % width, return_inverse=True)
    held = np.zeros((len(books), event.market_count), np.int64)
    held[row, key // width - event.first_market] = qty
    price = marks[event.first_market : event.first_market + event.market_count]
    # What one YES loses in each state, markets x states; untraded markets are held by nobody.
    loss_of_one = np.maximum(price, 0)[:, None] - event.payoffs
    if event.void_at_mark:
        loss_of_one = np.hstack([loss_of_one, np.zeros((event.market_count, 1), np.int64)])
    if netting and not event.separate:
        loss = (held @ loss_of_one).max(axis=1)
    else:
        loss = sum(
            (held[:, [market]] * loss_of_one[market]).max(axis=1)
            for market in range(event.market_count)
        )
    return books // 2, books % 2 == 1, loss


def _ramp(loss: np.ndarray, event: Event, schedule: Schedule, cycle_seconds: int) -> np.ndarray:
    """Loss weighted by nearness of the resolution; an unknown one counts as now."""
    left = 0 if event.resolution_seconds is None else event.resolution_seconds - cycle_seconds
    full, none = schedule.ramp_seconds(event.category)
    if left <= full:
        return loss
    if left >= none:
        return np.zeros_like(loss)
    # In two steps, because loss times seconds may not fit into 64 bits.
    whole, rest = loss // (none - full), loss % (none - full)
    return whole * (none - left) + _up(rest * (none - left), none - full)


def _up(value: np.ndarray, divisor: int) -> np.ndarray:
    return -(-value // divisor)
