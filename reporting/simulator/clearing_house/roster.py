"""Members and accounts of the simulated clearing house, and who trades how much.

A few market makers hold most of the book, as on a real venue; everybody else follows a
heavy-tailed activity curve.
"""

from dataclasses import dataclass

import numpy as np

from reporting.simulator import text
from reporting.simulator.clearing_house.book import Sides
from reporting.simulator.market.trades import Trades

_NAMES = (
    "Alder Clearing",
    "Birch Securities",
    "Cedar Derivatives",
    "Dogwood Capital Markets",
    "Elm Street Futures",
    "Fir Point Clearing",
    "Ginkgo Brokerage",
    "Hazel Prime",
    "Ironwood Futures",
    "Juniper Execution",
    "Katsura Clearing",
    "Larch Derivatives",
)
# Members by number that default together; all others are groups of their own.
_PAIRS = {1: 0, 4: 3}
_MIXED_SHARE = 0.08
_PAID_IN_FULL_SHARE = 0.3


@dataclass(frozen=True)
class Roster:
    """Members, accounts and their habits. Arrays are per account.

    ``scant`` accounts keep little collateral and are the ones that get margin calls;
    ``mixed`` accounts carry part of their trades fully collateralised.
    """

    members: list[dict]
    account_ids: list[str]
    id_cells: np.ndarray
    member_of: np.ndarray
    house: np.ndarray
    margined: np.ndarray
    mixed: np.ndarray
    scant: np.ndarray
    linked: dict[str, list[int]]
    taker_curve: np.ndarray
    maker_curve: np.ndarray

    @property
    def accounts(self) -> int:
        """Number of accounts."""
        return len(self.account_ids)

    @property
    def ample(self) -> np.ndarray:
        """Accounts with margined trades only and more collateral than required."""
        return self.margined & ~self.mixed & ~self.scant

    def draw_sides(self, trades: Trades, rng: np.random.Generator) -> Sides:
        """Two different accounts for every trade; a sweep has one taker."""
        count = len(trades)
        taker = np.searchsorted(self.taker_curve, rng.random(count), side="right")
        maker = np.searchsorted(self.maker_curve, rng.random(count), side="right")
        same_sweep = np.zeros(count, bool)
        if count:
            same_sweep[1:] = (
                (trades.micros[1:] == trades.micros[:-1])
                & (trades.market[1:] == trades.market[:-1])
                & (trades.taker_yes[1:] == trades.taker_yes[:-1])
            )
            first = np.maximum.accumulate(np.where(same_sweep, 0, np.arange(count)))
            taker = taker[first]
        maker = np.where(maker == taker, (maker + 1) % self.accounts, maker)
        return Sides(taker, maker, self._in_full(taker, rng), self._in_full(maker, rng))

    def _in_full(self, account: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        chosen = rng.random(len(account)) < _PAID_IN_FULL_SHARE
        return ~self.margined[account] | (self.mixed[account] & chosen)


def make_roster(accounts: int, seed: int, linkable: list[str]) -> Roster:
    """Draw the roster; ``linkable`` are event or series tickers for wrong-way accounts."""
    rng = np.random.default_rng([seed, 1])
    members = _members(len(_NAMES) if accounts >= 40 else 8)
    number = np.arange(accounts)
    house = number < len(members)
    member_of = np.where(
        house, number, np.minimum(rng.geometric(0.18, accounts) - 1, len(members) - 1)
    )
    margined = (rng.random(accounts) < 0.58) | house
    mixed = margined & ~house & (rng.random(accounts) < _MIXED_SHARE)
    plain = np.flatnonzero(margined & ~mixed & ~house)
    tied = rng.choice(plain, min(len(plain) // 3, max(3, accounts // 200)), replace=False)
    linked: dict[str, list[int]] = {}
    for place, account in enumerate(tied):
        if linkable:
            linked.setdefault(linkable[place % len(linkable)], []).append(int(account))
    rest = np.setdiff1d(plain, tied)
    scant = np.zeros(accounts, bool)
    scant[rng.choice(rest, min(len(rest) // 2, max(3, accounts // 25)), replace=False)] = True
    ids = [f"A{n + 1:06d}" for n in range(accounts)]
    return Roster(
        members=members,
        account_ids=ids,
        id_cells=text.table(ids),
        member_of=member_of,
        house=house,
        margined=margined,
        mixed=mixed,
        scant=scant,
        linked=linked,
        taker_curve=_curve(rng.permutation(accounts), 0.8),
        maker_curve=_curve(np.arange(accounts), 1.1),
    )


def account_rows(roster: Roster) -> list[tuple]:
    """Rows of the accounts stream."""
    rows = []
    for number, account_id in enumerate(roster.account_ids):
        house = bool(roster.house[number])
        member = roster.members[roster.member_of[number]]
        rows.append(
            (
                account_id,
                member["member_id"],
                "house" if house else "customer",
                "house" if house else "cleared_swaps_customer",
                member["lei"] if house else "",
                "" if house else f"OWNER-{number + 1:06d}",
                ";".join(t for t, tied in roster.linked.items() if number in tied),
                "true" if roster.margined[number] else "false",
            )
        )
    return rows


def owners(roster: Roster) -> list[str]:
    """The beneficial owner of each account: by its LEI, else its id, else the account itself."""
    return [row[4] or row[5] or row[0] for row in account_rows(roster)]


def _members(count: int) -> list[dict]:
    return [
        {
            "member_id": f"M{number + 1:02d}",
            "name": _NAMES[number] + " (simulated)",
            "lei": _lei(number),
            "affiliate_group": f"G{_PAIRS.get(number, number) + 1:02d}",
            "clears_for": "both",
            "status": "active",
        }
        for number in range(count)
    ]


def _lei(number: int) -> str:
    """A fictitious identifier with valid check digits (ISO 17442: mod 97 is 1)."""
    body = f"9999{'SIMULATED':0<10}{number + 1:04d}"
    digits = "".join(str(int(char, 36)) for char in body + "00")
    return f"{body}{98 - int(digits) % 97:02d}"


def _curve(rank: np.ndarray, power: float) -> np.ndarray:
    weight = 1.0 / (rank + 1.0) ** power
    curve = np.cumsum(weight)
    curve /= curve[-1]
    curve[-1] = 1.0
    return curve
