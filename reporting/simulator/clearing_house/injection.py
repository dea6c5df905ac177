"""Injection of errors into the reports of the simulated clearing house.

Each error is material (a mark that moved, netting worth more than 1 %), no account has two, and
affected accounts get no margin call: margin errors go to accounts with ample collateral, call
errors to accounts with scant collateral.
"""

from dataclasses import replace
from datetime import date

import numpy as np

from reporting.simulator.clearing_house.figures import Figures
from reporting.simulator.clearing_house.injected_errors import (
    RULES,
    InjectedError,
    error_plan,
)
from reporting.simulator.margin.requirement import AMOUNTS, MarginModel, Requirement
from reporting.simulator.positions import Positions

MIN_MARGIN = 50_000
MIN_MOVE = 300
MIN_CALL = 10_000
"""Centicents: smaller errors would not be material."""
_TRIES = 200
_ASKED = 300
"""Number of accounts whose wrong margin is computed, to choose one of them."""


class Injector:
    """Chooses the place of each planned error; an error without a place waits a day."""

    def __init__(
        self,
        days: int,
        seed: int,
        tickers: list[str],
        account_ids: list[str],
        eligible: np.ndarray,
        quiet: int | None = None,
    ) -> None:
        self._rng = np.random.default_rng([seed, 2])
        self._pending = error_plan(days, quiet)
        self._tickers = tickers
        self._account_ids = account_ids
        self._eligible = eligible.copy()
        self.errors: list[InjectedError] = []

    def due(self, index: int, kind: str) -> bool:
        """Whether an error of the kind should be made on this day."""
        return any(planned <= index and name == kind for planned, name in self._pending)

    def stale_mark(
        self, positions: Positions, marks: np.ndarray, previous: np.ndarray, traded: np.ndarray
    ) -> int | None:
        """The market with the repeated price: it moved, and few accounts hold it."""
        holders = np.bincount(positions.market, minlength=len(marks))
        moved = np.abs(marks - previous) >= MIN_MOVE
        fits = np.flatnonzero(moved & traded & (previous > 0) & (holders >= 2))
        if not len(fits):
            return None
        few = fits[np.argsort(holders[fits], kind="stable")][: max(1, len(fits) // 5)]
        return int(self._rng.choice(few))

    def record_stale_mark(self, figures: Figures, market: int, wrong: Requirement) -> None:
        """Record the stale mark and all accounts that hold the market or are charged differently.

        Other markets of the same event have different scenario prices, too.
        """
        held = figures.positions.account[figures.positions.market == market]
        figures.touched[held] = True
        self._copy(figures, wrong.held, wrong)
        for name in AMOUNTS:
            figures.touched |= getattr(figures.true, name) != getattr(figures.reported, name)
        words = (
            f"yesterday's {figures.reported_marks[market] / 10_000:.4f} repeated, "
            f"last trade was at {figures.marks[market] / 10_000:.4f}"
        )
        self._record(figures.day, "STALE_MARK", self._tickers[market], words)

    def figure_errors(self, index: int, figures: Figures, models: list[MarginModel]) -> None:
        """Every error that is due, except the stale mark and those in calls.

        ``models``: today's under each schedule, the one in force last.
        """
        for kind in RULES:
            make = getattr(self, f"_{kind.lower()}", None)
            if make is not None and self.due(index, kind):
                make(figures, models)

    def late_call(self, calls: np.ndarray, touched: np.ndarray) -> int | None:
        """The account that meets its call late."""
        fits = np.flatnonzero((calls > 0) & ~touched)
        return int(self._rng.choice(fits)) if len(fits) else None

    def record_late_call(self, day: date, account: int, call_id: str) -> None:
        """Record a call that is met late."""
        self._eligible[account] = False
        self._record(day, "LATE_CALL", call_id, "met after it was due, reported as met")

    def short_call(self, figures: Figures, calls: np.ndarray) -> None:
        """Halve the call of one account, if one is large enough for a material error."""
        large = calls > np.maximum(figures.true.initial // 100, MIN_CALL)
        fits = np.flatnonzero(large & ~figures.touched)
        if not len(fits):
            return
        account = int(self._rng.choice(fits))
        self._eligible[account] = False
        figures.touched[account] = True
        right = int(calls[account])
        calls[account] = right // 2
        words = f"called {calls[account] / 10_000:.4f}, short by {right / 10_000:.4f} dollars"
        self._record(figures.day, "SHORT_CALL", self._account_ids[account], words)

    def _fits(self, figures: Figures) -> np.ndarray:
        big = figures.true.initial >= MIN_MARGIN
        return figures.true.held & big & self._eligible & ~figures.touched

    def _some(self, figures: Figures) -> Positions:
        """The positions of some accounts that fit: enough to choose from."""
        fits = np.flatnonzero(self._fits(figures))
        chosen = self._rng.choice(fits, min(len(fits), _ASKED), replace=False)
        some = figures.positions.copy()
        some.keep(np.isin(some.account, chosen))
        return some

    def _choose(self, figures: Figures, fits: np.ndarray) -> int | None:
        choices = np.flatnonzero(fits)
        if not len(choices):
            return None
        account = int(self._rng.choice(choices))
        self._eligible[account] = False
        figures.touched[account] = True
        return account

    def _missed_netting(self, figures: Figures, models: list[MarginModel]) -> None:
        alone = models[-1].requirement(self._some(figures), netting=False)
        fits = self._fits(figures) & _differs(figures.true, alone) & alone.held
        account = self._choose(figures, fits)
        if account is not None:
            self._replace(figures, account, alone, "MISSED_NETTING", "no netting inside events")

    def _wrong_parameter(self, figures: Figures, models: list[MarginModel]) -> None:
        older = models[0].requirement(self._some(figures))
        fits = self._fits(figures) & _differs(figures.true, older) & older.held
        account = self._choose(figures, fits)
        if account is not None:
            words = "computed with the superseded margin schedule"
            self._replace(figures, account, older, "WRONG_PARAMETER", words)

    def _under_charged(self, figures: Figures, models: list[MarginModel]) -> None:
        account = self._choose(figures, self._fits(figures))
        if account is not None:
            lower = replace(figures.true, initial=_tenths(figures.true.initial, 8))
            self._replace_low(figures, account, lower, "UNDER_CHARGED", "charged 20 % too little")

    def _wrong_worst_case(self, figures: Figures, models: list[MarginModel]) -> None:
        """The core is as much too low, and the initial margin follows from both."""
        right = figures.true
        lower = replace(right, worst_case=_tenths(right.worst_case), core=_tenths(right.core))
        self._low_part(figures, lower, "WRONG_WORST_CASE", "worst_case")

    def _wrong_core(self, figures: Figures, models: list[MarginModel]) -> None:
        """The worst case is right, and the initial margin follows from the core."""
        lower = replace(figures.true, core=_tenths(figures.true.core))
        self._low_part(figures, lower, "WRONG_CORE", "core")

    def _low_part(self, figures: Figures, lower: Requirement, kind: str, part: str) -> None:
        """Report a part too low, best where the initial margin is not held by the other."""
        initial = np.minimum(lower.worst_case, lower.core + lower.add_ons)
        lower = replace(lower, initial=initial)
        fits = self._fits(figures)
        shown = fits & _differs(figures.true, lower)
        account = self._choose(figures, shown if shown.any() else fits)
        if account is not None:
            words = f"{part.replace('_', ' ')} 10 % too low"
            self._replace_low(figures, account, lower, kind, words, part)

    def _missing_mark(self, figures: Figures, models: list[MarginModel]) -> None:
        held = np.bincount(figures.positions.market, minlength=len(figures.marks)) > 0
        fits = np.flatnonzero(held & (figures.reported_marks == figures.marks))
        if len(fits):
            market = int(self._rng.choice(fits))
            figures.unsent[market] = True
            self._record(figures.day, "MISSING_MARK", self._tickers[market], "mark left out")

    def _missing_account(self, figures: Figures, models: list[MarginModel]) -> None:
        account = self._choose(figures, self._fits(figures))
        if account is not None:
            figures.missing[account] = True
            subject = self._account_ids[account]
            self._record(figures.day, "MISSING_ACCOUNT", subject, "margin row left out")

    def _wrong_position(self, figures: Figures, models: list[MarginModel]) -> None:
        positions = figures.positions
        rows = np.flatnonzero(self._fits(figures)[positions.account])
        for row in self._rng.permutation(rows)[:_TRIES]:
            qty = int(positions.qty[row])
            off = max(1_000, abs(qty) // 400 * 100)
            own = positions.copy()
            own.keep(positions.account == positions.account[row])
            delta = np.array([off if qty > 0 else -off])
            own.add(positions.key[[row]], delta)
            wrong = models[-1].requirement(own)
            account = int(positions.account[row])
            if not _differs(figures.true, wrong)[account]:
                continue
            figures.snapshot.add(positions.key[[row]], delta)
            self._eligible[account] = False
            figures.touched[account] = True
            subject = f"{self._account_ids[account]}/{self._tickers[positions.market[row]]}"
            words = f"reported {(qty + delta[0]) / 100:.2f} contracts, trades give {qty / 100:.2f}"
            self._copy(figures, account, wrong)
            self._record(figures.day, "WRONG_POSITION", subject, words)
            return

    def _replace_low(
        self,
        figures: Figures,
        account: int,
        lower: Requirement,
        kind: str,
        words: str,
        part: str = "initial",
    ) -> None:
        """Report lower amounts, with the maintenance margin that follows from them."""
        kept = -(-figures.maintenance_bps * lower.initial // 10_000)
        self._replace(figures, account, replace(lower, maintenance=kept), kind, words, part)

    def _replace(
        self,
        figures: Figures,
        account: int,
        other: Requirement,
        kind: str,
        words: str,
        part: str = "initial",
    ) -> None:
        right, wrong = (int(getattr(m, part)[account]) / 10_000 for m in (figures.true, other))
        self._copy(figures, account, other)
        detail = f"{words}: reported {wrong:.4f}, justified {right:.4f} dollars"
        self._record(figures.day, kind, self._account_ids[account], detail)

    def _copy(self, figures: Figures, accounts: int | np.ndarray, other: Requirement) -> None:
        for name in AMOUNTS:
            getattr(figures.reported, name)[accounts] = getattr(other, name)[accounts]

    def _record(self, day: date, kind: str, subject: str, detail: str) -> None:
        self._pending.remove(next(entry for entry in self._pending if entry[1] == kind))
        self.errors.append(InjectedError(day.isoformat(), kind, subject, RULES[kind], detail))


def _tenths(values: np.ndarray, tenths: int = 9) -> np.ndarray:
    """The amounts cut to so many tenths, rounded up."""
    return -(-tenths * values // 10)


def _differs(right: Requirement, wrong: Requirement) -> np.ndarray:
    """Accounts whose initial margin is off by more than 1 % and a centicent or two."""
    gap = np.abs(wrong.initial - right.initial)
    return gap > np.maximum(right.initial // 100, 100)
