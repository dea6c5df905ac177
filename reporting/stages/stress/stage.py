"""Stage stress: scenarios on the recomputed book, cover, reverse stress, liquidity, one drill.

Belongs here: the values that the tables of the stage are made from, each computed when it is first
asked for. The backtests stand in this stage and not in recompute: they ask how good a margin was
that is committed by then, and no margin of the date depends on them.
"""

import os
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow

from reporting.contract.finding import Finding
from reporting.engine.day import Day
from reporting.engine.past_dates import earlier_dates
from reporting.engine.stage import StageResult, run_stage
from reporting.model.default.porting import Porting
from reporting.model.stress.events import Scenario
from reporting.model.stress.library import scenario_library
from reporting.model.stress.losses import account_losses, losses_by_category
from reporting.model.stress.records import (
    ASSET_PARAMETERS,
    FACILITY_PARAMETERS,
    FUND_SIZING,
    LIQUIDITY,
    REVERSE,
    SEARCH,
    ScenarioRecord,
    analysis,
    unknown_names,
)
from reporting.model.stress.results import group_losses_by_scenario
from reporting.model.stress.shortfalls import GroupLosses
from reporting.model.stress.stress_book import StressBook
from reporting.rulebook import Rule, load_rulebook
from reporting.rulebook.scenarios import scenarios_in_force
from reporting.rulebook.thresholds import Thresholds, thresholds_in_force
from reporting.stages.recompute.day_book import DayBook, read_day_book
from reporting.stages.stress.backtest.books import hypothetical_rows
from reporting.stages.stress.drill import Defaulter, DrillOfDate, drill_of
from reporting.stages.stress.fund_sizing import fund_sizing_of
from reporting.stages.stress.payer_failures import PayerFailure, payer_failures_of
from reporting.stages.stress.porting import portings_of
from reporting.stages.stress.resources import Resources, read_resources
from reporting.stages.stress.reverse_stress import ReverseRows, reverse_rows
from reporting.stages.stress.search import SearchRows, search_rows
from reporting.stages.stress.stress_book import Groups, read_groups, read_stress_book

_UNKNOWN = "STRESS-SCENARIO-UNKNOWN"


def stress(day: Day) -> StageResult:
    """Stress one recomputed date."""
    values = StressValues(day)
    return run_stage(day, "stress", values, values.findings)


