"""The venue's margin against ours, account by account, with the exact split.

Only accounts whose numbers differ are valued again, once per changed input.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyarrow

from reporting.model.attribution import MATCH, NONE, Amounts, Attribution, MarginViews, attribute
from reporting.model.margin import call_centicents
from reporting.model.schedule import Schedule
from reporting.pipeline.books import (
    Market,
    Positions,
    combined,
    event_rows,
    of_accounts,
    with_marks,
)
from reporting.pipeline.combinations import book_credits
from reporting.pipeline.day import Day
from reporting.pipeline.day_book import DayBook
from reporting.pipeline.event_risk import scenario_events
from reporting.pipeline.margins import Margins, Valuation, margins
from reporting.pipeline.model_tables import MODEL_TABLES
from reporting.pipeline.scenario_set import Draws, scenario_set

_TYPES = {"VARCHAR": pyarrow.string(), "BIGINT": pyarrow.int64(), "BOOLEAN": pyarrow.bool_()}
_COLUMNS = {table.name: table.columns for table in MODEL_TABLES}["recompute.margin_breaks"]
_SCHEMA = pyarrow.schema([(name, _TYPES[kind]) for name, kind in _COLUMNS.items()])

_CHARGED = """
SELECT account_id, worst_case_centicents, core_centicents, initial_margin_centicents,
    add_ons_centicents, schedule_version, file_sha256, line
FROM validate.margin_requirements
WHERE business_date = $business_date AND cycle = 'EOD'
ORDER BY account_id
"""

_NOTHING = Amounts(0, 0, 0)


class _Charge(NamedTuple):
    """What the venue's row says of an account, and where it stands."""

    amounts: Amounts
    add_ons: int
    schedule_version: str
    file_sha256: str
    line: int


def margin_breaks(
    day: Day, book: DayBook, ours: Margins, collateral: np.ndarray, draws: Draws
) -> pyarrow.Table:
    """The rows of ``recompute.margin_breaks``, matches included.

    ``collateral``: centicents after haircut, by account of the book.
    """
    charged = {
        row[0]: _Charge(Amounts(*row[1:4]), *row[4:]) for row in day.query(_CHARGED).fetchall()
    }
    held = {book.account_ids[a] for a in np.unique(book.positions.account).tolist()}
    amounts = _amounts(book, ours)
    calls = _calls_at_venue_margin(book, charged, collateral)
    views = _Views(day, book, draws, amounts, charged, held)
    members = dict(zip(book.account_ids, book.member_ids, strict=True))
    agreed = _effects(Attribution(MATCH, NONE, 0))
    columns: dict[str, list] = {name: [] for name in _SCHEMA.names}
    for account in sorted(charged.keys() | held):
        row = {
            "account_id": account,
            "member_id": members.get(account, ""),
            "call_at_venue_margin_centicents": calls.get(account, 0),
            "schedule_version": book.schedule.version,
            **_compared(charged.get(account), amounts.get(account, _NOTHING)),
            **(_effects(attribute(views.of(account))) if account in views else agreed),
        }
        for name, value in row.items():
            columns[name].append(value)
    return pyarrow.table(columns, schema=_SCHEMA)


def _amounts(book: DayBook, found: Margins) -> dict[str, Amounts]:
    """Worst case, core and initial margin by account of the book."""
    columns = (found.worst_case.tolist(), found.core.tolist(), found.initial.tolist())
    return dict(zip(book.account_ids, map(Amounts, *columns), strict=True))


def _calls_at_venue_margin(
    book: DayBook, charged: Mapping[str, _Charge], collateral: np.ndarray
) -> dict[str, int]:
    """What the venue's own initial margin would need to be called, by account of the book."""
    initial = [
        charged[account].amounts.initial if account in charged else 0
        for account in book.account_ids
    ]
    calls = call_centicents(np.array(initial, dtype=np.int64), collateral, book.schedule)
    return dict(zip(book.account_ids, calls.tolist(), strict=True))


