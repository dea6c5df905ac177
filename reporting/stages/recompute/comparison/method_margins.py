"""The margin methods beside each other, and which of them the venue's numbers follow.

Belongs here: the rows. The methods are in ``model/portfolio/methods``. Source: margin-model.md
section 8, "The venue's own method".
"""

from collections.abc import Mapping

import pyarrow

from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.model.margin.methods import ECM2, FULL_COLLATERAL, METHODS, SIDE_TABLE, Method
from reporting.model.margin.schedule import Schedule
from reporting.model.portfolio.margins import Margins
from reporting.model.portfolio.methods import by_method
from reporting.model.portfolio.valuation import Valuation
from reporting.stages.recompute.comparison.breaks import charges
from reporting.stages.recompute.day_book import BOOK_TABLES, DayBook

NO_METHOD = "none"
_TOLERANCE_SHARE = 1_000_000


@table(
    "recompute.method_margins",
    grain="one row per account with an open position",
    meaning=(
        "initial margin of the same book by every method that the schedule allows, ECM-2 as the"
        " challenger of the others; the venue's own, and the method that it follows, 'none' if it"
        " follows no method; the side-specific table is empty where the schedule states none"
    ),
    reads=f"{BOOK_TABLES} recompute.account_margin validate.margin_requirements",
    columns="""
        account_id named_method followed_method venue_initial_centicents ecm2_initial_centicents
        side_table_initial_centicents full_collateral_initial_centicents
        ecm2_less_named_centicents schedule_version
    """,
)
def method_rows(day: Day, book: DayBook, valuation: Valuation) -> pyarrow.Table:
    """The rows of ``recompute.method_margins``, in order of account."""
    schedule, venue = book.schedule, charges(day, "EOD")
    by_name = {
        name: by_method(valuation, method)
        for name in METHODS
        if (method := stated_method(schedule, name)) is not None
    }
    records = []
    for account in sorted(set(book.positions.account.tolist())):
        amounts = {name: int(margins.initial[account]) for name, margins in by_name.items()}
        charged = venue.get(book.account_ids[account])
        initial = charged.amounts.initial if charged else None
        records.append(
            {
                "account_id": book.account_ids[account],
                "named_method": schedule.method.name,
                "followed_method": _followed(amounts, schedule, initial, by_name, account),
                "venue_initial_centicents": initial,
                "ecm2_initial_centicents": amounts[ECM2],
                "side_table_initial_centicents": amounts.get(SIDE_TABLE),
                "full_collateral_initial_centicents": amounts[FULL_COLLATERAL],
                "ecm2_less_named_centicents": amounts[ECM2] - amounts[schedule.method.name],
                "schedule_version": schedule.version,
            }
        )
    return pyarrow.Table.from_pylist(records, schema_of("recompute.method_margins"))


def stated_method(schedule: Schedule, name: str) -> Method | None:
    """A method with its terms; None where the schedule states no table for it."""
    if name == SIDE_TABLE:
        return schedule.method if schedule.method.name == SIDE_TABLE else None
    return Method(name)


def _followed(
    amounts: Mapping[str, int],
    schedule: Schedule,
    venue_initial: int | None,
    by_name: Mapping[str, Margins],
    account: int,
) -> str:
    """The method whose margin the venue's is, the named one first; 'none' if there is none."""
    if venue_initial is None:
        return NO_METHOD
    tolerance = 1 + int(by_name[ECM2].worst_case[account]) // _TOLERANCE_SHARE
    for name in (schedule.method.name, *amounts):
        if abs(venue_initial - amounts[name]) <= tolerance:
            return name
    return NO_METHOD
