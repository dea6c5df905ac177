"""Who trades what and which way: the funds' positions are on purpose, all others are chance.

A fund wants so many contracts of each far market and trades towards them: it sells what it has too
much of. So its position is about as large as wanted after some days and stays there. Others mostly
close a far position with their next trade.
"""

from dataclasses import replace

import numpy as np

from reporting.simulator.clearing_house.book import Sides
from reporting.simulator.clearing_house.roster import MAKERS, Roster, firsts_of_sweeps
from reporting.simulator.market.listing import Listing
from reporting.simulator.market.prices import ORDERED
from reporting.simulator.market.trades import Trades
from reporting.simulator.positions import Positions
from reporting.simulator.schedules import DAY_SECONDS

FAR_DAYS = 30
_WANTED_QTY = 14_000
"""Hundredths of a contract that a fund of usual size wants of an event."""
_PROP_SIZE = 28.0
_LEAN = 2.5
"""How much more than usual one of the crowd wants in the sector, and how much less elsewhere."""
_TAKES_PART = 0.15
_STRAYS = 0.1
"""Share of a fund's trades that go the other way all the same."""


class Flow:
    """Draws the accounts of trades, and the direction of those in which a fund takes."""

    def __init__(self, roster: Roster, listing: Listing, sector: str, seed: int) -> None:
        self._roster, self._listing, self._sector, self._seed = roster, listing, sector, seed
        size = np.random.default_rng([seed, 12]).lognormal(0.0, 0.4, roster.accounts)
        self._size = np.where(roster.funds, size, 0.0)
        self._size[roster.prop] = _PROP_SIZE
        self._has_purpose = self._size > 0
        self._frozen = False

    def freeze(self) -> None:
        """From now on the member's own fund trades no more."""
        self._frozen = True

    def draw(
        self, trades: Trades, positions: Positions, now_seconds: int, rng: np.random.Generator
    ) -> tuple[Trades, Sides]:
        """The trades in the directions that their takers want, and both accounts of each."""
        far = self._is_far(now_seconds)[trades.market]
        sides = self._roster.draw_sides(trades, rng, far)
        first = firsts_of_sweeps(trades)
        stray = rng.random(len(trades))[first] < _STRAYS
        purpose = rng.random(len(trades))[first]
        prop = self._roster.prop
        taker = sides.taker.copy()
        on_purpose = far & self._has_purpose[taker]
        for market in np.unique(trades.market[on_purpose]).tolist():
            rows = np.flatnonzero(on_purpose & (trades.market == market))
            taker[rows] = self._one_of(market, purpose[rows])
        maker = sides.maker
        maker = np.where((maker == prop) | (maker == taker), (taker + 1) % MAKERS, maker)
        sides = replace(sides, taker=taker, maker=maker)
        wanted = self.wanted(taker, trades.market)
        held = _held(positions, trades.market, taker)
        # Whoever wants nothing closes what is open.
        decided = far & (self._has_purpose[taker] | (held != 0)) & ~stray
        taker_yes = np.where(decided, wanted > held, trades.taker_yes)
        return replace(trades, taker_yes=taker_yes[first]), sides

    def _one_of(self, market: int, draws: np.ndarray) -> np.ndarray:
        """Funds that want some of a market, the more the likelier; a market maker if none does."""
        accounts = np.flatnonzero(self._has_purpose)
        wanted = np.abs(self.wanted(accounts, np.full(len(accounts), market)))
        if self._frozen:
            wanted[accounts == self._roster.prop] = 0
        if not wanted.any():
            return np.full(len(draws), market % MAKERS)
        curve = np.cumsum(wanted) / wanted.sum()
        return accounts[np.minimum(np.searchsorted(curve, draws, "right"), len(curve) - 1)]

    def wanted(self, account: np.ndarray, market: np.ndarray) -> np.ndarray:
        """How many hundredths of a contract of a market each account wants: int64[n]."""
        events = [self._listing.events[e] for e in self._listing.event_of]
        event = np.array(self._listing.event_of, np.int64)[market]
        sector = np.array([e.category == self._sector for e in events])[market]
        ordered = np.array([e.structure in ORDERED for e in events])[market]
        count = np.array([e.market_count for e in events])[market]
        # One view of an ordered event; of rivals, one of each.
        what = np.where(ordered, event, 1_000_000 + market)
        together = sector & (self._roster.crowd[account] | (account == self._roster.prop))
        # The crowd bets on one outcome of the whole sector: on, or against, all in office.
        what = np.where(together & ordered, 2_000_000, what)
        who = np.where(together, self._roster.accounts, account)
        side = np.where(_coin(self._seed, who, what) < 0.5, -1, 1)
        part = together | (_coin(self._seed + 1, account, event) < _TAKES_PART)
        part &= (account != self._roster.prop) | sector
        lean = np.where(sector, _LEAN, 1 / _LEAN)
        size = self._size[account] * np.where(self._roster.crowd[account], lean, 1.0)
        return (side * part * _WANTED_QTY * size / count).astype(np.int64)

    def _is_far(self, now_seconds: int) -> np.ndarray:
        """Whether each market is far from its end."""
        least = FAR_DAYS * DAY_SECONDS
        far = np.array([e.seconds_left(now_seconds) >= least for e in self._listing.events])
        return far[self._listing.event_of]


def _held(positions: Positions, market: np.ndarray, account: np.ndarray) -> np.ndarray:
    """Margined positions of the accounts in the markets."""
    key = positions.make_key(market, account, 0)
    if not len(positions.key):
        return np.zeros(len(key), np.int64)
    place = np.minimum(np.searchsorted(positions.key, key), len(positions.key) - 1)
    return np.where(positions.key[place] == key, positions.qty[place], 0)


def _coin(seed: int, who: np.ndarray, what: np.ndarray) -> np.ndarray:
    """A fixed number between 0 and 1 for each pair (the finaliser of splitmix64)."""
    mixed = (
        np.asarray(who, np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        + np.asarray(what, np.uint64) * np.uint64(0xD1B54A32D192ED03)
        + np.uint64(seed * 0x8CB92BA72F3D8DD7 % 2**64)
    )
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return (mixed ^ (mixed >> np.uint64(31))) / 2.0**64