def _compared(charge: _Charge | None, recomputed: Amounts) -> dict:
    """The venue's amounts beside ours; where it has no row, a difference is all of ours."""
    venue = charge.amounts if charge else None
    return {
        "venue_initial_centicents": venue.initial if venue else None,
        "recomputed_initial_centicents": recomputed.initial,
        "venue_worst_case_centicents": venue.worst_case if venue else None,
        "recomputed_worst_case_centicents": recomputed.worst_case,
        "worst_case_difference_centicents": (venue or _NOTHING).worst_case - recomputed.worst_case,
        "venue_core_centicents": venue.core if venue else None,
        "recomputed_core_centicents": recomputed.core,
        "core_difference_centicents": (venue or _NOTHING).core - recomputed.core,
        "venue_add_ons_centicents": charge.add_ons if charge else None,
        "venue_schedule_version": charge.schedule_version if charge else None,
        "file_sha256": charge.file_sha256 if charge else "",
        "line": charge.line if charge else None,
    }


def _effects(split: Attribution) -> dict:
    return {
        "status": split.status,
        "cause": split.cause,
        "difference_centicents": split.difference,
        "position_effect_centicents": split.position_effect,
        "mark_effect_centicents": split.mark_effect,
        "netting_effect_centicents": split.netting_effect,
        "parameter_effect_centicents": split.parameter_effect,
        "residual_centicents": split.residual_effect,
        "contract_by_contract": split.contract_by_contract,
        "parameter_version": split.parameter_version,
        "worst_case_residual_centicents": split.worst_case_residual,
        "core_residual_centicents": split.core_residual,
        "worst_case_unexplained": split.worst_case_unexplained,
        "core_unexplained": split.core_unexplained,
        "initial_unexplained": split.initial_unexplained,
    }


class _Views:
    """Margins of the accounts that differ, under one changed input after the other."""

    def __init__(
        self,
        day: Day,
        book: DayBook,
        draws: Draws,
        ours: Mapping[str, Amounts],
        charged: Mapping[str, _Charge],
        held: set[str],
    ) -> None:
        self._draws = draws
        self._book, self._ours, self._charged, self._held = book, ours, charged, held
        self._differing = {
            account
            for account in charged.keys() | held
            if account not in charged or charged[account].amounts != ours.get(account, _NOTHING)
        }
        if not self._differing:
            return
        known = self._differing & book.account_index.keys()
        indices = np.array(sorted(book.account_index[account] for account in known), np.int64)
        theirs = of_accounts(_venue_positions(day, book), indices)
        market = with_marks(book.market, _venue_marks(day, book))
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
            recomputed=self._ours.get(account, _NOTHING),
            at_venue_positions=self._at_positions.get(account, _NOTHING),
            at_venue_marks=self._at_marks.get(account, _NOTHING),
            gross=self._gross.get(account, _NOTHING),
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
        found = margins(positions, rows, market, accounts, valuation, credits)
        return _amounts(self._book, found)


def _by_version(found: Mapping[str, Mapping[str, Amounts]], account: str) -> dict[str, Amounts]:
    return {version: amounts.get(account, _NOTHING) for version, amounts in found.items()}


def _venue_positions(day: Day, book: DayBook) -> Positions:
    """Our positions with the venue's differences added.

    The venue does not say which book a position is in; a difference goes to the margined
    one where the account may use margin.
    """
    rows = day.query(
        "SELECT account_id, ticker, difference_qty FROM recompute.position_breaks"
        " WHERE business_date = $business_date ORDER BY ALL"
    ).fetchall()
    known = [row for row in rows if row[0] in book.account_index and row[1] in book.leg_of]
    accounts = np.array([book.account_index[row[0]] for row in known], dtype=np.int64)
    places = [book.leg_of[row[1]] for row in known]
    ours = book.positions
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


def _venue_marks(day: Day, book: DayBook) -> dict[tuple[int, int], int]:
    rows = day.query(
        "SELECT ticker, venue_mark_centicents FROM recompute.marks"
        " WHERE business_date = $business_date AND venue_mark_centicents <> mark_centicents"
    ).fetchall()
    return {book.leg_of[ticker]: mark for ticker, mark in rows if ticker in book.leg_of}