class StressValues:
    """The values that the tables of a date are made from.

    Each is computed once, when the first table asks for it: invalid resources stop the tables that
    need them, and not the losses.

    ``findings``: about the library itself, added while values are computed. Raises ModelError
    where the data of the date, or the library, do not allow a value.
    """

    def __init__(self, day: Day) -> None:
        self.day = day
        self.findings: list[tuple[Rule, Finding]] = []

    @cached_property
    def book(self) -> DayBook:
        """The book at the end of the date, as recompute left it or read again."""
        return self.day.kept("recompute.account_margin") or read_day_book(self.day)

    @cached_property
    def groups(self) -> Groups:
        return read_groups(self.day, self.book)

    @property
    def group_names(self) -> Sequence[str]:
        return self.groups.names

    @cached_property
    def held(self) -> StressBook:
        """The books that scenarios are applied to."""
        return read_stress_book(self.day, self.book, self.groups)

    @cached_property
    def records(self) -> Sequence[ScenarioRecord]:
        """The records of the scenario library that are in force."""
        return scenarios_in_force(self.day.business_date)

    @cached_property
    def scenarios(self) -> Sequence[Scenario]:
        return scenario_library(self.records, self.held)

    @cached_property
    def results(self) -> Sequence[GroupLosses]:
        """What each scenario makes each group lose."""
        results = group_losses_by_scenario(self.held, self.scenarios, os.cpu_count() or 1)
        known = self.book.schedule.haircuts_bps
        self._report(unknown_names(self.records, ASSET_PARAMETERS, known))
        return results

    @cached_property
    def resources(self) -> Resources:
        return read_resources(self.day)

    @cached_property
    def fund_sizing(self) -> list[dict]:
        """What each member should deposit, and what it has deposited."""
        record = analysis(self.records, FUND_SIZING)
        return fund_sizing_of(self.day, record, self.book, self.held, self.results, self.resources)

    @cached_property
    def search(self) -> SearchRows:
        """The plausible scenario beyond the list that hurts most."""
        record, schedule = analysis(self.records, SEARCH), self.book.schedule
        return search_rows(record, self.held, self.resources, schedule.rho_bps)

    @cached_property
    def reverse(self) -> ReverseRows:
        record, schedule = analysis(self.records, REVERSE), self.book.schedule
        return reverse_rows(record, self.held, self.resources, schedule.rho_bps)

    @cached_property
    def drill(self) -> DrillOfDate | None:
        defaulter = _defaulter(self.scenarios, self.results, self.groups, self.held, self.book)
        return drill_of(defaulter, self.resources, self.book)

    @cached_property
    def portings(self) -> list[tuple[str, Porting]]:
        """Who could take the customers of each group."""
        return portings_of(
            self.day, self.book, self.held, self.groups, self.records, self.scenarios
        )

    @cached_property
    def payer_failures(self) -> list[PayerFailure]:
        """What is to be paid when the largest payers fail, and from what."""
        known = self.resources.facility_ids
        self._report(unknown_names(self.records, FACILITY_PARAMETERS, known))
        return payer_failures_of(
            self.day,
            analysis(self.records, LIQUIDITY),
            self.book,
            self.held,
            self.scenarios,
            self.results,
            self.resources,
        )

    @cached_property
    def hypothetical(self) -> Mapping[str, pyarrow.Table]:
        """The hypothetical portfolios of the backtests, by table."""
        scenarios = self.day.kept("recompute.scenario_sets")
        return hypothetical_rows(self.day, self.book, scenarios)

    @cached_property
    def thresholds(self) -> Thresholds:
        return thresholds_in_force(self.day.business_date)

    @property
    def coverage_days(self) -> int:
        return self.thresholds.coverage_days

    @property
    def seed(self) -> int:
        return self.book.schedule.seed

    @property
    def periods(self) -> list[int]:
        """Liquidation periods of all known versions of the schedule, in days."""
        schedules = self.book.schedules
        return sorted({days for version in schedules for days in version.liquidation_days.values()})

    @cached_property
    def earlier(self) -> list[date]:
        """Business dates before the date, latest first."""
        return earlier_dates(self.day)

    def _report(self, unknown: Sequence[tuple[str, str, str]]) -> None:
        """Add findings on parameters of the library that name nothing of the date."""
        rule = load_rulebook()[_UNKNOWN]
        findings = [
            (rule, Finding(_UNKNOWN, record, f"data_checks/scenarios.yaml: {parameter}: {name}"))
            for record, parameter, name in unknown
        ]
        self.findings += [finding for finding in findings if finding not in self.findings]


def _defaulter(
    scenarios: Sequence[Scenario],
    results: Sequence[GroupLosses],
    groups: Groups,
    held: StressBook,
    book: DayBook,
) -> Defaulter | None:
    """The group and scenario of the drill: the largest shortfall, else the largest loss."""
    best: tuple[int, int] | None = None
    size = (0, 0)
    for number, result in enumerate(results):
        for group in range(len(groups.names)):
            reached = int(result.shortfall[group]), int(result.stressed_loss[group])
            if reached > size:
                best, size = (number, group), reached
    if best is None:
        return None
    number, group = best
    losses = account_losses(scenarios[number], held)
    # Two books an account; a loss of one never meets the margin of the other.
    return Defaulter(
        group=groups.names[group],
        scenario=scenarios[number],
        losses=losses.loss,
        margin=held.accounts.margin - losses.margin_lost,
        in_group=held.accounts.group == group,
        is_house=held.accounts.is_house,
        accounts=[book.account_ids[a] for a in np.flatnonzero(groups.of_account == group)],
        category_losses=losses_by_category(held, scenarios[number], group),
    )
