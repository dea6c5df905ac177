"""Scenarios that move many markets at once: gap, missed cycle, closed days, porting and replay.

Belongs here: the size and direction of each event's move. There is one scenario with all events
towards their last state, one with all towards their first, and one against each group, in which
every event moves in the direction that costs the net position of the group's margined books most.
All accounts see the same prices, so one side's loss is the other side's gain. ``latent`` has the
moves of one event. Source: stress-default-backtest.md, S3, S6, S10, S12 and the replays.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.special import ndtri

from reporting.model.margin.volatility import MAX_PRICE, MIN_PRICE
from reporting.model.stress.events import CloseOut, Scenario
from reporting.model.stress.latent import (
    FIRST,
    LAST,
    Variables,
    bridge_shift,
    information,
    normal_shift,
    tilt_of,
    tilted,
)
from reporting.model.stress.records import ScenarioRecord
from reporting.model.stress.stress_book import StressBook
from reporting.units import BPS, CENTICENTS_PER_DOLLAR


@dataclass(frozen=True)
class Moves:
    """Prices of the contracts with a variable, and how far each variable moves.

    last, first: int64[c], all towards the last and the first state; of an unordered event, towards
    its less likely and its more likely states. tilt: float64[v], size of the move in probit units;
    chosen: bool[v], the variables that move; tail: how unlikely a state may be in which an
    unordered event settles.
    """

    last: np.ndarray
    first: np.ndarray
    tilt: np.ndarray
    chosen: np.ndarray
    tail: float = 0.0


def gaps(record: ScenarioRecord, book: StressBook, variables: Variables) -> tuple[Scenario, ...]:
    """S3: every event held by a margined book gaps over its liquidation period."""
    chosen = _held_margined(book, variables)
    moves = _of_quantile(record, book, variables, 0, chosen)
    return both_and_against(record, book, variables, moves, record.record_id)


def missed_cycles(
    record: ScenarioRecord, book: StressBook, variables: Variables
) -> tuple[Scenario, ...]:
    """S6: margin is not called for some days, so it rests on stale marks.

    Every event moves over the liquidation period plus these days.
    """
    moves = _of_quantile(record, book, variables, record.parameters["extra_days"])
    return both_and_against(record, book, variables, moves, record.record_id)


def closed_days(
    record: ScenarioRecord, book: StressBook, variables: Variables
) -> tuple[Scenario, ...]:
    """S12: a weekend or holiday. No cycle runs and no wire arrives, but events resolve.

    Every event moves over the liquidation period plus the closed days, and settles if its
    resolution falls in them. Calls of the date are not met: margin counts only up to the value of
    the collateral that is held.
    """
    moves = _of_quantile(record, book, variables, record.parameters["days"])
    scenarios = both_and_against(record, book, variables, moves, record.record_id)
    return tuple(replace(scenario, calls_unmet=True) for scenario in scenarios)


def portings(
    record: ScenarioRecord, book: StressBook, variables: Variables
) -> tuple[Scenario, ...]:
    """S10: a group with customers defaults and nobody takes over its customers.

    Markets move against it over the liquidation period plus some days, and all its margined
    books are closed out.
    """
    moves = _of_quantile(record, book, variables, record.parameters["extra_days"])
    close_out = CloseOut(
        None, record.parameters["depth_left_bps"], record.parameters["spread_multiple_bps"]
    )
    has_customers = np.zeros(len(book.groups), dtype=bool)
    has_customers[book.accounts.group[~book.accounts.is_house.astype(bool)]] = True
    return tuple(
        _against(record, book, variables, moves, record.record_id, group, close_out)
        for group in np.flatnonzero(has_customers).tolist()
        if book.group_positions[group].any()
    )


def replays(record: ScenarioRecord, book: StressBook, variables: Variables) -> tuple[Scenario, ...]:
    """The worst past dates: each event moves as far as its category did, in probit space.

    Dates rank by the sum over categories of move x today's total worst case; ties by date.
    Events of a category without a move on that date do not move.
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
        by_variable = multiple * np.array(moved, dtype=np.float64)[variables.event]
        scenarios += _replay(record, book, variables, day, by_variable)
    return tuple(scenarios)


def _replay(
    record: ScenarioRecord, book: StressBook, variables: Variables, day: str, move: np.ndarray
) -> tuple[Scenario, ...]:
    shift = partial(normal_shift, variables.cumulative, variables.by_state(move))
    moves = moves_of(variables, shift, move, move > 0)
    return both_and_against(
        record, book, variables, moves, f"{record.record_id}-{day}", f" of {day}"
    )


