"""Scanning-range margin of futures clearing houses, applied to event contracts.

Belongs here: the sixteen scenarios, the risk arrays of contracts with bounded payoffs, and the
requirement of a book: scanning risk, intracommodity spread charge, intercommodity spread
credit, short minimum, net option value. The caller supplies the rates. For comparison only.
Method and sources: docs/peers.md.

All integers. Price moves are rounded to the nearest unit of price (1e-4 USD, halves away from
zero), like published risk arrays. After that only the credit is rounded, downwards.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit

from reporting.model.errors import ModelError
from reporting.model.peers.peer_books import PeerBooks
from reporting.units import BPS


class Scenario(NamedTuple):
    """One of the sixteen scenarios.

    thirds: price move in thirds of the scanning range (its sign only, if extreme); volatility:
    1 up, -1 down, 0 unchanged; extreme: a multiple of the range, partly covered.
    """

    thirds: int
    volatility: int
    extreme: bool


SCENARIOS = (
    *(
        Scenario(thirds, volatility, False)
        for thirds in (0, 1, -1, 2, -2, 3, -3)
        for volatility in (1, -1)
    ),
    Scenario(1, 0, True),
    Scenario(-1, 0, True),
)
"""The sixteen, in the published order."""


@dataclass(frozen=True)
class Extreme:
    """The extreme move: its size in scanning ranges, and the share of its loss that counts."""

    multiple: int = 3
    cover_bps: int = 3300

    def __post_init__(self):
        if self.multiple < 0:
            raise ModelError("extreme_multiple", "must not be below zero")
        if not 0 <= self.cover_bps <= BPS:
            raise ModelError("extreme_cover_bps", f"must lie between 0 and {BPS}")


@dataclass(frozen=True)
class ScanRates:
    """Rates by contract: int64 arrays, in units of price per contract unless stated.

    price_range: scanning range. spread_charge: per spread of a long and a short in one
    commodity. short_minimum: per short contract. credit_bps: share of the risk of both legs
    credited for a spread between two commodities of one event, basis points.
    """

    price_range: np.ndarray
    spread_charge: np.ndarray
    short_minimum: np.ndarray
    credit_bps: np.ndarray

    def __post_init__(self):
        for name in ("price_range", "spread_charge", "short_minimum", "credit_bps"):
            if (getattr(self, name) < 0).any():
                raise ModelError(name, "must not be below zero")
        if (self.credit_bps > BPS).any():
            raise ModelError("credit_bps", f"must not be above {BPS}")


@dataclass(frozen=True)
class ScanningMargin:
    """Margin of each book: int64 arrays over books, micros.

    requirement: sum over commodities of max(short minimum, scanning risk + spread charge -
    spread credit). The four parts are summed over commodities. net_option_value: value of the
    book at the marks, negative if it is net short.
    """

    scanning_risk: np.ndarray
    spread_charge: np.ndarray
    spread_credit: np.ndarray
    short_minimum: np.ndarray
    requirement: np.ndarray
    net_option_value: np.ndarray

    @property
    def premium_paid_requirement(self) -> np.ndarray:
        """The requirement if premiums are paid at the trade: less net option value, at least 0.

        Comparable with ``premium_micros`` of the exact worst case.
        """
        return np.maximum(self.requirement - self.net_option_value, 0)


def risk_arrays(
    price_range: np.ndarray, room_up: np.ndarray, room_down: np.ndarray, extreme: Extreme
) -> np.ndarray:
    """Loss of one long contract in each scenario: int64[n, 16] units of price, gains negative.

    price_range, room_up, room_down: int64[n] units of price. The rooms are the distances from
    the price to the maximum and minimum payoff; moves are capped there. For an unbounded price
    give ``extreme.multiple`` ranges or more. Volatility has no effect: the value of an outright
    contract is its price.
    """
    arrays = np.zeros((len(price_range), len(SCENARIOS)), dtype=np.int64)
    rooms = {1: np.maximum(room_up, 0), -1: np.maximum(room_down, 0)}
    for number, scenario in enumerate(SCENARIOS):
        if not scenario.thirds:
            continue
        sign = 1 if scenario.thirds > 0 else -1
        if scenario.extreme:
            far = np.minimum(extreme.multiple * price_range, rooms[sign])
            move = (far * extreme.cover_bps + BPS // 2) // BPS
        else:
            # (2 x thirds x range + 3) // 6 rounds thirds x range / 3 to the nearest unit.
            third = (2 * abs(scenario.thirds) * price_range + 3) // 6
            move = np.minimum(third, rooms[sign])
        arrays[:, number] = -sign * move
    return arrays


def scanning_margin(
    books: PeerBooks,
    event: np.ndarray,
    commodity: np.ndarray,
    marks: np.ndarray,
    arrays: np.ndarray,
    rates: ScanRates,
) -> ScanningMargin:
    """The scanning-range requirement of each book.

    event, commodity: int64[n], of each contract, both increasing without gaps; a commodity
    belongs to one event. marks: int64[n] units of price. arrays: from ``risk_arrays``.
    Contracts of one commodity move together. Commodities of one event are competing outcomes:
    one rises when another falls, so two longs, or two shorts, form a spread.
    """
    parts = np.zeros((6, len(books)), dtype=np.int64)
    charges = rates.spread_charge, rates.short_minimum, rates.credit_bps
    positions = books.start, books.contract, books.qty
    _scan(*positions, event, commodity, marks, arrays, *charges, *parts)
    return ScanningMargin(*parts)


@njit(nogil=True, cache=True)
def _scan(
    start,
    contract,
    qty,
    event,
    commodity,
    marks,
    arrays,
    spread_charge,
    short_minimum,
    credit_bps,
    scanned,
    charged,
    credited,
    minimum,
    required,
    value,
):
    losses = np.zeros(arrays.shape[1], dtype=np.int64)
    # One row per side (long, short): the commodity of the event that waits for another leg, as
    # free contracts, contracts in spreads, risk of one contract, credit share, risk and charge,
    # minimum. A row is in use while its free contracts are above zero.
    waiting = np.zeros((2, 6), dtype=np.int64)
    leg = np.zeros(6, dtype=np.int64)
    for book in range(len(start) - 1):
        i, end = start[book], start[book + 1]
        while i < end:
            first = contract[i]
            losses[:] = 0
            begin, held, long, short, floor, charge = i, 0, 0, 0, 0, 0
            while i < end and commodity[contract[i]] == commodity[first]:
                c = contract[i]
                held = qty[i]
                for s in range(len(losses)):
                    losses[s] += held * arrays[c, s]
                value[book] += held * marks[c]
                long += max(held, 0)
                short += max(-held, 0)
                floor += max(-held, 0) * short_minimum[c]
                charge = max(charge, spread_charge[c])
                i += 1
            risk = max(losses.max(), 0)
            charge *= min(long, short)
            scanned[book] += risk
            charged[book] += charge
            minimum[book] += floor
            if i > begin + 1:
                # With several contracts in a commodity, the risk of a single one is unknown.
                required[book] += max(floor, risk + charge)
            else:
                side = int(held < 0)
                other = waiting[side]
                size = abs(held)
                leg[0], leg[1], leg[2] = size, 0, risk // size
                leg[3], leg[4], leg[5] = credit_bps[first], risk, floor
                paired = min(leg[0], other[0])
                leg[0] -= paired
                leg[1] += paired
                other[0] -= paired
                other[1] += paired
                if leg[0] == 0:
                    _settle(leg, book, credited, required)
                else:
                    # The waiting commodity has no free contract left, or there was none.
                    _settle(other, book, credited, required)
                    other[:] = leg
            if i == end or event[contract[i]] != event[first]:
                for side in range(2):
                    _settle(waiting[side], book, credited, required)
                    waiting[side, :] = 0


@njit(nogil=True, cache=True)
def _settle(leg, book, credited, required):
    """Add the requirement of a commodity, net of the credit for its contracts in spreads."""
    amount = leg[1] * leg[2]
    # amount x bps / 10,000 rounded down, without forming the product.
    credit = amount // BPS * leg[3] + amount % BPS * leg[3] // BPS
    credited[book] += credit
    required[book] += max(leg[5], leg[4] - credit)
