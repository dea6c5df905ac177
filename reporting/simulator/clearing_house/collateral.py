"""Collateral of every account, the calls that follow from it, and the common resources.

Most accounts post ample collateral and top it up in time; the scant ones wait for a call
and meet it the next morning. Amounts are centicents.
"""

import numpy as np

from reporting.simulator.clearing_house.roster import Roster
from reporting.simulator.margin.requirement import Requirement
from reporting.simulator.margin.schedules import Schedule

ASSETS = ("cash", "treasury", "stablecoin", "crypto")
CUSTODIANS = ("CUST-BANK-1", "CUST-BANK-2", "CUST-TRUST-1", "CUST-TRUST-1")
DOLLAR = 10_000
_MIN_CONTRIBUTION = 25_000 * DOLLAR
_MIN_CAPITAL = 2_000_000 * DOLLAR


class Collateral:
    """Value per account and asset before haircut."""

    def __init__(self, roster: Roster, schedule: Schedule, rng: np.random.Generator) -> None:
        self._roster = roster
        self._rng = rng
        self.value = np.zeros((roster.accounts, len(ASSETS)), np.int64)
        self.haircut_bps = np.array([schedule["haircuts_bps"][name] for name in ASSETS], np.int64)
        self._opened = np.zeros(roster.accounts, bool)

    def after_haircut(self) -> np.ndarray:
        """Collateral value per account; each holding is rounded down."""
        return (self.value * (10_000 - self.haircut_bps) // 10_000).sum(axis=1)

    def provide(self, initial: np.ndarray, protected: np.ndarray) -> np.ndarray:
        """Accounts deposit for today's margin; returns the calls that remain.

        ``protected``: value below which an account may not fall today (0: none). Accounts
        that an injected error touches are protected, so that one error is one finding.
        """
        self._open(initial)
        enough = np.where(self._roster.scant, 0, initial)
        enough = np.maximum(enough, protected)
        short = enough - self.after_haircut()
        factor = 1.1 + 0.5 * self._rng.random(len(initial))
        deposit = _dollars_up(short + (factor - 1) * enough)
        self.value[:, 0] += np.where(short > 0, deposit, 0)
        return np.maximum(0, initial - self.after_haircut())

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
        kind = np.where(roster.margined & ~roster.scant, kind, 0)
        other = np.digitize(kind, [0.6, 0.85, 0.95])
        for asset in range(1, len(ASSETS)):
            chosen = new & (other == asset)
            value = total * part * 10_000 / (10_000 - self.haircut_bps[asset])
            self.value[:, asset] += np.where(chosen, _dollars_up(value), 0)
            total = np.where(chosen, total * (1 - part), total)
        cash = np.where(roster.scant, (total // DOLLAR) * DOLLAR, _dollars_up(total))
        self.value[:, 0] += np.where(new, cash, 0).astype(np.int64)


class CommonResources:
    """Guaranty fund by member and the house's own layers; they never shrink."""

    def __init__(self, roster: Roster) -> None:
        self.required = self.deposited = np.zeros(len(roster.members), np.int64)
        self.own_capital = _MIN_CAPITAL
        self.insurance = _MIN_CAPITAL // 4
        self.facility = _MIN_CAPITAL // 2

    def update(self, roster: Roster, margin: Requirement) -> None:
        """Size everything on the two affiliate groups that could lose most beyond margin."""
        count = len(roster.members)
        beyond_margin = np.maximum(0, margin.worst_case - margin.initial)
        loss, held = np.zeros(count, np.int64), np.zeros(count, np.int64)
        np.add.at(loss, roster.member_of, beyond_margin)
        np.add.at(held, roster.member_of, margin.initial)
        groups: dict[str, int] = {}
        for number, member in enumerate(roster.members):
            group = member["affiliate_group"]
            groups[group] = groups.get(group, 0) + int(loss[number])
        cover_2 = sum(sorted(groups.values())[-2:])
        share = 0.5 / count + 0.5 * held / max(1, int(held.sum()))
        fund = np.maximum(_MIN_CONTRIBUTION, _dollars_up(1.5 * cover_2 * share))
        self.required = fund
        self.deposited = np.maximum(self.deposited, fund)
        self.own_capital = max(self.own_capital, _thousands_up(0.5 * cover_2))
        self.insurance = max(self.insurance, _thousands_up(0.1 * cover_2))
        self.facility = max(self.facility, _thousands_up(0.25 * cover_2))

    def layers(self) -> list[tuple]:
        """Rows of the resources stream, in order of use."""
        capital = self.own_capital
        return [
            (1, "DEFAULTER-MARGIN", "defaulter_margin", 0, "", "true", "margin of the defaulter"),
            (2, "DEFAULTER-FUND", "defaulter_fund", 0, "", "true", "contribution of the defaulter"),
            (3, "OWN-CAPITAL-1", "own_capital", capital, "", "true", "own capital before others"),
            (4, "SURVIVORS-FUND", "survivors_fund", 0, "", "true", "contributions of the others"),
            (5, "INSURANCE", "insurance", self.insurance, "", "false", "default insurance policy"),
            (6, "ASSESSMENT", "assessment", 0, 10_000, "false", "further calls on the others"),
            (7, "LIQUIDITY", "facility", self.facility, "", "false", "committed credit line"),
            (8, "GAINS-HAIRCUT", "gains_haircut", 0, "", "false", "haircut of variation gains"),
        ]


def _dollars_up(value: np.ndarray) -> np.ndarray:
    return (np.ceil(np.asarray(value) / DOLLAR) * DOLLAR).astype(np.int64)


def _thousands_up(value: float) -> int:
    step = 1_000 * DOLLAR
    return max(1, int(-(-value // step))) * step