def category_moves(
    categories: Sequence[str], before: np.ndarray, after: np.ndarray, quantile_bps: int = 9_500
) -> dict[str, float]:
    """Move of each category on one date, sorted by category.

    One element per contract: its category, and its marks (int64 centicents) on the previous date
    and on the date. The move is the quantile (nearest rank, rounded up) of |Phi^-1(after) -
    Phi^-1(before)| over the contracts, with prices clipped to 0.005..0.995.
    """
    clipped = [
        np.clip(np.asarray(marks) / CENTICENTS_PER_DOLLAR, MIN_PRICE, MAX_PRICE)
        for marks in (before, after)
    ]
    sizes = np.abs(ndtri(clipped[1]) - ndtri(clipped[0]))
    names, which = np.unique(np.array(categories, dtype=object), return_inverse=True)
    order = np.lexsort((sizes, which))
    counts = np.bincount(which, minlength=len(names))
    moves, start = {}, 0
    for name, count in zip(names.tolist(), counts.tolist(), strict=True):
        rank = -(-quantile_bps * count // BPS)
        moves[name] = float(sizes[order[start + max(0, rank - 1)]])
        start += count
    return moves


def both_and_against(
    record: ScenarioRecord,
    book: StressBook,
    variables: Variables,
    moves: Moves,
    stub: str,
    when: str = "",
) -> tuple[Scenario, ...]:
    """Two scenarios with all events in the same direction, and one against each group."""
    if not moves.chosen.any():
        return ()
    scenarios = [
        Scenario.of(
            record,
            scenario_id=f"{stub}-{word}",
            words=f"{record.words}{when}: all towards their {word} state",
            state_label=f"towards the {word} state",
            prices=variables.moved(prices, moves.chosen),
        )
        for word, prices in (("last", moves.last), ("first", moves.first))
    ]
    touched = variables.contract[moves.chosen[variables.variable]]
    for group in range(len(book.groups)):
        if book.group_positions[group, touched].any():
            scenarios.append(_against(record, book, variables, moves, stub, group, when=when))
    return tuple(scenarios)


def _against(
    record: ScenarioRecord,
    book: StressBook,
    variables: Variables,
    moves: Moves,
    stub: str,
    group: int,
    close_out: CloseOut | None = None,
    when: str = "",
) -> Scenario:
    name = book.groups[group]
    prices = worst_prices(variables, moves, book.group_positions[group, variables.contract])
    return Scenario.of(
        record,
        scenario_id=f"{stub}-{name}",
        words=f"{record.words}{when}: against {name}",
        state_label=f"against {name}",
        prices=variables.moved(prices, moves.chosen),
        close_out=close_out and replace(close_out, groups=(group,)),
    )


def worst_prices(variables: Variables, moves: Moves, net: np.ndarray) -> np.ndarray:
    """Prices of the contracts when every event moves against a net position: int64[c].

    net: int64[c]. Of an ordered event the worse of both directions. Where a state in the middle
    hurts, and for every unordered event, also the distortion towards the states that hurt; the
    worst of these counts.
    """
    # The marks cancel in the difference between the two directions.
    gain_of_first = np.zeros(len(variables.event), dtype=np.int64)
    np.add.at(gain_of_first, variables.variable, net * (moves.first - moves.last))
    prices = np.where(gain_of_first[variables.variable] >= 0, moves.last, moves.first)
    held = np.zeros(len(variables.event), dtype=bool)
    held[variables.variable[net != 0]] = True
    # Two states have no middle: one of the two directions is the distortion.
    for v in np.flatnonzero(held & moves.chosen & (variables.states_of > 2)).tolist():
        at = variables.contracts_of(v)
        losses = -net[at] @ variables.payoffs_of(v)
        hurt = tilted(variables.probabilities(v), moves.tilt[v], losses, moves.tail)
        against = variables.prices_of(v, hurt)
        if not variables.ordered[v] or net[at] @ against < net[at] @ prices[at]:
            prices[at] = against
    return prices


def moves_of(
    variables: Variables,
    shift: Callable[[float], np.ndarray],
    tilt: np.ndarray,
    chosen: np.ndarray,
    tail: float = 0.0,
) -> Moves:
    """Prices in both directions. shift: direction to cumulative probabilities by state."""
    last, first = variables.prices(shift(LAST)), variables.prices(shift(FIRST))
    for v in np.flatnonzero(chosen & ~variables.ordered & (variables.states_of > 1)).tolist():
        at, probabilities = variables.contracts_of(v), variables.probabilities(v)
        last[at] = variables.prices_of(v, tilted(probabilities, tilt[v], -probabilities, tail))
        first[at] = variables.prices_of(v, tilted(probabilities, tilt[v], probabilities, tail))
    return Moves(last, first, tilt, chosen, tail)


def _of_quantile(
    record: ScenarioRecord,
    book: StressBook,
    variables: Variables,
    extra_days: int,
    chosen: np.ndarray | None = None,
) -> Moves:
    """Moves at the record's quantile over the liquidation period plus ``extra_days``."""
    share = shares(book, variables, extra_days)
    quantile = float(ndtri(record.parameters["quantile_bps"] / BPS))
    by_state = variables.by_state(share)
    shift = partial(bridge_shift, variables.cumulative, by_state, quantile)
    everything = np.ones(len(variables.event), dtype=bool)
    tilt = tilt_of(share, quantile)
    return moves_of(variables, shift, tilt, everything if chosen is None else chosen)


def shares(book: StressBook, variables: Variables, extra_days: int = 0) -> np.ndarray:
    """Share of the remaining information that the liquidation period plus ``extra_days`` reveal.

    float64[v], at a volatility ratio of at least 1: stress never moves less than the bridge.
    """
    columns = [
        (max(event.volatility_ratio, 1.0), event.tau_days, event.liquidation_days + extra_days)
        for event in book.market.events
    ]
    table = np.array(columns, dtype=np.float64).reshape(-1, 3)[variables.event]
    return information(*table.T)


def _held_margined(book: StressBook, variables: Variables) -> np.ndarray:
    """Variables held by any margined account: bool[v]."""
    held = book.positions
    rows = book.accounts.margined[held.account].astype(bool) & (held.qty != 0)
    by_contract = np.zeros(len(held.start) - 1, dtype=bool)
    by_contract[held.contract[rows]] = True
    chosen = np.zeros(len(variables.event), dtype=bool)
    chosen[variables.variable[by_contract[variables.contract]]] = True
    return chosen
