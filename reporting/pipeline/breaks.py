"""The venue's margin against ours, account by account, with the exact split.

Only accounts whose numbers differ are valued again, once per changed input.
"""

import numpy as np
import pyarrow

from reporting.model.attribution import MATCH, STALE, MarginViews, attribute
from reporting.model.margin import Schedule
from reporting.pipeline.books import (
    Margins,
    Market,
    Positions,
    event_rows,
    margins,
    of_accounts,
    with_marks,
)
from reporting.pipeline.day import Day
from reporting.pipeline.day_book import DayBook

_SCHEMA = pyarrow.schema(
    [
        ("account_id", pyarrow.string()),
        ("member_id", pyarrow.string()),
        ("status", pyarrow.string()),
        ("cause", pyarrow.string()),
        ("venue_initial_centicents", pyarrow.int64()),
        ("recomputed_initial_centicents", pyarrow.int64()),
        ("venue_worst_case_centicents", pyarrow.int64()),
        ("recomputed_worst_case_centicents", pyarrow.int64()),
        ("difference_centicents", pyarrow.int64()),
        ("position_effect_centicents", pyarrow.int64()),
        ("mark_effect_centicents", pyarrow.int64()),
        ("netting_effect_centicents", pyarrow.int64()),
        ("parameter_effect_centicents", pyarrow.int64()),
        ("residual_centicents", pyarrow.int64()),
        ("venue_schedule_version", pyarrow.string()),
        ("schedule_version", pyarrow.string()),
        ("file_sha256", pyarrow.string()),
        ("line", pyarrow.int64()),
    ]
)

_CHARGED = """
SELECT account_id, initial_margin_centicents, worst_case_centicents, schedule_version,
    file_sha256, line
FROM validate.margin_requirements
WHERE business_date = $business_date AND cycle = 'EOD'
ORDER BY account_id
"""


def margin_breaks(day: Day, book: DayBook, ours: Margins) -> pyarrow.Table:
    """The rows of ``recompute.margin_breaks``, matches included."""
    charged = {row[0]: row[1:] for row in day.query(_CHARGED).fetchall()}
    held = {book.account_ids[a] for a in np.unique(book.positions.account).tolist()}
    views = _Views(day, book, ours, charged, held)
    return pyarrow.Table.from_pylist(
        [
            _row(book, ours, charged.get(account), account, account in held, views)
            for account in sorted(charged.keys() | held)
        ],
        schema=_SCHEMA,
    )


def _row(
    book: DayBook,
    ours: Margins,
    venue: tuple | None,
    account: str,
    is_held: bool,
    views: "_Views",
) -> dict:
    index = book.account_index.get(account)
    recomputed = int(ours.initial[index]) if index is not None else 0
    split = attribute(views.of(account)) if account in views else None
    status = split.status if split else MATCH
    if venue is not None and not is_held and venue[0] != 0:
        status = STALE
    return {
        "account_id": account,
        "member_id": book.member_ids[index] if index is not None else "",
        "status": status,
        "cause": split.cause if split else "NONE",
        "venue_initial_centicents": venue[0] if venue else None,
        "recomputed_initial_centicents": recomputed,
        "venue_worst_case_centicents": venue[1] if venue else None,
        "recomputed_worst_case_centicents": int(ours.worst_case[index]) if index is not None else 0,
        "difference_centicents": split.difference if split else 0,
        "position_effect_centicents": split.position_effect if split else 0,
        "mark_effect_centicents": split.mark_effect if split else 0,
        "netting_effect_centicents": split.netting_effect if split else 0,
        "parameter_effect_centicents": split.parameter_effect if split else 0,
        "residual_centicents": split.residual_effect if split else 0,
        "venue_schedule_version": venue[2] if venue else None,
        "schedule_version": book.schedule.version,
        "file_sha256": venue[3] if venue else "",
        "line": venue[4] if venue else None,
    }


class _Views:
    """Margins of the accounts that differ, under one changed input after the other."""

    def __init__(
        self,
        day: Day,
        book: DayBook,
        ours: Margins,
        charged: dict[str, tuple],
        held: set[str],
    ) -> None:
        self._book, self._ours, self._charged = book, ours, charged
        differing = [
            account
            for account in sorted(charged.keys() | held)
            if account in book.account_index and _differs(book, ours, charged.get(account), account)
        ]
        self._differing = set(differing)
        if not differing:
            return
        indices = np.array([book.account_index[account] for account in differing])
        theirs = of_accounts(_venue_positions(day, book), indices)
        venue_market = with_marks(book.market, _venue_marks(day, book))
        self._at_positions = self._margins(theirs, book.market, book.schedule)
        self._at_marks = self._margins(theirs, venue_market, book.schedule)
        self._gross = self._margins(theirs, venue_market, book.schedule, netted=False)
        others = [s for s in book.schedules if s.version != book.schedule.version]
        self._others = {s.version: self._margins(theirs, venue_market, s) for s in others}
        self._gross_others = {
            s.version: self._margins(theirs, venue_market, s, netted=False) for s in others
        }

    def __contains__(self, account: str) -> bool:
        return account in self._differing

    def of(self, account: str) -> MarginViews:
        index = self._book.account_index[account]
        venue = self._charged.get(account)
        return MarginViews(
            recomputed_initial=int(self._ours.initial[index]),
            at_venue_positions=int(self._at_positions.initial[index]),
            at_venue_marks=int(self._at_marks.initial[index]),
            gross_initial=int(self._gross.initial[index]),
            exact_worst_case=int(self._at_marks.worst_case[index]),
            gross_worst_case=int(self._gross.worst_case[index]),
            venue_initial=venue[0] if venue else None,
            venue_worst_case=venue[1] if venue else None,
            other_versions={v: int(m.initial[index]) for v, m in self._others.items()},
            gross_other_versions={v: int(m.initial[index]) for v, m in self._gross_others.items()},
        )

    def _margins(
        self,
        positions: Positions,
        market: Market,
        schedule: Schedule,
        netted: bool = True,
    ) -> Margins:
        rows = event_rows(positions, market, netted)
        return margins(rows, market, len(self._book.account_ids), schedule)


def _differs(book: DayBook, ours: Margins, venue: tuple | None, account: str) -> bool:
    index = book.account_index[account]
    if venue is None:
        return True
    return (venue[0], venue[1]) != (int(ours.initial[index]), int(ours.worst_case[index]))


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
    return Positions(
        np.concatenate((ours.account, accounts)),
        np.concatenate((ours.event, np.array([event for event, _ in places], dtype=np.int64))),
        np.concatenate((ours.leg, np.array([leg for _, leg in places], dtype=np.int64))),
        np.concatenate(
            (ours.margined, np.array([book.margin_permission[a] for a in accounts], dtype=bool))
        ),
        np.concatenate((ours.qty, np.array([row[2] for row in known], dtype=np.int64))),
    )


def _venue_marks(day: Day, book: DayBook) -> dict[tuple[int, int], int]:
    rows = day.query(
        "SELECT ticker, venue_mark_centicents FROM recompute.marks"
        " WHERE business_date = $business_date AND venue_mark_centicents <> mark_centicents"
    ).fetchall()
    return {book.leg_of[ticker]: mark for ticker, mark in rows if ticker in book.leg_of}
