"""Margin under the venue's inputs: its positions, its marks, no netting, another schedule.

Belongs here: what the venue has of a cycle, and the margins of the accounts that differ
under one changed input after the other. What they say is ``model/attribution``; the rows of
the breaks are ``breaks``.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from reporting.model.margin.attribution import Amounts, MarginViews
from reporting.model.margin.schedule import Schedule
from reporting.stages.recompute.books import (
    Market,
    Positions,
    combined,
    event_rows,
    of_accounts,
    with_marks,
)
from reporting.stages.recompute.combinations import book_credits
from reporting.stages.recompute.day_book import DayBook
from reporting.stages.recompute.event_risk import scenario_events
from reporting.stages.recompute.margins import Margins, Valuation, Valuer
from reporting.stages.recompute.scenario_set import Draws, scenario_set

NOTHING = Amounts(0, 0, 0)


class Charge(NamedTuple):
    """What the venue's row says of an account, and where it stands."""

    amounts: Amounts
    add_ons: int
    schedule_version: str
    file_sha256: str
    line: int


class Venue(NamedTuple):
    """What the venue has of a cycle: its charges by account; the positions that differ, as
    account, market and its quantity less ours; its marks that differ, by market."""

    charged: Mapping[str, Charge]
    positions: Sequence[tuple[str, str, int]]
    marks: Sequence[tuple[str, int]]


def amounts_by_account(book: DayBook, found: Margins) -> dict[str, Amounts]:
    """Worst case, core and initial margin by account of the book."""
    columns = (found.worst_case.tolist(), found.core.tolist(), found.initial.tolist())
    return dict(zip(book.account_ids, map(Amounts, *columns), strict=True))


class Views:
    """Margins of the accounts that differ, under one changed input after the other."""

    def __init__(
        self,
        book: DayBook,
        venue: Venue,
        draws: Draws,
        ours: Mapping[str, Amounts],
        held: set[str],
    ) -> None:
        self._draws, charged = draws, venue.charged
        self._book, self._ours, self._charged, self._held = book, ours, charged, held
        self._differing = {
            account
            for account in charged.keys() | held
            if account not in charged or charged[account].amounts != ours.get(account, NOTHING)
        }
        if not self._differing:
            return
        known = self._differing & book.account_index.keys()
        indices = np.array(sorted(book.account_index[account] for account in known), np.int64)
        theirs = _venue_positions(book, venue, indices)
        market = with_marks(book.market, _venue_marks(book, venue))
        others = [s for s in book.schedules if s.version != book.schedule.version]
        self._at_positions = self._margins(theirs, book.market, book.schedule)
        self._at_marks = self._margins(theirs, market, book.schedule)
        self._gross = self._margins(theirs, market, book.schedule, netted=False)
        self._others = {s.version: self._margins(theirs, market, s) for s in others}
        self._gross_others = {
            s.version: self._margins(theirs, market, s, netted=False) for s in others
        }

    def __contains__(self, account: str) -> bool:
        return account in self._differing

    def of(self, account: str) -> MarginViews:
        """The views of one account; one that only the venue knows has nothing in any of them."""
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

    def _margins(
        self,
        positions: Positions,
        market: Market,
        schedule: Schedule,
        netted: bool = True,
    ) -> dict[str, Amounts]:
        # Prices of the events that these accounts hold: another event changes none of them.
        events = scenario_events(market, schedule, np.unique(positions.event))
        prices = scenario_set(market, events, self._draws.of(schedule))
        valuation = Valuation(schedule, events, prices)
        rows = event_rows(positions, market, netted)
        credits = book_credits(positions, market, rows) if netted else None
        accounts = len(self._book.account_ids)
        found = Valuer(positions, rows, market, accounts, credits).margins(valuation)
        return amounts_by_account(self._book, found)


def _by_version(found: Mapping[str, Mapping[str, Amounts]], account: str) -> dict[str, Amounts]:
    return {version: amounts.get(account, NOTHING) for version, amounts in found.items()}


def _venue_positions(book: DayBook, venue: Venue, chosen: np.ndarray) -> Positions:
    """Our positions of some accounts with the venue's differences added.

    The venue does not say which book a position is in; a difference goes to the margined
    one where the account may use margin.
    """
    wanted = set(chosen.tolist())
    known = [
        row
        for row in venue.positions
        if book.account_index.get(row[0]) in wanted and row[1] in book.leg_of
    ]
    accounts = np.array([book.account_index[row[0]] for row in known], dtype=np.int64)
    places = [book.leg_of[row[1]] for row in known]
    ours = of_accounts(book.positions, chosen)
    found = Positions(
        np.concatenate((ours.account, accounts)),
        np.concatenate((ours.event, np.array([event for event, _ in places], dtype=np.int64))),
        np.concatenate((ours.leg, np.array([leg for _, leg in places], dtype=np.int64))),
        np.concatenate(
            (ours.margined, np.array([book.margin_permission[a] for a in accounts], dtype=bool))
        ),
        np.concatenate((ours.qty, np.array([row[2] for row in known], dtype=np.int64))),
    )
    return combined(found)


def _venue_marks(book: DayBook, venue: Venue) -> dict[tuple[int, int], int]:
    return {book.leg_of[ticker]: mark for ticker, mark in venue.marks if ticker in book.leg_of}
