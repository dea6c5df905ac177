"""Scenarios that move many markets at once: gap, missed cycle, porting and replay.

Belongs here: how far each event moves, and in which direction. All events towards their
last state, all towards their first, and against each group: every event in the direction in
which the net position of the group's margined books loses more. All accounts see the same
prices, so what one side loses the other gains. Source: stress-default-backtest.md, S3, S6,
S10 and the replays.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from reporting.model.margin.volatility import MAX_PRICE, MIN_PRICE
from reporting.model.stress.events import CloseOut, Scenario
from reporting.model.stress.latent import (
    FIRST,
    LAST,
    Variables,
    bridge_shift,
    normal_shift,
    volatility_shift,
)
from reporting.model.stress.records import ScenarioRecord
from reporting.model.stress.stress_book import StressBook
from reporting.units import BPS, CENTICENTS_PER_DOLLAR, multiply_divide_down


@dataclass(frozen=True)
class Moves:
    """Prices of all contracts with a variable, int64[c], in both directions, and which
    variables take part, bool[v]."""

    last: np.ndarray
    first: np.ndarray
    chosen: np.ndarray


def gaps(record: ScenarioRecord, book: StressBook, found: Variables) -> tuple[Scenario, ...]:
    """S3: every event held with leverage gaps by a quantile of its probit bridge over mpor."""
    tau, days, _ = _by_variable(book, found)
    z = _quantile(record)

    def shift(direction: float) -> np.ndarray:
        return bridge_shift(
            found.cumulative, found.by_state(tau), found.by_state(days), z, direction
        )

    least = record.parameters["least_leverage_bps"]
    moves = _moves(found, shift, _held_with_leverage(book, found, least))
    return both_and_against(record, book, found, moves, record.record_id)


def missed_cycles(
    record: ScenarioRecord, book: StressBook, found: Variables
) -> tuple[Scenario, ...]:
    """S6: no margin is called for some days; every event moves by its volatility over mpor
    and these days, the margin is that of the stale marks."""
    moves = _longer(record, book, found)
    return both_and_against(record, book, found, moves, record.record_id)


def portings(record: ScenarioRecord, book: StressBook, found: Variables) -> tuple[Scenario, ...]:
    """S10: a group with customers defaults, and nobody takes them over: markets move against
    it over mpor and some days, and all its margined books are closed out."""
    moves = _longer(record, book, found)
    closed = CloseOut(
        None, record.parameters["depth_left_bps"], record.parameters["spread_multiple_bps"]
    )
    has_customers = np.zeros(len(book.groups), dtype=bool)
    has_customers[book.accounts.group[~book.accounts.is_house.astype(bool)]] = True
    return tuple(
        _against(record, book, found, moves, record.record_id, group, closed)
        for group in np.flatnonzero(has_customers).tolist()
        if book.group_positions[group].any()
    )


def replays(record: ScenarioRecord, book: StressBook, found: Variables) -> tuple[Scenario, ...]:
    """The worst past dates: each event moves as far as its category did, in probit space.

    Dates rank by the sum over categories of the move times what is at risk in it today; ties
    by date. An event of a category without a move that day stays.
    """
    at_risk: dict[str, int] = {}
    for event in book.market.events:
        size = at_risk.get(event.category, 0) + event.total_worst_case_micros
        at_risk[event.category] = size
    by_date: dict[str, dict[str, float]] = {}
    for past in book.past_moves:
        by_date.setdefault(past.date, {})[past.category] = past.move
    weight = {
        day: sum(moves[c] * at_risk.get(c, 0) for c in sorted(moves))
        for day, moves in by_date.items()
    }
    worst = sorted(sorted(weight), key=weight.__getitem__, reverse=True)
    multiple = record.parameters["multiple_bps"] / BPS
    scenarios: list[Scenario] = []
    for day in worst[: record.parameters["dates"]]:
        if weight[day] <= 0:
            continue
        moved = [by_date[day].get(event.category, 0.0) for event in book.market.events]
        by_variable = multiple * np.array(moved, dtype=np.float64)[found.event]
        scenarios += _replay(record, book, found, day, by_variable)
    return tuple(scenarios)


def _replay(
    record: ScenarioRecord, book: StressBook, found: Variables, day: str, move: np.ndarray
) -> tuple[Scenario, ...]:
    by_state = found.by_state(move)

    def shift(direction: float) -> np.ndarray:
        return normal_shift(found.cumulative, by_state, direction)

    moves = _moves(found, shift, move > 0)
    return both_and_against(record, book, found, moves, f"{record.record_id}-{day}", f" of {day}")


def category_moves(
    categories: Sequence[str], before: np.ndarray, after: np.ndarray, quantile_bps: int = 9_500
) -> dict[str, float]:
    """How far each category moved on one date, by category in order.

    One element per contract: its category, and marks int64 centicents of the date before and of
    the date. The move is the quantile (nearest rank, upwards) of |Phi^-1(after) - Phi^-1(before)|
    over the contracts, prices clipped to 0.005..0.995.
    """
    clipped = [
        np.clip(np.asarray(marks) / CENTICENTS_PER_DOLLAR, MIN_PRICE, MAX_PRICE)
        for marks in (before, after)
    ]
    sizes = np.abs(ndtri(clipped[1]) - ndtri(clipped[0]))
    names, which = np.unique(np.array(categories, dtype=object), return_inverse=True)
    order = np.lexsort((sizes, which))
    counts = np.bincount(which, minlength=len(names))
    found, start = {}, 0
    for name, count in zip(names.tolist(), counts.tolist(), strict=True):
        rank = -(-quantile_bps * count // BPS)
        found[name] = float(sizes[order[start + max(0, rank - 1)]])
        start += count
    return found


def both_and_against(
    record: ScenarioRecord,
    book: StressBook,
    found: Variables,
    moves: Moves,
    stub: str,
    when: str = "",
) -> tuple[Scenario, ...]:
    """Two scenarios in which all events move the same way, and one against each group."""
    if not moves.chosen.any():
        return ()
    scenarios = [
        Scenario(
            scenario_id=f"{stub}-{word}",
            family=record.family,
            words=f"{record.words}{when}: all towards their {word} state",
            state_label=f"towards the {word} state",
            version=record.version,
            owner=record.owner,
            prices=found.moved(prices, moves.chosen),
        )
        for word, prices in (("last", moves.last), ("first", moves.first))
    ]
    touched = found.contract[moves.chosen[found.variable]]
    for group in range(len(book.groups)):
        if book.group_positions[group, touched].any():
            scenarios.append(_against(record, book, found, moves, stub, group, when=when))
    return tuple(scenarios)


def _against(
    record: ScenarioRecord,
    book: StressBook,
    found: Variables,
    moves: Moves,
    stub: str,
    group: int,
    closed: CloseOut | None = None,
    when: str = "",
) -> Scenario:
    name = book.groups[group]
    net = book.group_positions[group, found.contract]
    # Mark less price cancels between the two directions.
    gain_of_first = np.zeros(len(found.event), dtype=np.int64)
    np.add.at(gain_of_first, found.variable, net * (moves.first - moves.last))
    prices = np.where(gain_of_first[found.variable] >= 0, moves.last, moves.first)
    return Scenario(
        scenario_id=f"{stub}-{name}",
        family=record.family,
        words=f"{record.words}{when}: against {name}",
        state_label=f"against {name}",
        version=record.version,
        owner=record.owner,
        prices=found.moved(prices, moves.chosen),
        close_out=None
        if closed is None
        else CloseOut((group,), closed.depth_left_bps, closed.spread_multiple_bps),
    )


def _moves(found: Variables, shift: Callable[[float], np.ndarray], chosen: np.ndarray) -> Moves:
    return Moves(found.prices(shift(LAST)), found.prices(shift(FIRST)), chosen)


def _longer(record: ScenarioRecord, book: StressBook, found: Variables) -> Moves:
    """Moves by the margin model's own volatility over mpor and the record's extra days."""
    tau, days, sigma = _by_variable(book, found)
    days = days + record.parameters["extra_days"]
    volatility = found.by_state(sigma * np.sqrt(days))
    settles = found.by_state(tau <= days)
    z = _quantile(record)

    def shift(direction: float) -> np.ndarray:
        return volatility_shift(found.cumulative, volatility, settles, z, direction)

    return _moves(found, shift, np.ones(len(found.event), dtype=bool))


def _by_variable(book: StressBook, found: Variables) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """tau, mpor and sigma of each variable: three float64[v]."""
    events = book.market.events
    columns = (
        [event.tau_days for event in events],
        [event.liquidation_days for event in events],
        [event.sigma for event in events],
    )
    return tuple(np.array(column, dtype=np.float64)[found.event] for column in columns)


def _quantile(record: ScenarioRecord) -> float:
    return float(ndtri(record.parameters["quantile_bps"] / BPS))


def _held_with_leverage(book: StressBook, found: Variables, least_bps: int) -> np.ndarray:
    """Variables of which a margined account with W above so many times its margin holds any."""
    accounts, held = book.accounts, book.positions
    levered = accounts.margined & (
        accounts.worst_case > multiply_divide_down(accounts.margin, least_bps, BPS)
    )
    by_contract = np.zeros(len(held.start) - 1, dtype=bool)
    by_contract[held.contract[levered[held.account] & (held.qty != 0)]] = True
    chosen = np.zeros(len(found.event), dtype=bool)
    chosen[found.variable[by_contract[found.contract]]] = True
    return chosen
