"""Stage recompute: positions, marks and margin of a date, worked out again from the trades.

Belongs here: the values that the tables of the stage are made from, each computed when it is first
asked for. SELECTs are in ``sql/recompute/``, the other tables on their functions (``@table``).
"""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import numpy as np

from reporting.engine.day import Day
from reporting.engine.stage import StageResult, run_stage
from reporting.model.events.structures import EventTerms
from reporting.model.margin.draws import DrawTable
from reporting.model.margin.schedule import Schedule
from reporting.stages.recompute.books import EventRows, Market, event_rows
from reporting.stages.recompute.collateral import collateral_after_haircut
from reporting.stages.recompute.combinations import BookCredits, book_credits
from reporting.stages.recompute.contracts import Contracts
from reporting.stages.recompute.cycles import CycleMargin, value_cycles
from reporting.stages.recompute.day_book import DayBook, read_day_book
from reporting.stages.recompute.event_risk import ScenarioEvent, scenario_events
from reporting.stages.recompute.margins import Margins, Valuation, Valuer
from reporting.stages.recompute.scenario_set import (
    Draws,
    Published,
    ScenarioSet,
    publish,
    scenario_set,
)
from reporting.stages.recompute.what_if import WhatIf


def recompute(day: Day, scenarios_folder: Path, replica_draws: int) -> StageResult:
    """Recompute one date from its validated tables and the positions of the day before.

    The scenario set is published in a folder of the date inside ``scenarios_folder``.
    ``replica_draws`` bounds what the second implementation draws.
    """
    values = RecomputeValues(day, scenarios_folder, replica_draws)
    result = run_stage(day, "recompute", values)
    if "margins" in vars(values):
        day.keep("recompute.account_margin", values.book)
        day.keep("recompute.scenario_sets", values.valuation)
    return result


class RecomputeValues:
    """What the tables of a date are made from. Each value is computed once, when a table that is
    made asks for it: what is blocked costs nothing and raises nothing.

    Raises ModelError where the data of the date do not allow a value.
    """

    def __init__(self, day: Day, scenarios_folder: Path, replica_draws: int) -> None:
        self.day = day
        self.replica_draws = replica_draws
        self.draws = Draws()
        self._scenarios_folder = scenarios_folder

    @cached_property
    def contracts(self) -> Contracts:
        return Contracts(self.day)

    @property
    def terms(self) -> Mapping[str, EventTerms]:
        return self.contracts.terms

    @cached_property
    def book(self) -> DayBook:
        """The book at the end of the date."""
        return read_day_book(self.day, self.terms)

    @property
    def market(self) -> Market:
        return self.book.market

    @property
    def schedule(self) -> Schedule:
        """The version of the margin schedule in force."""
        return self.book.schedule

    @cached_property
    def events(self) -> list[ScenarioEvent]:
        """The events with what margin assumes of them."""
        return scenario_events(self.market, self.schedule)

    @property
    def draw_table(self) -> DrawTable:
        return self.draws.of(self.schedule)

    @cached_property
    def prices(self) -> ScenarioSet:
        return scenario_set(self.market, self.events, self.draw_table)

    @cached_property
    def published(self) -> Published:
        """The scenario set as the file that members read; writes it."""
        folder = self._scenarios_folder / self.day.business_date.isoformat()
        return publish(self.prices, self.schedule, folder)

    @cached_property
    def valuation(self) -> Valuation:
        return Valuation(self.schedule, self.events, self.prices)

    @cached_property
    def rows(self) -> EventRows:
        """Worst cases by account, event and collateralisation."""
        return event_rows(self.book.positions, self.market)

    @cached_property
    def credits(self) -> BookCredits:
        return book_credits(self.book.positions, self.market, self.rows)

    @cached_property
    def valuer(self) -> Valuer:
        accounts = len(self.book.account_ids)
        return Valuer(self.book.positions, self.rows, self.market, accounts, self.credits)

    @cached_property
    def margins(self) -> Margins:
        return self.valuer.margins(self.valuation)

    @cached_property
    def collateral(self) -> np.ndarray:
        """Collateral after haircut by account of the book: int64 centicents."""
        holdings = self.day.read("recompute/reads/collateral").fetchall()
        return collateral_after_haircut(self.book, holdings)

    @cached_property
    def what_if(self) -> WhatIf:
        return WhatIf(self.book, self.valuer, self.draws)

    @cached_property
    def cycles(self) -> list[CycleMargin]:
        return value_cycles(self.day, self.terms, self.draws)
