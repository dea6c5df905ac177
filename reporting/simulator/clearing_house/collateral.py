"""Collateral of every account and the calls that follow from it.

Most accounts post ample collateral and top it up in time. The tight ones keep 1.00 to 1.05 times
their margin, no more: they take the rest back. The scant ones wait for a call and meet it the next
morning. Amounts are centicents.
"""

import numpy as np

from reporting.simulator.clearing_house.roster import Roster
from reporting.simulator.market.listing import Listing
from reporting.simulator.positions import Positions
from reporting.simulator.schedules import Schedule

ASSETS = ("cash", "treasury", "stablecoin", "crypto")
CUSTODIANS = ("CUST-BANK-1", "CUST-BANK-2", "CUST-TRUST-1", "CUST-TRUST-1")
DOLLAR = 10_000
TIGHT = (10_050, 10_450)
"""Basis points of margin that a tight account keeps, at least and at most."""


class Collateral:
    """Value per account and asset before haircut.

    What is tied to an event that the account holds counts for nothing.
    """

    def __init__(
        self, roster: Roster, listing: Listing, schedule: Schedule, rng: np.random.Generator
    ) -> None:
        self._roster = roster
        self._listing = listing
        self._tied_to = schedule.parameters.get("tied_collateral", {})
        self._tied = np.zeros((roster.accounts, len(ASSETS)), bool)
        self._rng = rng
        self.value = np.zeros((roster.accounts, len(ASSETS)), np.int64)
        self.haircut_bps = np.array([schedule["haircuts_bps"][name] for name in ASSETS], np.int64)
        self._opened = np.zeros(roster.accounts, bool)
        # Draws of its own, so that nobody else's collateral depends on these.
        self._tight_bps = np.random.default_rng(rng.integers(2**32)).integers(
            *TIGHT, roster.accounts, endpoint=True
        )

    def after_haircut(self) -> np.ndarray:
        """Collateral value per account; each holding is rounded down."""
        return self.after_falls(dict.fromkeys(ASSETS, 0))

    def tie(self, positions: Positions) -> None:
        """Take in who holds events that some assets are tied to."""
        events = self._listing.events
        for asset, names in self._tied_to.items():
            named = np.array([e.category in names or e.series in names for e in events], bool)
            event = np.array(self._listing.event_of, np.int64)[positions.market]
            self._tied[:, ASSETS.index(asset)] = False
            self._tied[positions.account[named[event]], ASSETS.index(asset)] = True

    def provide(self, initial: np.ndarray, protected: np.ndarray, unable: np.ndarray) -> np.ndarray:
        """Accounts deposit for today's margin; returns the calls that remain.

        ``protected``: value below which an account may not fall today (0: none). Accounts
        that an injected error touches are protected, so that one error is one finding.
        ``unable``: accounts that deposit and withdraw nothing before the cycle.
        """
        tight = self._roster.tight & ~unable
        self._open(initial)
        enough = np.where(self._roster.scant | unable, 0, initial)
        enough = np.maximum(enough, protected)
        short = enough - self.after_haircut()
        factor = 1.1 + 0.5 * self._rng.random(len(initial))
        deposit = _dollars_up(short + (factor - 1) * enough)
        self.value[:, 0] += np.where((short > 0) & ~tight, deposit, 0)
        kept = np.maximum(-(-initial * self._tight_bps // 10_000), protected)
        self.value[tight, 0] = kept[tight]
        return np.maximum(0, initial - self.after_haircut())

    def after_falls(self, falls_bps: dict[str, int]) -> np.ndarray:
        """Collateral value per account after a fall of each asset's price, then the haircut."""
        falls = np.array([falls_bps[name] for name in ASSETS], np.int64)
        left = self.value * (10_000 - falls) // 10_000
        worth = left * (10_000 - self.haircut_bps) // 10_000
        return np.where(self._tied, 0, worth).sum(axis=1)

    def seize(self, account: int) -> int:
        """Take all that an account posted; its value after haircut."""
        worth = int(self.after_haircut()[account])
        self.value[account] = 0
        return worth

    def cover(self, needed: np.ndarray) -> None:
        """Within the day, accounts below their requirement deposit cash."""
        short = needed - self.after_haircut()
        self.value[:, 0] += np.where(short > 0, _dollars_up(short), 0)

    def meet(self, calls: np.ndarray) -> None:
        """Calls are paid in cash."""
        self.value[:, 0] += calls

    def _open(self, initial: np.ndarray) -> None:
        """First deposit of accounts that need margin for the first time."""
        rng = self._rng
        count = len(initial)
        ample, scant = 1.2 + 1.6 * rng.random(count), 0.7 + 0.25 * rng.random(count)
        kind, part = rng.random(count), 0.2 + 0.5 * rng.random(count)
        new = ~self._opened & (initial > 0)
        self._opened |= new
        roster = self._roster
        total = np.where(roster.scant, scant, ample) * initial
        kind = np.where(roster.margined & ~roster.scant & ~roster.tight, kind, 0)
        other = np.digitize(kind, [0.6, 0.85, 0.95])
        for asset in range(1, len(ASSETS)):
            chosen = new & (other == asset)
            value = total * part * 10_000 / (10_000 - self.haircut_bps[asset])
            self.value[:, asset] += np.where(chosen, _dollars_up(value), 0)
            total = np.where(chosen, total * (1 - part), total)
        cash = np.where(roster.scant, (total // DOLLAR) * DOLLAR, _dollars_up(total))
        self.value[:, 0] += np.where(new, cash, 0).astype(np.int64)


def _dollars_up(value: np.ndarray) -> np.ndarray:
    return (np.ceil(np.asarray(value) / DOLLAR) * DOLLAR).astype(np.int64)
