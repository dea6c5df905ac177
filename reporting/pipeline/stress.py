"""Stage stress: scenarios on the recomputed book, cover, reverse stress, liquidity, one drill."""

import os
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow

from reporting.model.stress.books import StressBook
from reporting.model.stress.cover import Cover, cover
from reporting.model.stress.events import Scenario
from reporting.model.stress.library import scenario_library
from reporting.model.stress.losses import account_losses
from reporting.model.stress.records import LIQUIDITY, REVERSE, analysis
from reporting.model.stress.results import of_scenarios, shortfall_matrix
from reporting.model.stress.shortfalls import GroupLosses
from reporting.pipeline.backtest_tables import Backtests
from reporting.pipeline.category_moves import category_move_rows
from reporting.pipeline.day import Day
from reporting.pipeline.day_book import DayBook, read_day_book
from reporting.pipeline.drill import Defaulter, Resources, drill_rows, read_resources
from reporting.pipeline.engine import Producer, StageResult, run_stage
from reporting.pipeline.liquidity import liquidity_rows
from reporting.pipeline.reverse_stress import reverse_rows
from reporting.pipeline.stress_book import Groups, read_groups, read_stress_book
from reporting.rulebook.scenarios import scenarios_in_force
from reporting.units import centicents_from_micros_up


def stress(day: Day) -> StageResult:
    """Stress one recomputed date."""
    produce = _Stress()
    names = (
        "scenarios",
        "group_losses",
        "cover",
        "reverse",
        "reverse_resolutions",
        "liquidity",
        "liquidity_hours",
        "drill",
        "drill_layers",
        "drill_allocations",
        "drill_positions",
    )
    producers: dict[str, Producer] = {f"stress.{name}": produce for name in names}
    producers["stress.category_moves"] = category_move_rows
    return run_stage(day, "stress", producers | Backtests().producers)


class _Stress:
    """The producer of all tables of the stage."""

    def __call__(self, day: Day) -> Mapping[str, pyarrow.Table]:
        book = day.kept("recompute.account_margin") or read_day_book(day)
        groups = read_groups(day, book)
        held = read_stress_book(day, book, groups)
        records = scenarios_in_force(day.business_date)
        scenarios = scenario_library(records, held)
        results = of_scenarios(held, scenarios, os.cpu_count() or 1)
        resources = read_resources(day)
        found = cover(shortfall_matrix(results, len(groups.names)))
        rows = {
            "stress.scenarios": _scenario_rows(scenarios),
            "stress.group_losses": _group_rows(scenarios, results, groups),
            "stress.cover": _cover_rows(scenarios, found, groups, resources),
        }
        rows |= reverse_rows(analysis(records, REVERSE), held, resources, book.schedule.rho_bps)
        rows |= liquidity_rows(
            day, analysis(records, LIQUIDITY), book, held, scenarios, results, resources
        )
        defaulter = _defaulter(scenarios, results, held, groups, book)
        return rows | drill_rows(defaulter, resources, book)


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


def _group_rows(
    scenarios: Sequence[Scenario], results: Sequence[GroupLosses], groups: Groups
) -> pyarrow.Table:
    """Groups without a position and without a loss are left out."""
    columns: dict[str, list] = {
        "scenario_id": [],
        "affiliate_group": [],
        "stressed_loss_centicents": [],
        "margin_required_centicents": [],
        "margin_lost_centicents": [],
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
            ("own_fund_centicents", result.own_fund),
            ("shortfall_centicents", result.shortfall),
        ):
            columns[name] += centicents_from_micros_up(values[held]).tolist()
    types = [pyarrow.string()] * 2 + [pyarrow.int64()] * 5
    return pyarrow.table(columns, pyarrow.schema(list(zip(columns, types, strict=True))))


def _cover_rows(
    scenarios: Sequence[Scenario], found: Cover, groups: Groups, resources: Resources
) -> pyarrow.Table:
    records = []
    for number, scenario in enumerate(scenarios):
        pair = [int(g) for g in found.cover_2_groups[number] if g >= 0]
        names = [groups.names[g] for g in pair]
        cover_2 = int(centicents_from_micros_up(found.cover_2[number]))
        prefunded = resources.prefunded_without(names)
        records.append(
            {
                "scenario_id": scenario.scenario_id,
                "family": scenario.family,
                "words": scenario.words,
                "cover_1_centicents": int(centicents_from_micros_up(found.cover_1[number])),
                "cover_1_group": names[0] if names else "",
                "cover_1_prefunded_centicents": resources.prefunded_without(names[:1]),
                "cover_2_centicents": cover_2,
                "cover_2_groups": ", ".join(names),
                "prefunded_centicents": prefunded,
                "covered": cover_2 <= prefunded,
            }
        )
    schema = pyarrow.schema(
        [
            ("scenario_id", pyarrow.string()),
            ("family", pyarrow.string()),
            ("words", pyarrow.string()),
            ("cover_1_centicents", pyarrow.int64()),
            ("cover_1_group", pyarrow.string()),
            ("cover_1_prefunded_centicents", pyarrow.int64()),
            ("cover_2_centicents", pyarrow.int64()),
            ("cover_2_groups", pyarrow.string()),
            ("prefunded_centicents", pyarrow.int64()),
            ("covered", pyarrow.bool_()),
        ]
    )
    return pyarrow.Table.from_pylist(records, schema=schema)


def _defaulter(
    scenarios: Sequence[Scenario],
    results: Sequence[GroupLosses],
    held: StressBook,
    groups: Groups,
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
    found = account_losses(scenarios[number], held)
    # Two books an account; a loss of one never meets the margin of the other.
    return Defaulter(
        group=groups.names[group],
        scenario=scenarios[number],
        losses=found.loss,
        margin=held.accounts.margin - found.margin_lost,
        in_group=held.accounts.group == group,
        is_house=held.accounts.is_house,
        accounts=[book.account_ids[a] for a in np.flatnonzero(groups.of_account == group)],
    )
