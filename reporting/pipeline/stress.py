"""Stage stress: scenarios on the recomputed book, cover, and one default drill."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow

from reporting.model.stress import (
    Cover,
    EventBook,
    GroupLosses,
    Scenario,
    cover,
    group_shortfalls,
    scenario_library,
    scenario_losses,
)
from reporting.pipeline.backtest_tables import LOOKED_BACK_AT, Backtests
from reporting.pipeline.books import event_books, event_rows
from reporting.pipeline.day import Day
from reporting.pipeline.day_book import DayBook, read_day_book
from reporting.pipeline.drill import Defaulter, Resources, drill_rows, read_resources
from reporting.pipeline.engine import Producer, StageResult, run_stage
from reporting.units import MICROS_PER_CENTICENT, centicents_from_micros_up


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
    producers: dict[str, Producer] = {f"stress.{name}": produce for name in names}
    result = run_stage(day, "stress", producers | Backtests().producers)
    for name in LOOKED_BACK_AT:
        day.remember(name)
    return result


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
        book = day.kept("recompute.account_margin") or read_day_book(day)
        books, margin = _event_books(book), _margin(day, book)
        groups = _groups(day, book)
        scenarios = scenario_library(list(books.values()))
        losses = [
            scenario_losses(scenario, books, 2 * len(book.account_ids)) for scenario in scenarios
        ]
        results = [_shortfalls(loss, margin, groups) for loss in losses]
        resources = read_resources(day)
        found = cover(_matrix(results, len(groups.names)))
        rows = {
            "stress.scenarios": _scenario_rows(scenarios),
            "stress.group_losses": _group_rows(scenarios, results, groups),
            "stress.cover": _cover_rows(scenarios, found, groups, resources),
        }
        defaulter = _defaulter(scenarios, losses, results, margin, groups, book)
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


def _event_books(book: DayBook) -> dict[str, EventBook]:
    """Books by event."""
    rows = event_rows(book.positions, book.market)
    total = np.zeros(len(book.market.events), dtype=np.int64)
    np.add.at(total, rows.event, rows.worst_case)
    parts: dict[int, list[tuple[np.ndarray, np.ndarray]]] = {}
    for event, margined, holders, quantities in event_books(book.positions, book.market):
        parts.setdefault(event, []).append((2 * holders + (0 if margined else 1), quantities))
    books = {}
    for event, held in parts.items():
        name = book.market.events[event]
        books[name] = EventBook(
            terms=book.market.terms[event],
            category=book.market.categories[event],
            marks=book.market.marks[event],
            account_index=np.concatenate([index for index, _ in held]),
            quantities=np.concatenate([quantities for _, quantities in held]),
            total_worst_case_micros=int(total[event]),
            priced=book.market.priced[event],
            settled=book.market.settled[event],
        )
    return books


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


def _shortfalls(loss: np.ndarray, margin: np.ndarray, groups: Groups) -> GroupLosses:
    return group_shortfalls(
        loss,
        margin,
        np.repeat(groups.of_account, 2),
        np.repeat(groups.is_house, 2),
        groups.own_fund,
    )


def _matrix(results: Sequence[GroupLosses], groups: int) -> np.ndarray:
    if not results:
        return np.zeros((0, groups), dtype=np.int64)
    return np.stack([result.shortfall for result in results])


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
    losses: Sequence[np.ndarray],
    results: Sequence[GroupLosses],
    margin: np.ndarray,
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
        losses=losses[number],
        margin=margin,
        in_group=np.repeat(groups.of_account == group, 2),
        is_house=np.repeat(groups.is_house, 2),
        accounts=[book.account_ids[a] for a in np.flatnonzero(groups.of_account == group)],
    )
