"""Margin under the venue's inputs: its positions, its marks, no netting, another schedule.

Belongs here: the venue's data of a cycle, and the margins of the accounts that differ, with one
input changed after the other. Their reading is in ``model/margin/attribution``, the rows of the
breaks in ``breaks``.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from reporting.model.margin.attribution import Amounts, MarginViews
from reporting.model.portfolio.margins import Margins
from reporting.model.portfolio.market import with_marks
from reporting.model.portfolio.methods import by_method
from reporting.model.portfolio.portfolio import Netting
from reporting.model.portfolio.positions import Positions, combined, of_accounts
from reporting.model.portfolio.scenario_set import Draws
from reporting.model.portfolio.valuation import Valuation, value
from reporting.stages.recompute.day_book import DayBook

NOTHING = Amounts(0, 0, 0)


class Charge(NamedTuple):
    """The venue's margin of an account, with the file and line of its row."""

    amounts: Amounts
    add_ons: int
    schedule_version: str
    file_sha256: str
    line: int


class Venue(NamedTuple):
    """The venue's data of a cycle: charges by account; positions that differ, as account, market
    and the venue's quantity less ours; marks that differ, by market."""

    charged: Mapping[str, Charge]
    positions: Sequence[tuple[str, str, int]]
    marks: Sequence[tuple[str, int]]


def amounts_by_account(book: DayBook, margins: Margins) -> dict[str, Amounts]:
    """Worst case, core and initial margin by account of the book."""
    columns = (margins.worst_case.tolist(), margins.core.tolist(), margins.initial.tolist())
    return dict(zip(book.account_ids, map(Amounts, *columns), strict=True))


class Views:
    """Margins of the accounts that differ, with one input changed after the other."""

    def __init__(
        self, book: DayBook, venue: Venue, draws: Draws, ours: Mapping[str, Amounts], held: set[str]
    ) -> None:
        charged = venue.charged
        self._book, self._ours, self._charged, self._held = book, ours, charged, held
        self._differing = {
            account
            for account in charged.keys() | held
            if account not in charged or charged[account].amounts != ours.get(account, NOTHING)
        }
        if not self._differing:
            return
        known = self._differing & book.account_index.keys()
        indices = _with_their_owners(book, [book.account_index[account] for account in known])
        theirs = _venue_positions(book, venue, indices)
        market = with_marks(book.market, _venue_marks(book, venue))
        at_positions, at_marks, gross = (
            value(
                theirs,
                valued_in,
                len(book.account_ids),
                book.schedule,
                draws,
                netting=netting,
                held_only=True,
                owners=book.owners,
            )
            for valued_in, netting in (
                (book.market, Netting.FULL),
                (market, Netting.FULL),
                (market, Netting.NONE),
            )
        )
        self._at_positions = self._amounts(at_positions)
        self._at_marks, self._gross = self._amounts(at_marks), self._amounts(gross)
        self._others, self._gross_others = (
            {
                schedule.version: self._amounts(valuation.under(schedule))
                for schedule in book.schedules
                if schedule.version != book.schedule.version
            }
            for valuation in (at_marks, gross)
        )

    def __contains__(self, account: str) -> bool:
        return account in self._differing

    def of(self, account: str) -> MarginViews:
        """The views of one account. An account that only the venue knows has nothing in any."""
        charge = self._charged.get(account)
        venue = charge.amounts if charge else None
        return MarginViews(
            recomputed=self._ours.get(account, NOTHING),
            at_venue_positions=self._at_positions.get(account, NOTHING),
            at_venue_marks=self._at_marks.get(account, NOTHING),
            gross=self._gross.get(account, NOTHING),
            venue=venue,
            venue_add_ons=charge.add_ons if charge else 0,
            other_versions=_by_version(self._others, account),
            gross_other_versions=_by_version(self._gross_others, account),
            venue_is_stale=bool(venue and venue.initial and account not in self._held),
        )

    def _amounts(self, valuation: Valuation) -> dict[str, Amounts]:
        return amounts_by_account(self._book, by_method(valuation))


def _by_version(versions: Mapping[str, Mapping[str, Amounts]], account: str) -> dict[str, Amounts]:
    return {version: amounts.get(account, NOTHING) for version, amounts in versions.items()}


def _with_their_owners(book: DayBook, accounts: Sequence[int]) -> np.ndarray:
    """The accounts and all others of their beneficial owners, whose sizes add up in add-ons."""
    return np.flatnonzero(np.isin(book.owners, book.owners[list(accounts)]))


def _venue_positions(book: DayBook, venue: Venue, chosen: np.ndarray) -> Positions:
    """Our positions of some accounts with the venue's differences added.

    The venue does not state the book of a position. A difference goes to the margined book if the
    account may use margin.
    """
    chosen_accounts = set(chosen.tolist())
    known = [
        row
        for row in venue.positions
        if book.account_index.get(row[0]) in chosen_accounts and row[1] in book.leg_of
    ]
    accounts = np.array([book.account_index[row[0]] for row in known], dtype=np.int64)
    contracts = [book.leg_of[row[1]] for row in known]
    ours = of_accounts(book.positions, chosen)
    positions = Positions(
        np.concatenate((ours.account, accounts)),
        np.concatenate((ours.event, np.array([event for event, _ in contracts], dtype=np.int64))),
        np.concatenate((ours.leg, np.array([leg for _, leg in contracts], dtype=np.int64))),
        np.concatenate(
            (ours.margined, np.array([book.margin_permission[a] for a in accounts], dtype=bool))
        ),
        np.concatenate((ours.qty, np.array([row[2] for row in known], dtype=np.int64))),
    )
    return combined(positions)


def _venue_marks(book: DayBook, venue: Venue) -> dict[tuple[int, int], int]:
    return {book.leg_of[ticker]: mark for ticker, mark in venue.marks if ticker in book.leg_of}
