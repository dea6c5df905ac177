"""Stage stress: scenarios on the recomputed book, cover, reverse stress, liquidity, one drill."""

import os
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import pyarrow

from reporting.contract.finding import Finding
from reporting.engine.day import Day
from reporting.engine.stage import Producer, StageResult, run_stage
from reporting.model.stress.events import Scenario
from reporting.model.stress.library import scenario_library
from reporting.model.stress.losses import account_losses
from reporting.model.stress.records import (
    LIQUIDITY,
    REVERSE,
    analysis,
    unknown_assets,
    unknown_facilities,
)
from reporting.model.stress.results import group_losses_by_scenario
from reporting.model.stress.shortfalls import GroupLosses
from reporting.rulebook import Rule, load_rulebook
from reporting.rulebook.scenarios import scenarios_in_force
from reporting.stages.recompute.day_book import read_day_book
from reporting.stages.stress.backtest.tables import Backtests
from reporting.stages.stress.category_moves import category_move_rows
from reporting.stages.stress.cover import cover_rows
from reporting.stages.stress.drill import Defaulter, drill_rows
from reporting.stages.stress.liquidity import liquidity_rows
from reporting.stages.stress.resources import Resources, read_resources
from reporting.stages.stress.reverse_stress import reverse_rows
from reporting.stages.stress.stress_book import Groups, read_groups, read_stress_book
from reporting.units import centicents_from_micros_up

_UNKNOWN = "STRESS-SCENARIO-UNKNOWN"
_OF_RESOURCES = (
    "cover",
    "reverse",
    "reverse_resolutions",
    "drill",
    "drill_layers",
    "drill_allocations",
    "drill_positions",
)


def stress(day: Day) -> StageResult:
    """Stress one recomputed date."""
    made = _Stress()
    producers: dict[str, Producer] = {"stress.category_moves": category_move_rows}
    for produce, names in (
        (made.losses, ("scenarios", "group_losses")),
        (made.resources, _OF_RESOURCES),
        (made.liquidity, ("liquidity", "liquidity_hours", "liquidity_facilities")),
    ):
        producers |= {f"stress.{name}": produce for name in names}
    return run_stage(day, "stress", producers | Backtests().producers, made.found)


class _Stress:
    """The producers of the stage but those of backtests. What one made the next takes; what stops
    one (resources that cannot be) does not stop those before it.

    ``found``: findings about the library itself, once the tables were made.
    """

    def __init__(self) -> None:
        self.found: list[tuple[Rule, Finding]] = []
        self._known: _Known | None = None

    def losses(self, day: Day) -> Mapping[str, pyarrow.Table]:
        """What each scenario makes each group lose."""
        known = self._of(day)
        types = known.book.schedule.haircuts_bps
        self._say(unknown_assets(known.records, types))
        return {
            "stress.scenarios": _scenario_rows(known.scenarios),
            "stress.group_losses": group_rows(known.scenarios, known.results, known.groups),
        }

    def resources(self, day: Day) -> Mapping[str, pyarrow.Table]:
        """What of it the resources bear: cover, reverse stress, the drill."""
        known = self._of(day)
        resources = known.resources
        rows = {
            "stress.cover": cover_rows(
                known.scenarios, known.results, known.groups.names, resources
            )
        }
        reverse = analysis(known.records, REVERSE)
        rows |= reverse_rows(reverse, known.held, resources, known.book.schedule.rho_bps)
        return rows | drill_rows(_defaulter(known), resources, known.book)

    def liquidity(self, day: Day) -> Mapping[str, pyarrow.Table]:
        """What is to be paid meanwhile."""
        known = self._of(day)
        record, resources = analysis(known.records, LIQUIDITY), known.resources
        self._say(unknown_facilities(known.records, resources.facility_ids))
        return liquidity_rows(
            day, record, known.book, known.held, known.scenarios, known.results, resources
        )

    def _of(self, day: Day) -> "_Known":
        self._known = self._known or _Known(day)
        return self._known

    def _say(self, names: Sequence[tuple[str, str, str]]) -> None:
        """Once, though a fault elsewhere may have the tables made again."""
        self.found += [each for each in _unknown(names) if each not in self.found]


