"""Members and accounts of the simulated clearing house, and who trades how much.

The houses of the first members are market makers: they are on the other side of most trades, in all
markets. Funds hold many far events on margin, institutions trade a bit of everything, and retail
pays in full. One member's house runs a fund of its own, in one sector only.
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
MAKERS = 5
_MARGINED_SHARE, _FUND_SHARE, _MIXED_SHARE = 0.58, 0.12, 0.08
_PAID_IN_FULL_SHARE = 0.3
_TIGHT_SHARE = 0.25
"""Of the margined accounts: those that keep no more collateral than they must."""
_CROWD = 3
"""Funds that hold the same side in the sector of the member's own fund."""


@dataclass(frozen=True)
class Roster:
    """Members, accounts and their habits. Arrays are per account.

    ``scant`` accounts keep too little collateral and are the ones that get margin calls; ``tight``
    ones keep hardly more than they must. ``mixed`` accounts carry part of their trades fully
    collateralised. ``funds`` take positions in far events; those of the ``crowd`` are on one side
    of a sector, as is ``prop``, the house account of a member that trades nothing else.
    """

    members: list[dict]
    account_ids: list[str]
    id_cells: np.ndarray
    member_of: np.ndarray
    house: np.ndarray
    margined: np.ndarray
    mixed: np.ndarray
    scant: np.ndarray
    tight: np.ndarray
    funds: np.ndarray
    crowd: np.ndarray
    prop: int
    linked: dict[str, list[int]]
    near_curve: np.ndarray
    far_curve: np.ndarray
    maker_curve: np.ndarray

    @property
    def accounts(self) -> int:
        """Number of accounts."""
        return len(self.account_ids)

    @property
    def ample(self) -> np.ndarray:
        """Accounts with margined trades only and more collateral than required."""
        return self.margined & ~self.mixed & ~self.scant

    def draw_sides(
        self, trades: Trades, rng: np.random.Generator, far: np.ndarray | None = None
    ) -> Sides:
        """Two different accounts for every trade; a sweep has one taker.

        ``far``: whether each trade is in an event far from its end, where funds trade.
        """
        count = len(trades)
        draw = rng.random(count)
        taker = np.searchsorted(self.near_curve, draw, side="right")
        if far is not None:
            taker = np.where(far, np.searchsorted(self.far_curve, draw, side="right"), taker)
        maker = np.searchsorted(self.maker_curve, rng.random(count), side="right")
        taker = taker[firsts_of_sweeps(trades)]
        maker = np.where(maker == taker, (maker + 1) % self.accounts, maker)
        return Sides(taker, maker, self._in_full(taker, rng), self._in_full(maker, rng))

    def _in_full(self, account: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        chosen = rng.random(len(account)) < _PAID_IN_FULL_SHARE
        return ~self.margined[account] | (self.mixed[account] & chosen)


def firsts_of_sweeps(trades: Trades) -> np.ndarray:
    """Per trade the place of the first trade of its sweep: int64[n]."""
    same = np.zeros(len(trades), bool)
    same[1:] = (
        (trades.micros[1:] == trades.micros[:-1])
        & (trades.market[1:] == trades.market[:-1])
        & (trades.taker_yes[1:] == trades.taker_yes[:-1])
    )
    return np.maximum.accumulate(np.where(same, 0, np.arange(len(trades))))


def make_roster(accounts: int, seed: int, linkable: list[str]) -> Roster:
    """Draw the roster; ``linkable`` are event or series tickers for wrong-way accounts."""
    rng = np.random.default_rng([seed, 1])
    members = _members(len(_NAMES) if accounts >= 40 else 8)
    number = np.arange(accounts)
    house = number < len(members)
    member_of = np.where(
        house, number, np.minimum(rng.geometric(0.18, accounts) - 1, len(members) - 1)
    )
    margined = (rng.random(accounts) < _MARGINED_SHARE) | house
    customers = np.flatnonzero(margined & ~house)
    prop = int(rng.integers(MAKERS, len(members)))
    count = max(2, round(_FUND_SHARE * accounts))
    chosen = rng.choice(customers, min(len(customers) // 3, count), replace=False)
    funds, crowd = np.zeros(accounts, bool), np.zeros(accounts, bool)
    funds[chosen] = True
    crowd[[n for n in chosen if member_of[n] != prop][:_CROWD]] = True
    mixed = margined & ~house & ~funds & (rng.random(accounts) < _MIXED_SHARE)
    plain = np.flatnonzero(margined & ~mixed & ~house & ~funds)
    tied = rng.choice(plain, min(len(plain) // 3, max(3, accounts // 200)), replace=False)
    linked: dict[str, list[int]] = {}
    for place, account in enumerate(tied):
        if linkable:
            linked.setdefault(linkable[place % len(linkable)], []).append(int(account))
    rest = np.setdiff1d(plain, tied)
    scant = np.zeros(accounts, bool)
    scant[rng.choice(rest, min(len(rest) // 2, max(3, accounts // 25)), replace=False)] = True
    # The crowd first: what makes a loss larger than margin is margin without a reserve.
    able = rng.permutation(np.flatnonzero(margined & ~scant & ~crowd & (number != prop)))
    wanted = round(_TIGHT_SHARE * int(margined.sum()))
    tight = np.zeros(accounts, bool)
    tight[[prop, *np.flatnonzero(crowd), *able][:wanted]] = True
    ids = [f"A{n + 1:06d}" for n in range(accounts)]
    near, far = _activity(rng.permutation(accounts), margined, house, funds, prop)
    return Roster(
        members=members,
        account_ids=ids,
        id_cells=text.table(ids),
        member_of=member_of,
        house=house,
        margined=margined,
        mixed=mixed,
        scant=scant,
        tight=tight,
        funds=funds,
        crowd=crowd,
        prop=prop,
        linked=linked,
        near_curve=_curve(near),
        far_curve=_curve(far),
        maker_curve=_curve(1.0 / (np.arange(accounts) + 1.0) ** 1.1 * (number != prop)),
    )


def _activity(
    rank: np.ndarray, margined: np.ndarray, house: np.ndarray, funds: np.ndarray, prop: int
) -> tuple[np.ndarray, np.ndarray]:
    """How often each account takes a trade, in near and in far events."""
    usual = 1.0 / (rank + 1.0) ** 0.8
    near = usual.copy()
    near[funds] = near[prop] = 0.0
    others = np.where(margined & ~house, 1.0, 0.5) * usual
    others[funds] = others[prop] = 0.0
    far = 0.2 * others / max(others.sum(), 1e-9)
    far[funds] += 0.62 / max(1, int(funds.sum()))
    far[prop] += 0.25
    return near, far


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


def _curve(weight: np.ndarray) -> np.ndarray:
    curve = np.cumsum(weight)
    curve /= curve[-1]
    curve[-1] = 1.0
    return curve
