"""Credits of books whose combinations net with their legs, and their rows for the lake.

Belongs here: which rows of worst cases a credit is about. The netting itself is in
``model/combinations.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow

from reporting.engine.declaration import schema_of
from reporting.model.portfolio.combination_credits import (
    CombinationCredits,
    combination_credits,
    joint_state_label,
)
from reporting.stages.recompute.books import (
    FULLY_COLLATERALISED,
    MARGINED,
    EventRows,
    Market,
    Positions,
)
from reporting.units import INT64_MAX


@dataclass(frozen=True)
class BookCredits:
    """Credits, one per book and group, and the rows of worst cases that each replaces.

    ``rows[starts[i] : starts[i + 1]]`` are the places in the EventRows of credit i, at least
    two: a combination and an event of its legs.
    """

    found: CombinationCredits
    rows: np.ndarray
    starts: np.ndarray

    def least(self, values: np.ndarray) -> np.ndarray:
        """The least of a value per row of EventRows (a ramp weight) over each credit's rows."""
        if not len(self.rows):
            return np.zeros(0, dtype=np.asarray(values).dtype)
        return np.minimum.reduceat(np.asarray(values)[self.rows], self.starts[:-1])


def book_credits(positions: Positions, market: Market, rows: EventRows) -> BookCredits:
    """The credits of all books, in order of account, book and group.

    ``rows`` are the worst cases of the same positions at the same marks.
    """
    found = combination_credits(
        market.terms,
        market.marks,
        market.priced,
        positions.account,
        positions.event,
        positions.leg,
        positions.margined,
        positions.qty,
    )
    counts = [len(events) for events in found.held]
    event = np.array([one for events in found.held for one in events], dtype=np.int64)
    book = np.repeat(found.account * 2 + found.margined, counts)
    wanted = book * len(market.events) + event
    keys = (rows.account * 2 + rows.margined) * len(market.events) + rows.event
    order = np.argsort(keys, kind="stable")
    return BookCredits(
        found=found,
        rows=order[np.searchsorted(keys, wanted, sorter=order)],
        starts=np.cumsum([0, *counts]),
    )


def credit_table(
    credits: BookCredits,
    ramped_credits: np.ndarray,
    market: Market,
    account_ids: Sequence[str],
) -> pyarrow.Table:
    """The rows of ``recompute.combination_credits``: one per account, book and group.

    ramped_credits: int64, the part of each credit that is off the ramped worst cases.
    ``not_netted`` says why a group has no credit, "" where it is netted.
    """
    found = credits.found
    groups = [found.groups[place] for place in found.group.tolist()]
    columns = {
        "account_id": [account_ids[account] for account in found.account.tolist()],
        "collateralisation": np.where(found.margined, MARGINED, FULLY_COLLATERALISED).tolist(),
        "combination_events": [_tickers(market, group.combinations) for group in groups],
        "leg_events": [_tickers(market, group.leg_events) for group in groups],
        "held_events": [_tickers(market, events) for events in found.held],
        "joint_states": [min(group.states, INT64_MAX) for group in groups],
        "single_worst_cases_micros": found.single_worst_cases,
        "joint_worst_case_micros": found.joint_worst_case,
        "credit_micros": found.credit,
        "ramped_credit_micros": ramped_credits,
        "worst_state_label": [
            joint_state_label(group, market.terms, market.marks, state)
            for group, state in zip(groups, found.worst_state.tolist(), strict=True)
        ],
        "not_netted": [group.reason for group in groups],
    }
    return pyarrow.table(columns, schema_of("recompute.combination_credits"))


def _tickers(market: Market, events: Sequence[int]) -> str:
    return " ".join(market.events[event] for event in events)