class _Known:
    """The book of the date, its scenarios and what they make the groups lose."""

    def __init__(self, day: Day) -> None:
        self._day = day
        self.book = day.kept("recompute.account_margin") or read_day_book(day)
        self.groups = read_groups(day, self.book)
        self.held = read_stress_book(day, self.book, self.groups)
        self.records = scenarios_in_force(day.business_date)
        self.scenarios = scenario_library(self.records, self.held)
        self.results = group_losses_by_scenario(self.held, self.scenarios, os.cpu_count() or 1)

    @cached_property
    def resources(self) -> Resources:
        return read_resources(self._day)


def _unknown(names: Sequence[tuple[str, str, str]]) -> list[tuple[Rule, Finding]]:
    rule = load_rulebook()[_UNKNOWN]
    return [
        (rule, Finding(_UNKNOWN, record, f"data_checks/scenarios.yaml: {parameter}: {name}"))
        for record, parameter, name in names
    ]


def _scenario_rows(scenarios: Sequence[Scenario]) -> pyarrow.Table:
    names = (
        "scenario_id",
        "family",
        "version",
        "words",
        "event_ticker",
        "category",
        "state_label",
        "owner",
    )
    columns = {name: [getattr(scenario, name) for scenario in scenarios] for name in names}
    return pyarrow.table(columns, pyarrow.schema([(name, pyarrow.string()) for name in names]))


def group_rows(
    scenarios: Sequence[Scenario], results: Sequence[GroupLosses], groups: Groups
) -> pyarrow.Table:
    """Rows of ``stress.group_losses``; groups without a position and without a loss are left
    out."""
    columns: dict[str, list] = {
        "scenario_id": [],
        "affiliate_group": [],
        "stressed_loss_centicents": [],
        "margin_required_centicents": [],
        "margin_lost_centicents": [],
        "uncovered_centicents": [],
        "own_fund_centicents": [],
        "shortfall_centicents": [],
    }
    for scenario, result in zip(scenarios, results, strict=True):
        held = np.flatnonzero((result.margin_required != 0) | (result.stressed_loss != 0))
        columns["scenario_id"] += [scenario.scenario_id] * len(held)
        columns["affiliate_group"] += [groups.names[g] for g in held.tolist()]
        for name, values in (
            ("stressed_loss_centicents", result.stressed_loss),
            ("margin_required_centicents", result.margin_required),
            ("margin_lost_centicents", result.margin_lost),
            ("uncovered_centicents", result.uncovered),
            ("own_fund_centicents", result.own_fund),
            ("shortfall_centicents", result.shortfall),
        ):
            columns[name] += centicents_from_micros_up(values[held]).tolist()
    types = [pyarrow.string()] * 2 + [pyarrow.int64()] * 6
    return pyarrow.table(columns, pyarrow.schema(list(zip(columns, types, strict=True))))


def _defaulter(known: _Known) -> Defaulter | None:
    """The group and scenario of the drill: the largest shortfall, else the largest loss."""
    groups, held, book = known.groups, known.held, known.book
    best: tuple[int, int] | None = None
    size = (0, 0)
    for number, result in enumerate(known.results):
        for group in range(len(groups.names)):
            reached = int(result.shortfall[group]), int(result.stressed_loss[group])
            if reached > size:
                best, size = (number, group), reached
    if best is None:
        return None
    number, group = best
    found = account_losses(known.scenarios[number], held)
    # Two books an account; a loss of one never meets the margin of the other.
    return Defaulter(
        group=groups.names[group],
        scenario=known.scenarios[number],
        losses=found.loss,
        margin=held.accounts.margin - found.margin_lost,
        in_group=held.accounts.group == group,
        is_house=held.accounts.is_house,
        accounts=[book.account_ids[a] for a in np.flatnonzero(groups.of_account == group)],
    )
