"""The venue's margin against ours, account by account, with the exact split.

Only accounts whose numbers differ are valued again, once per changed input. The same is done
at the end of the day (``margin_breaks``) and at each intraday cycle (``cycle_breaks``).
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow

from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.model.margin.attribution import MATCH, NONE, Amounts, Attribution, attribute
from reporting.model.margin.initial_margin import call_centicents
from reporting.model.portfolio.margins import Margins
from reporting.model.portfolio.methods import by_method
from reporting.model.portfolio.scenario_set import Draws
from reporting.stages.recompute.comparison.venue_views import (
    NOTHING,
    Charge,
    Venue,
    Views,
    amounts_by_account,
)
from reporting.stages.recompute.day_book import BOOK_TABLES, DayBook
from reporting.stages.recompute.margin.cycles import CycleMargin

BREAK_COLUMNS = """
    account_id member_id status cause venue_initial_centicents recomputed_initial_centicents
    venue_worst_case_centicents recomputed_worst_case_centicents difference_centicents
    position_effect_centicents mark_effect_centicents netting_effect_centicents
    parameter_effect_centicents residual_centicents worst_case_difference_centicents
    worst_case_residual_centicents venue_core_centicents recomputed_core_centicents
    core_difference_centicents core_residual_centicents venue_add_ons_centicents
    contract_by_contract worst_case_unexplained core_unexplained initial_unexplained
    parameter_version venue_schedule_version schedule_version file_sha256 line
"""
"""The venue's margin of an account against ours, in order."""


@table(
    "recompute.margin_breaks",
    grain="one row per account with a margin, charged or recomputed",
    meaning=(
        "the venue's initial margin less ours, split in order into position, mark, netting,"
        " parameter and residual effects that sum to the difference exactly; for worst case and"
        " core the difference, and the residual that the venue's positions, marks, netting and"
        " schedule leave; the first step that is unexplained; the call at the venue's own margin;"
        " file and line of the venue's row, empty if it has none"
    ),
    reads=f"""
        {BOOK_TABLES} recompute.account_margin recompute.position_breaks
        validate.margin_requirements validate.margin_schedule validate.accounts validate.collateral
    """,
    columns=f"{BREAK_COLUMNS} call_at_venue_margin_centicents",
)
def margin_breaks(
    day: Day, book: DayBook, charged: Margins, collateral: np.ndarray, draws: Draws
) -> pyarrow.Table:
    """The rows of ``recompute.margin_breaks``, matches included.

    charged: our margins by the method that the schedule says the venue uses. ``collateral``:
    centicents after haircut, by account of the book.
    """
    venue = Venue(
        charges(day, "EOD"),
        day.read("recompute/reads/position_differences").fetchall(),
        day.read("recompute/reads/mark_differences").fetchall(),
    )
    calls = _calls_at_venue_margin(book, venue.charged, collateral)
    rows = [
        {**row, "call_at_venue_margin_centicents": calls.get(row["account_id"], 0)}
        for row in _compared_rows(book, charged, venue, draws)
    ]
    return pyarrow.Table.from_pylist(rows, schema_of("recompute.margin_breaks"))


@table(
    "recompute.cycle_breaks",
    grain=(
        "one row per account with a margin, charged or recomputed, and intraday cycle with a"
        " charge by the venue"
    ),
    meaning=(
        "the venue's initial margin at the cycle less ours, split in order into position, mark,"
        " netting, parameter and residual effects that sum to the difference exactly, as in"
        " recompute.margin_breaks; file and line of the venue's row, empty if it has none"
    ),
    reads="""
        recompute.cycle_margin recompute.cycle_position_breaks recompute.cycle_marks
        validate.margin_requirements validate.margin_schedule validate.accounts
    """,
    columns=f"cycle {BREAK_COLUMNS}",
)
def cycle_breaks(day: Day, cycles: Sequence[CycleMargin], draws: Draws) -> pyarrow.Table:
    """The rows of ``recompute.cycle_breaks``, matches included; none of a cycle at which the
    venue has charged nobody."""
    rows = []
    for valued in cycles:
        name = valued.cycle.name
        charged = charges(day, name)
        if charged:
            venue = Venue(
                charged,
                day.read("recompute/reads/cycle_position_differences", cycle=name).fetchall(),
                day.read("recompute/reads/cycle_mark_differences", cycle=name).fetchall(),
            )
            compared = _compared_rows(valued.book, by_method(valued.valuation), venue, draws)
            rows += [{"cycle": name, **row} for row in compared]
    return pyarrow.Table.from_pylist(rows, schema_of("recompute.cycle_breaks"))


def charges(day: Day, cycle: str) -> dict[str, Charge]:
    """The venue's charge at a cycle by account."""
    rows = day.read("recompute/reads/venue_charges", cycle=cycle).fetchall()
    return {row[0]: Charge(Amounts(*row[1:4]), *row[4:]) for row in rows}


def _compared_rows(book: DayBook, ours: Margins, venue: Venue, draws: Draws) -> Iterator[dict]:
    """By account that is charged or holds something: both margins, and the split."""
    held = {book.account_ids[a] for a in np.unique(book.positions.account).tolist()}
    amounts = amounts_by_account(book, ours)
    views = Views(book, venue, draws, amounts, held)
    members = dict(zip(book.account_ids, book.member_ids, strict=True))
    agreed = _effects(Attribution(MATCH, NONE, 0))
    for account in sorted(venue.charged.keys() | held):
        yield {
            "account_id": account,
            "member_id": members.get(account, ""),
            "schedule_version": book.schedule.version,
            **_compared(venue.charged.get(account), amounts.get(account, NOTHING)),
            **(_effects(attribute(views.of(account))) if account in views else agreed),
        }


def _calls_at_venue_margin(
    book: DayBook, charged: Mapping[str, Charge], collateral: np.ndarray
) -> dict[str, int]:
    """What the venue's own initial margin would need to be called, by account of the book."""
    initial = [
        charged[account].amounts.initial if account in charged else 0
        for account in book.account_ids
    ]
    calls = call_centicents(np.array(initial, dtype=np.int64), collateral, book.schedule)
    return dict(zip(book.account_ids, calls.tolist(), strict=True))


def _compared(charge: Charge | None, recomputed: Amounts) -> dict:
    """The venue's amounts beside ours; where it has no row, a difference is all of ours."""
    venue = charge.amounts if charge else None
    return {
        "venue_initial_centicents": venue.initial if venue else None,
        "recomputed_initial_centicents": recomputed.initial,
        "venue_worst_case_centicents": venue.worst_case if venue else None,
        "recomputed_worst_case_centicents": recomputed.worst_case,
        "worst_case_difference_centicents": (venue or NOTHING).worst_case - recomputed.worst_case,
        "venue_core_centicents": venue.core if venue else None,
        "recomputed_core_centicents": recomputed.core,
        "core_difference_centicents": (venue or NOTHING).core - recomputed.core,
        "venue_add_ons_centicents": charge.add_ons if charge else None,
        "venue_schedule_version": charge.schedule_version if charge else None,
        "file_sha256": charge.file_sha256 if charge else "",
        "line": charge.line if charge else None,
    }


def _effects(split: Attribution) -> dict:
    """The columns of a split: its fields, the amounts among them with their unit."""
    amounts = {f"{name}_centicents": value for name, value in vars(split).items()}
    return {**vars(split), **amounts, "residual_centicents": split.residual_effect}
