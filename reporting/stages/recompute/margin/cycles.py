"""The intraday cycles of a date: every account's margin, loss and shortfall at each.

Belongs here: from the book at a cycle to the rows of ``recompute.cycle_margin``. Positions
and marks of a cycle are SELECTs (``sql/recompute/cycle_*.sql``), the book is read by
``day_book``, the alerts are in ``surveillance``. Source: margin-model.md section 5.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow

from reporting.engine.day import Day
from reporting.engine.declaration import schema_of, table
from reporting.model.events.terms import EventTerms
from reporting.model.portfolio.margins import Margins
from reporting.model.portfolio.positions import MARGINED
from reporting.model.portfolio.scenario_set import Draws
from reporting.model.portfolio.valuation import Valuation, value
from reporting.stages.recompute.day_book import Cycle, DayBook, read_day_book
from reporting.stages.recompute.margin.collateral import collateral_after_haircut
from reporting.units import centicents_from_micros_half_even


@dataclass(frozen=True)
class CycleMargin:
    """The book at a cycle and its margin; arrays are int64[accounts], centicents.

    variation: since the last end of day, including payments made meanwhile, as it would be
    posted; negative = the account owes it. margined_variation: of the margined positions alone.
    shortfall: initial margin less collateral and variation, not below 0.
    """

    cycle: Cycle
    book: DayBook
    valuation: Valuation
    collateral: np.ndarray
    variation: np.ndarray
    margined_variation: np.ndarray

    @property
    def margins(self) -> Margins:
        """Margins of all accounts."""
        return self.valuation.margins

    @cached_property
    def shortfall(self) -> np.ndarray:
        return np.maximum(self.margins.initial - self.collateral - self.variation, 0)


def value_cycles(day: Day, terms: Mapping[str, EventTerms], draws: Draws) -> list[CycleMargin]:
    """The cycles of a date in order, valued on the draws of the date's own margin."""
    rows = day.read("recompute/reads/cycles").fetchall()
    return [_value(day, terms, draws, Cycle(*row)) for row in rows]


@table(
    "recompute.cycle_margin",
    grain="one row per intraday cycle and account with an open position or a variation",
    meaning=(
        "margin recomputed at the cycle, collateral after haircut as known then, variation since"
        " the last end of day before fees (negative = the account owes it), of all positions and of"
        " the margined ones, and the shortfall of collateral and variation against initial margin"
    ),
    reads="""
        recompute.cycles recompute.cycle_marks recompute.cycle_positions recompute.cycle_collateral
        recompute.contracts land.files land.markets validate.markets validate.accounts
        validate.margin_schedule
    """,
    columns="""
        cycle cycle_utc account_id member_id origin margined_worst_case_micros
        fully_collateralised_worst_case_micros worst_case_centicents expected_shortfall_centicents
        shortfall_at_rho_centicents shortfall_at_zero_centicents value_at_risk_centicents
        jump_to_resolution_centicents core_centicents add_ons_centicents initial_margin_centicents
        margined_initial_centicents collateral_value_centicents variation_centicents
        margined_variation_centicents shortfall_centicents jump_cluster schedule_version
    """,
)
def margin_rows(cycles: Sequence[CycleMargin]) -> pyarrow.Table:
    parts = [_margin_rows(valued) for valued in cycles]
    return pyarrow.concat_tables([schema_of("recompute.cycle_margin").empty_table(), *parts])


def _value(day: Day, terms: Mapping[str, EventTerms], draws: Draws, cycle: Cycle) -> CycleMargin:
    book = read_day_book(day, terms, cycle)
    accounts = len(book.account_ids)
    valuation = value(
        book.positions,
        book.market,
        accounts,
        book.schedule,
        draws,
        held_only=True,
        owners=book.owners,
    )
    holdings = day.read("recompute/reads/cycle_collateral", cycle=cycle.name).fetchall()
    variation = np.zeros((2, accounts), dtype=np.int64)
    for account, kind, micros in day.read(
        "recompute/reads/cycle_variation", cycle=cycle.name
    ).fetchall():
        variation[int(kind == MARGINED), book.account_index[account]] = micros
    return CycleMargin(
        cycle,
        book,
        valuation,
        collateral_after_haircut(book, holdings),
        centicents_from_micros_half_even(variation.sum(axis=0)),
        centicents_from_micros_half_even(variation[1]),
    )


def _margin_rows(valued: CycleMargin) -> pyarrow.Table:
    book, cycle = valued.book, valued.cycle
    has_row = valued.variation != 0
    has_row[book.positions.account] = True
    accounts = np.flatnonzero(has_row)
    ids = [book.account_ids[account] for account in accounts.tolist()]
    columns = {
        "cycle": [cycle.name] * len(ids),
        "cycle_utc": [cycle.utc] * len(ids),
        "account_id": ids,
        "member_id": [book.member_ids[account] for account in accounts.tolist()],
        "origin": [book.origins[account] for account in accounts.tolist()],
        **valued.margins.columns(accounts),
        "collateral_value_centicents": valued.collateral[accounts],
        "variation_centicents": valued.variation[accounts],
        "margined_variation_centicents": valued.margined_variation[accounts],
        "shortfall_centicents": valued.shortfall[accounts],
        "schedule_version": [book.schedule.version] * len(ids),
    }
    schema = schema_of("recompute.cycle_margin")
    return pyarrow.table({name: columns[name] for name in schema.names}, schema=schema)
