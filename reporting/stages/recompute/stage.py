"""Stage recompute: positions, marks and margin of a date, worked out again from the trades.

Belongs here: the values that the tables of the stage are made from, each computed when it is first
asked for. SELECTs are in ``sql/recompute/``; every other table is declared on the function that
makes it (``@table``).
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from reporting.engine.day import Day
from reporting.engine.stage import StageResult, run_stage
from reporting.model.events.terms import EventTerms
from reporting.model.portfolio.margins import Margins
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.methods import by_method
from reporting.model.portfolio.scenario_events import ScenarioEvent
from reporting.model.portfolio.scenario_set import Draws, MarketScenarios
from reporting.model.portfolio.valuation import Valuation, value
from reporting.model.portfolio.worst_cases import WorstCases
from reporting.stages.recompute.contracts import Contracts
from reporting.stages.recompute.day_book import DayBook, read_day_book
from reporting.stages.recompute.margin.collateral import collateral_after_haircut
from reporting.stages.recompute.margin.cycles import CycleMargin, value_cycles
from reporting.stages.recompute.margin.scenario_file import Published, publish
from reporting.stages.recompute.settlement.possible_values import SettlementBreaks


def recompute(day: Day, scenarios_folder: Path, replica_draws: int) -> StageResult:
    """Recompute one date from its validated tables and the positions of the day before.

    The scenario set is published in a folder of the date inside ``scenarios_folder``.
    ``replica_draws`` bounds what the second implementation draws.
    """
    values = RecomputeValues(day, scenarios_folder, replica_draws)
    result = run_stage(day, "recompute", values)
    if "margins" in vars(values):
        day.keep("recompute.account_margin", values.book)
        day.keep("recompute.scenario_sets", values.scenarios)
    return result


class RecomputeValues:
    """The values that the tables of a date are made from.

    Each is computed once, when the first table asks for it, so a blocked table costs nothing and
    raises nothing.
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
    def settlement_breaks(self) -> SettlementBreaks:
        return SettlementBreaks(self.day, self.terms)

    @cached_property
    def book(self) -> DayBook:
        """The book at the end of the date."""
        return read_day_book(self.day, self.terms)

    @property
    def market(self) -> Market:
        return self.book.market

    @cached_property
    def valuation(self) -> Valuation:
        """The book under the schedule in force."""
        book = self.book
        accounts = len(book.account_ids)
        return value(
            book.positions,
            book.market,
            accounts,
            book.schedule,
            self.draws,
            owners=book.owners,
        )

    @property
    def scenarios(self) -> MarketScenarios:
        return self.valuation.scenarios

    @property
    def events(self) -> Sequence[ScenarioEvent]:
        return self.scenarios.events

    @cached_property
    def published(self) -> Published:
        """The scenario set as the file that members read; writes it."""
        folder = self._scenarios_folder / self.day.business_date.isoformat()
        return publish(self.scenarios.prices, self.book.schedule, folder)

    @property
    def worst_cases(self) -> WorstCases:
        return self.valuation.portfolio.worst_cases

    @cached_property
    def margins(self) -> Margins:
        return self.valuation.margins

    @cached_property
    def charged(self) -> Margins:
        """Margins by the method that the schedule says the venue uses."""
        return by_method(self.valuation)

    @cached_property
    def collateral(self) -> np.ndarray:
        """Collateral after haircut by account of the book: int64 centicents."""
        holdings = self.day.read("recompute/reads/collateral").fetchall()
        return collateral_after_haircut(self.book, holdings)

    @cached_property
    def cycles(self) -> list[CycleMargin]:
        return value_cycles(self.day, self.terms, self.draws)
