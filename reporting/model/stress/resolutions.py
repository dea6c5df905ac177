"""Scenarios that settle events: surprise resolution, category sweep and void.

Belongs here: which events settle at which payoffs. ``losses`` has the losses of a book. Source:
stress-default-backtest.md, S1, S2 and S5.
"""

from collections.abc import Sequence

import numpy as np

from reporting.model.events import terms as t
from reporting.model.events.probabilities import possible_states
from reporting.model.events.terms import has_listed_states, payoffs
from reporting.model.stress.events import Outcome, Scenario, StressEvent
from reporting.model.stress.records import ScenarioRecord

MAX_JOINT_STATES = 256
"""S1 stresses an event with more states contract by contract."""


def largest_events(events: Sequence[StressEvent], count: int) -> list[StressEvent]:
    """The events with the largest total worst case; ties by event ticker."""
    return sorted(events, key=lambda e: (-e.total_worst_case_micros, e.terms.event_ticker))[:count]


def surprise_resolutions(
    record: ScenarioRecord, events: Sequence[StressEvent]
) -> tuple[Scenario, ...]:
    """S1: each of the largest events settles at once in each state that is still possible.

    S5 covers the void state. Events without known joint states, or with more than
    MAX_JOINT_STATES states, settle one contract at a time with the others at their marks.
    """
    return tuple(
        _settled(record, event, f"{number:03d}", "settles at once:", label, column)
        for event in largest_events(events, record.parameters["events"])
        for number, (label, column) in enumerate(_states(event))
    )


def _settled(
    record: ScenarioRecord, event: StressEvent, suffix: str, verb: str, label: str, payoffs: tuple
) -> Scenario:
    ticker = event.terms.event_ticker
    return Scenario.of(
        record,
        scenario_id=f"{record.record_id}-{ticker}-{suffix}",
        words=f"{ticker} {verb} {label}",
        outcomes=(Outcome(ticker, payoffs),),
        event_ticker=ticker,
        category=event.category,
        state_label=label,
    )


def _states(event: StressEvent) -> list[tuple[str, tuple[int, ...]]]:
    terms, marks = event.terms, np.asarray(event.marks)
    if terms.structure != t.BINARIES and has_listed_states(terms):
        matrix, labels = payoffs(terms, marks)
        possible = possible_states(terms, marks, event.settled).tolist()
        if len(possible) <= MAX_JOINT_STATES:
            return [(labels[j], _column(matrix[:, j])) for j in possible]
    alone = []
    for leg, label in enumerate(terms.labels):
        if event.settled is not None and event.settled[leg]:
            continue
        for word, price in (("yes", terms.payout), ("no", 0)):
            column = marks.copy()
            column[leg] = price
            alone.append((f"{label}: {word}, the others unsettled", _column(column)))
    return alone


def _column(values) -> tuple[int, ...]:
    return tuple(int(value) for value in values)


def category_sweeps(record: ScenarioRecord, events: Sequence[StressEvent]) -> tuple[Scenario, ...]:
    """S2: for each category, every event settles in its least likely state."""
    scenarios = []
    ordered = sorted(events, key=lambda event: event.terms.event_ticker)
    for category in sorted({event.category for event in events}):
        swept = [event for event in ordered if event.category == category]
        outcomes = tuple(Outcome(e.terms.event_ticker, least_likely(e)[1]) for e in swept)
        scenarios.append(
            Scenario.of(
                record,
                scenario_id=f"{record.record_id}-{category or 'none'}",
                words=f"All favourites of {category or 'no category'} lose, all longshots win",
                outcomes=outcomes,
                category=category,
                state_label="least likely state of every event",
            )
        )
    return tuple(scenarios)


def least_likely(event: StressEvent) -> tuple[str, tuple[int, ...]]:
    """The least likely possible state (label, payoffs): lowest index on ties, never the void.

    States that the priced legs cannot distinguish count as one, with their joint probability,
    because a leg that nobody trades is not a longshot. A ladder or table with too many states
    to list counts as binaries: each favourite loses.
    """
    terms, marks = event.terms, np.asarray(event.marks)
    listed = has_listed_states(terms)
    if not listed and terms.structure in (
        t.K_OF_N,
        t.AT_LEAST_K,
        t.EXCLUSIVE,
        t.EXCLUSIVE_EXHAUSTIVE,
    ):
        return _cheapest_win(event)
    if not listed or terms.structure == t.BINARIES:
        pays = np.where(marks * 2 < terms.payout, terms.payout, 0)
        if event.settled is not None:
            pays = np.where(event.settled, marks, pays)
        return "every favourite loses", _column(pays)
    matrix, labels = payoffs(terms, marks)
    probabilities = event.fitted()
    possible = possible_states(terms, marks, event.settled)
    seen = matrix if event.priced is None else matrix[event.priced]
    joint: dict[bytes, float] = {}
    first: dict[bytes, int] = {}
    for state in possible.tolist():
        key = seen[:, state].tobytes()
        joint[key] = joint.get(key, 0.0) + probabilities[state]
        first.setdefault(key, state)
    state = first[min(joint, key=joint.__getitem__)]
    return labels[state], _column(matrix[:, state])


def _cheapest_win(event: StressEvent) -> tuple[str, tuple[int, ...]]:
    """The cheapest priced legs that may still win do; for events with too many states to list."""
    terms, marks = event.terms, np.asarray(event.marks)
    n = len(terms.legs)
    settled = np.zeros(n, dtype=bool) if event.settled is None else event.settled
    priced = np.ones(n, dtype=bool) if event.priced is None else event.priced
    pays = np.where(settled, marks, 0)
    winners = max(0, (terms.k or 1) - int((pays == terms.payout).sum()))
    free = np.flatnonzero(priced & ~settled)
    chosen = free[np.argsort(marks[free], kind="stable")[:winners]]
    pays[chosen] = terms.payout
    return "the cheapest win: " + " + ".join(terms.labels[leg] for leg in chosen), _column(pays)


def voids(record: ScenarioRecord, events: Sequence[StressEvent]) -> tuple[Scenario, ...]:
    """S5: each of the largest events is voided, at 50/50 and at the last price.

    Where the terms allow a fair price for each market, also with every contract at the lower and at
    the upper end of its band.
    """
    scenarios = []
    for event in largest_events(events, record.parameters["events"]):
        marks, payout = np.asarray(event.marks), event.terms.payout
        half = (payout // 2,) * len(event.terms.legs)
        scenarios += [
            _settled(record, event, "half", "is", "void at 50/50", half),
            _settled(record, event, "last", "is", "void at the last price", _column(marks)),
        ]
        if t.VOID_FAIR in event.terms.voids and event.terms.fair_band is not None:
            low, high = (
                _column(np.clip(marks + side * event.terms.fair_band, 0, payout))
                for side in (-1, 1)
            )
            scenarios += [
                _settled(record, event, "fair-low", "is", "void at the lowest fair prices", low),
                _settled(record, event, "fair-high", "is", "void at the highest fair prices", high),
            ]
    return tuple(scenarios)
