"""The gap of every margined book in every event.

Belongs here: which rule of the gap applies to an event, and the rows in the order of the worst
cases. Wang's transform is in ``model/margin/gap``. Source: margin-model.md section 5, JTR. Money is
int64 micros.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from reporting.model.margin.gap import distortion, move_gap
from reporting.model.margin.initial_margin import JointGaps, micros_up
from reporting.model.margin.schedule import Schedule
from reporting.model.margin.worst_case import event_losses, worst_case
from reporting.model.portfolio.book_credits import BookCredits
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.positions import Positions
from reporting.model.portfolio.scenario_events import ScenarioEvent
from reporting.model.portfolio.worst_cases import WorstCases, event_books
from reporting.units import BPS, multiply_divide_up

_ELEMENTS_AT_ONCE = 2**22


def event_gaps(
    positions: Positions,
    market: Market,
    worst_cases: WorstCases,
    events: Sequence[ScenarioEvent],
    schedule: Schedule,
) -> np.ndarray:
    """The gap of each row of the worst cases: int64, from 0 to its worst case; 0 if not margined.

    An event that scenarios do not know counts in full.
    """
    parts: dict[int, list[ScenarioEvent]] = {}
    for part in events:
        parts.setdefault(part.event, []).append(part)
    gaps = np.zeros(len(worst_cases.event), dtype=np.int64)
    largest = np.maximum(worst_cases.worst_case, 0)
    first = 0
    for event, margined, accounts, quantities in event_books(positions, market):
        rows = slice(first, first + len(accounts))
        first += len(accounts)
        if not margined:
            continue
        if event not in parts:
            gaps[rows] = largest[rows]
            continue
        of_event = sum(
            _gap(part, market, quantities[:, part.legs], schedule) for part in parts[event]
        )
        gaps[rows] = np.minimum(of_event, largest[rows])
    return gaps


def _gap(
    part: ScenarioEvent, market: Market, quantities: np.ndarray, schedule: Schedule
) -> np.ndarray:
    """The gap of each book in one scenario event: int64."""
    parameters, marks = part.parameters, market.marks[part.event][part.legs]
    worst = np.maximum(worst_case(part.terms, marks, quantities).loss_micros, 0)
    if part.probabilities is None:
        return worst
    shift = distortion(parameters.gap_information, schedule.gap_quantile_bps / BPS)
    gap = np.zeros(len(quantities), dtype=np.int64)
    size = max(1, _ELEMENTS_AT_ONCE // len(part.probabilities))
    for start in range(0, len(quantities), size):
        some = slice(start, start + size)
        losses = event_losses(part.terms, marks, quantities[some])
        gap[some] = micros_up(move_gap(losses, part.probabilities, shift))
        if part.happens.any():
            happened = np.maximum(losses[:, part.happens].max(axis=1), 0)
            jump = multiply_divide_up(happened, parameters.kappa_bps, BPS)
            gap[some] = np.maximum(gap[some], jump)
    if parameters.resolves_in_period:
        gap = np.maximum(gap, multiply_divide_up(worst, parameters.kappa_bps, BPS))
    return gap


def joint_gaps(
    book_credits: BookCredits | None,
    gaps: np.ndarray,
    worst_cases: WorstCases,
    cluster_of: np.ndarray,
) -> JointGaps:
    """What the gaps of netted events exceed their joint worst case by, within each cluster.

    gaps: one per row of the worst cases; cluster_of: int64[events of the market].
    """
    by_key: Mapping[tuple[int, int], int] = {}
    if book_credits is not None:
        credits = book_credits.credits
        for number in np.flatnonzero(credits.margined & (credits.credit > 0)).tolist():
            rows = book_credits.rows[book_credits.starts[number] : book_credits.starts[number + 1]]
            clusters = cluster_of[worst_cases.event[rows]]
            for cluster in np.unique(clusters).tolist():
                excess = int(gaps[rows][clusters == cluster].sum())
                excess -= int(credits.joint_worst_case[number])
                if excess > 0:
                    key = int(credits.account[number]), cluster
                    by_key[key] = by_key.get(key, 0) + excess
    columns = [(*key, excess) for key, excess in sorted(by_key.items())]
    return JointGaps(*np.array(columns, dtype=np.int64).reshape(-1, 3).T)
