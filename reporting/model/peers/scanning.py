"""Scanning-range margin, as futures clearing houses compute it, for event contracts.

Belongs here: the sixteen scenarios, risk arrays of contracts that pay between two bounds,
and the requirement of a book: scanning risk, charge for spreads within a commodity, credit for
spreads between commodities, minimum for shorts, net option value. Which rates hold for which
event is not here. For comparison only. Method and sources: docs/peers.md.

All integers. A move of the price is rounded to the nearest unit of price (1e-4 USD, halves
away from zero), as published risk arrays are rounded; from there on nothing is rounded but the
credit, which is rounded down.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit

from reporting.model.errors import ModelError
from reporting.model.peers.peer_books import PeerBooks
from reporting.units import BPS


class Scenario(NamedTuple):
    """thirds: price move in thirds of the scanning range, or its sign where extreme;
    volatility: 1 up, -1 down, 0 unchanged; extreme: a multiple of the range, partly covered."""

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
    """The extreme move: how many scanning ranges, and the share of its loss that is covered."""

    multiple: int = 3
    cover_bps: int = 3300

    def __post_init__(self):
        if self.multiple < 0:
            raise ModelError("extreme_multiple", "must not be below zero")
        if not 0 <= self.cover_bps <= BPS:
            raise ModelError("extreme_cover_bps", f"must lie between 0 and {BPS}")


@dataclass(frozen=True)
class ScanRates:
    """What the method knows of each contract: int64 arrays over contracts, in units of price
    per contract unless said.

    price_range: scanning range. spread_charge: per spread of a long and a short in one commodity.
    short_minimum: per short contract. credit_bps: share of the risk of both legs that a spread
    between two commodities of one event gives back.
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
    """What each book needs: int64 arrays over books, micros.

    requirement: sum over commodities of max(short minimum, scanning risk + spread charge -
    spread credit). The four parts are summed over all commodities. net_option_value: what
    the book is worth at the marks, negative for one that is short on balance.
    """

    scanning_risk: np.ndarray
    spread_charge: np.ndarray
    spread_credit: np.ndarray
    short_minimum: np.ndarray
    requirement: np.ndarray
    net_option_value: np.ndarray

    @property
    def premium_paid_requirement(self) -> np.ndarray:
        """The requirement where premiums are paid at the trade: less the net option value,
        not below zero; what ``premium_micros`` of the worst case is for the exact method."""
        return np.maximum(self.requirement - self.net_option_value, 0)


def risk_arrays(
    price_range: np.ndarray, room_up: np.ndarray, room_down: np.ndarray, extreme: Extreme
) -> np.ndarray:
    """Loss of one long contract in each scenario: int64[n, 16] units of price, gains negative.

    price_range, room_up, room_down: int64[n] units of price. The rooms are how far the price
    can go, up to the most and down to the least that the contract pays; no move passes them.
    For a price without bounds give ``extreme.multiple`` ranges or more. Volatility
    moves nothing: the value of an outright contract is its price.
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
            # Twice the thirds and half of six: the nearest whole unit.
            third = (2 * abs(scenario.thirds) * price_range + 3) // 6
            move = np.minimum(third, rooms[sign])
        arrays[:, number] = -sign * move
    return arrays


def scanning_risk(arrays: np.ndarray, quantities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Largest loss of each book over the scenarios, all contracts as one commodity.

    arrays: int64[n, 16] loss of one long; quantities: int64[b, n]. Returns int64[b], not below
    zero, and the number of the first scenario that gives the largest loss, from 1.
    """
    losses = quantities @ arrays
    return np.maximum(losses.max(axis=1), 0), losses.argmax(axis=1) + 1


def scanning_margin(
    books: PeerBooks,
    event: np.ndarray,
    commodity: np.ndarray,
    marks: np.ndarray,
    arrays: np.ndarray,
    rates: ScanRates,
) -> ScanningMargin:
    """The scanning-range requirement of each book.

    event, commodity: int64[n], of each contract, both without gaps and in rising order;
    a commodity lies in one event. marks: int64[n] units of price. arrays: as from
    ``risk_arrays``. Contracts of one commodity move together. Commodities of one event are
    outcomes of which one rises where another falls: two longs, or two shorts, are a spread.
    """
    parts = np.zeros((6, len(books)), dtype=np.int64)
    _scan(
        books.start,
        books.contract,
        books.qty,
        event,
        commodity,
        marks,
        arrays,
        rates.spread_charge,
        rates.short_minimum,
        rates.credit_bps,
        *parts,
    )
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
    # By side, long and short: the commodity of the event that waits for another leg, as one row
    # of free contracts, contracts in spreads, risk of one, share given back, risk and charge,
    # minimum. Free contracts are above zero while there is one.
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
                # Several contracts: the risk of one of them is not known.
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
                    # The other one has no free contract, or there was none.
                    _settle(other, book, credited, required)
                    other[:] = leg
            if i == end or event[contract[i]] != event[first]:
                for side in range(2):
                    _settle(waiting[side], book, credited, required)
                    waiting[side, :] = 0


@njit(nogil=True, cache=True)
def _settle(leg, book, credited, required):
    """Add what a commodity requires, with the credit of its contracts in spreads."""
    amount = leg[1] * leg[2]
    # amount x bps / 10,000 rounded down, without the product.
    credit = amount // BPS * leg[3] + amount % BPS * leg[3] // BPS
    credited[book] += credit
    required[book] += max(leg[5], leg[4] - credit)
