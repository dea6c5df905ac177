"""S2b: all events settle in the states that cost a named group most.

Belongs here: the worst state of each event for a group, or for a pair of groups together, and the
scenarios of each category and of all categories at once. Source: stress-default-backtest.md, S2b.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from reporting.model.stress.events import Outcome, Scenario, StressEvent
from reporting.model.stress.latent import variables_of
from reporting.model.stress.records import ScenarioRecord
from reporting.model.stress.resolutions import least_likely
from reporting.model.stress.stress_book import StressBook

_CELLS = 4_000_000
"""Losses worked out at once: accounts x states."""


def group_sweeps(record: ScenarioRecord, book: StressBook) -> tuple[Scenario, ...]:
    """One scenario for each target and category in which the target can lose, and one for all
    categories where there are several.

    Targets are the groups, and each pair of the ``paired_groups`` groups with the largest worst
    case. Events settle separately, so the state of an event does not depend on the category.
    """
    targets = _targets(book, record.parameters["paired_groups"])
    worst = [_outcomes(book, event, targets) for event in _by_ticker(book)]
    categories = sorted({event.category for event in book.market.events})
    scenarios = []
    for number, (name, _) in enumerate(targets):
        against = [(category, of[number]) for category, of in worst if of[number] is not None]
        for category in categories:
            chosen = tuple(outcome for found, outcome in against if found == category)
            if chosen:
                scenarios.append(_scenario(record, name, category, chosen))
        if len({category for category, _ in against}) > 1:
            everything = tuple(outcome for _, outcome in against)
            scenarios.append(_scenario(record, name, None, everything))
    return tuple(scenarios)


def _by_ticker(book: StressBook) -> list[StressEvent]:
    return sorted(book.market.events, key=lambda event: event.terms.event_ticker)


def _targets(book: StressBook, paired: int) -> list[tuple[str, tuple[int, ...]]]:
    """Each group, and each pair of the ``paired`` largest by worst case, with its name."""
    size = np.zeros(len(book.groups), dtype=np.int64)
    np.add.at(size, book.accounts.group, book.accounts.worst_case)
    largest = np.argsort(-size, kind="stable")[:paired]
    pairs = combinations(sorted(largest[size[largest] > 0].tolist()), 2)
    return [
        *((book.groups[g], (g,)) for g in range(len(book.groups))),
        *((f"{book.groups[a]}+{book.groups[b]}", (a, b)) for a, b in pairs),
    ]


def _scenario(
    record: ScenarioRecord, target: str, category: str | None, outcomes: tuple[Outcome, ...]
) -> Scenario:
    where = "all categories" if category is None else category or "no category"
    return Scenario.of(
        record,
        scenario_id=f"{record.record_id}-{target}-{'all' if category is None else where}",
        words=f"Every event of {where} settles in the state that costs {target} most",
        outcomes=outcomes,
        category=category or "",
        state_label=f"against {target}",
    )


def _outcomes(
    book: StressBook, event: StressEvent, targets: Sequence[tuple[str, tuple[int, ...]]]
) -> tuple[str, list[Outcome | None]]:
    """The category, and for each target the outcome that costs it most; None if none costs."""
    parts = list(_losses_of_groups(book, event))
    if not parts:
        # Too many states to list: favourites lose, which may not be the worst for the group.
        ticker = event.terms.event_ticker
        held = book.group_positions[:, book.market.contracts(ticker)].any(axis=1)
        pays = least_likely(event)[1]
        hurt = [any(held[g] for g in groups) for _, groups in targets]
        return event.category, [Outcome(ticker, pays) if lost else None for lost in hurt]
    return event.category, [_worst(event, parts, groups) for _, groups in targets]


def _worst(
    event: StressEvent,
    parts: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]],
    groups: tuple[int, ...],
) -> Outcome | None:
    payoffs, hurt = np.asarray(event.marks, dtype=np.int64).copy(), False
    for legs, pays, losses in parts:
        loss = losses[:, list(groups)].sum(axis=1)
        state = int(np.argmax(loss))
        if loss[state] > 0:
            payoffs[legs], hurt = pays[:, state], True
    return Outcome(event.terms.event_ticker, tuple(payoffs.tolist())) if hurt else None


def _losses_of_groups(
    book: StressBook, event: StressEvent
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For each variable of an event: its legs, the payoffs of its possible states, and the
    stressed loss of each group in each of them: int64[states, groups].

    Customers count with their losses alone, the house of a group with its net loss.
    """
    contracts = book.market.contracts(event.terms.event_ticker)
    for part in variables_of(event):
        pays = part.payoffs[:, part.possible]
        account, qty = _held(book, contracts[part.legs])
        moves = book.market.marks[contracts[part.legs]][:, None] - pays
        book.positions.refuse_overflow(int(np.abs(moves).max(initial=0)))
        losses = np.zeros((pays.shape[1], len(book.groups)), dtype=np.int64)
        house = book.accounts.is_house[account].astype(bool)
        step = max(1, _CELLS // max(1, len(account)))
        for low in range(0, pays.shape[1], step):
            lost = qty @ moves[:, low : low + step]
            lost[~house] = np.maximum(lost[~house], 0)
            of_groups = np.zeros((len(book.groups), lost.shape[1]), dtype=np.int64)
            np.add.at(of_groups, book.accounts.group[account], lost)
            losses[low : low + step] = of_groups.T
        yield part.legs, pays, losses


def _held(book: StressBook, contracts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The accounts that hold any of the contracts, and their quantities: int64[k, contracts]."""
    held = book.positions
    rows = [np.arange(held.start[c], held.start[c + 1]) for c in contracts.tolist()]
    every = np.concatenate([np.zeros(0, dtype=np.int64), *rows])
    account, place = np.unique(held.account[every], return_inverse=True)
    qty = np.zeros((len(account), len(contracts)), dtype=np.int64)
    leg = np.repeat(np.arange(len(contracts)), [len(of) for of in rows])
    np.add.at(qty, (place, leg), held.qty[every])
    return account, qty
