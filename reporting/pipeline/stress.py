"""Stage stress: scenarios on the recomputed book, cover, and one default drill."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow

from reporting.model.stress.books import Accounts, Positions, StressBook
from reporting.model.stress.cover import Cover, cover
from reporting.model.stress.events import Scenario, StressEvent, StressMarket
from reporting.model.stress.library import scenario_library
from reporting.model.stress.losses import account_losses
from reporting.model.stress.records import CATEGORY_SWEEP, SURPRISE_RESOLUTION, VOID
from reporting.model.stress.results import of_scenarios, shortfall_matrix
from reporting.model.stress.shortfalls import GroupLosses
from reporting.pipeline.books import event_rows
from reporting.pipeline.day import Day
from reporting.pipeline.day_book import DayBook, read_day_book
from reporting.pipeline.drill import Defaulter, Resources, drill_rows, read_resources
from reporting.pipeline.engine import StageResult, run_stage
from reporting.rulebook.scenarios import scenarios_in_force
from reporting.units import MICROS_PER_CENTICENT, centicents_from_micros_up

FED_KINDS = (SURPRISE_RESOLUTION, CATEGORY_SWEEP, VOID)
"""Kinds of the library that the stage runs; what the others need is not fed to it yet."""


def stress(day: Day) -> StageResult:
    """Stress one recomputed date."""
    produce = _Stress()
    names = (
        "scenarios",
        "group_losses",
        "cover",
        "drill",
        "drill_layers",
        "drill_allocations",
        "drill_positions",
    )
    return run_stage(day, "stress", {f"stress.{name}": produce for name in names})


@dataclass(frozen=True)
class Groups:
    """Affiliate groups in order of name, with the group of each account and book.

    A book is an account's margined (2a) or fully collateralised (2a + 1) part.
    """

    names: list[str]
    of_account: np.ndarray
    is_house: np.ndarray
    own_fund: np.ndarray


class _Stress:
    """The producer of all tables of the stage."""

    def __call__(self, day: Day) -> Mapping[str, pyarrow.Table]:
        book = read_day_book(day)
        groups = _groups(day, book)
        held = _stress_book(book, _margin(day, book), groups)
        records = [r for r in scenarios_in_force(day.business_date) if r.kind in FED_KINDS]
        scenarios = scenario_library(records, held)
        results = of_scenarios(held, scenarios, os.cpu_count() or 1)
        resources = read_resources(day)
        found = cover(shortfall_matrix(results, len(groups.names)))
        rows = {
            "stress.scenarios": _scenario_rows(scenarios),
            "stress.group_losses": _group_rows(scenarios, results, groups),
            "stress.cover": _cover_rows(scenarios, found, groups, resources),
        }
        defaulter = _defaulter(scenarios, results, held, groups, book)
        return rows | drill_rows(defaulter, resources, book)


def _margin(day: Day, book: DayBook) -> np.ndarray:
    """Margin required of each account's margined and fully collateralised book, micros."""
    margin = np.zeros(2 * len(book.account_ids), dtype=np.int64)
    rows = day.query(
        "SELECT account_id, margined_initial_centicents,"
        " initial_margin_centicents - margined_initial_centicents"
        " FROM recompute.account_margin WHERE business_date = $business_date"
    ).fetchall()
    for account, margined, full in rows:
        place = 2 * book.account_index[account]
        margin[place : place + 2] = margined, full
    return margin * MICROS_PER_CENTICENT


def _stress_book(book: DayBook, margin: np.ndarray, groups: Groups) -> StressBook:
    """The books that the scenarios are applied to, two an account."""
    market, positions = book.market, book.positions
    rows = event_rows(positions, market)
    by_event = np.zeros(len(market.events), dtype=np.int64)
    np.add.at(by_event, rows.event, rows.worst_case)
    worst_case = np.zeros(2 * len(book.account_ids), dtype=np.int64)
    np.add.at(worst_case, 2 * rows.account + ~rows.margined, rows.worst_case)
    # An event that nobody holds makes nobody lose.
    held = np.unique(positions.event)
    place = np.full(len(market.events), -1, dtype=np.int64)
    place[held] = np.arange(len(held))
    stressed = StressMarket([_stress_event(book, e, int(by_event[e])) for e in held.tolist()])
    return StressBook(
        market=stressed,
        positions=Positions.of(
            2 * positions.account + ~positions.margined,
            stressed.first_contract[place[positions.event]] + positions.leg,
            positions.qty,
            int(stressed.first_contract[-1]),
        ),
        accounts=Accounts(
            group=np.repeat(groups.of_account, 2),
            is_house=np.repeat(groups.is_house, 2),
            margined=np.tile(np.array([True, False]), len(book.account_ids)),
            margin=margin,
            worst_case=worst_case,
        ),
        groups=groups.names,
        own_fund=groups.own_fund,
    )


def _stress_event(book: DayBook, event: int, worst_case: int) -> StressEvent:
    market = book.market
    return StressEvent(
        terms=market.terms[event],
        category=market.categories[event],
        marks=market.marks[event],
        total_worst_case_micros=worst_case,
        priced=market.priced[event],
        settled=market.settled[event],
    )


def _groups(day: Day, book: DayBook) -> Groups:
    rows = day.query(
        "SELECT members.member_id, members.affiliate_group,"
        " COALESCE(fund.deposited_centicents, 0)"
        " FROM validate.members AS members"
        " LEFT JOIN validate.guaranty_fund AS fund ON fund.member_id = members.member_id"
        " AND fund.business_date = members.business_date"
        " WHERE members.business_date = $business_date ORDER BY members.member_id"
    ).fetchall()
    names = sorted({row[1] for row in rows})
    index = {name: number for number, name in enumerate(names)}
    group_of = {row[0]: index[row[1]] for row in rows}
    own_fund = np.zeros(len(names), dtype=np.int64)
    for _, group, deposited in rows:
        own_fund[index[group]] += deposited * MICROS_PER_CENTICENT
    return Groups(
        names=names,
        of_account=np.array([group_of[member] for member in book.member_ids], dtype=np.int64),
        is_house=np.array([origin == "house" for origin in book.origins], dtype=bool),
        own_fund=own_fund,
    )


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
            ("own_fund_centicents", result.own_fund),
            ("shortfall_centicents", result.shortfall),
        ):
            columns[name] += centicents_from_micros_up(values[held]).tolist()
    types = [pyarrow.string()] * 2 + [pyarrow.int64()] * 4
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
    # Two books an account; a loss of one never meets the margin of the other.
    return Defaulter(
        group=groups.names[group],
        scenario=scenarios[number],
        losses=account_losses(scenarios[number], held).loss,
        margin=held.accounts.margin,
        in_group=held.accounts.group == group,
        is_house=held.accounts.is_house,
        accounts=[book.account_ids[a] for a in np.flatnonzero(groups.of_account == group)],
    )
