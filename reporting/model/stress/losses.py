"""Loss of every book under a scenario.

Belongs here: quantities times the move from mark to scenario price, exact. A scenario
settles some events; contracts of all others keep their marks.
"""

from collections.abc import Mapping

import numpy as np

from reporting.model.errors import ModelError
from reporting.model.stress.events import EventBook, Scenario
from reporting.model.worst_case import checked
from reporting.units import INT64_MAX


def scenario_losses(
    scenario: Scenario, books: Mapping[str, EventBook], accounts: int
) -> np.ndarray:
    """Loss of every book under one scenario: int64[accounts] micros, gains negative.

    -sum of quantity x (payoff - mark) over the settled events. books: by event ticker;
    an event that nobody holds may be missing. An account here is one book: give the
    margined and the fully collateralised positions of an account as two.
    """
    losses = np.zeros(accounts, dtype=np.int64)
    bound = 0
    for outcome in scenario.outcomes:
        book = books.get(outcome.event_ticker)
        if book is None or not len(book.account_index):
            continue
        marks, quantities = checked(book.terms, book.marks, book.quantities)
        moves = marks - np.array(outcome.payoffs, dtype=np.int64)
        event_losses = quantities @ moves
        bound += int(np.abs(event_losses).max()) * int(np.bincount(book.account_index).max())
        if bound > INT64_MAX:
            raise ModelError("quantities", f"scenario {scenario.scenario_id}: exceeds int64")
        np.add.at(losses, book.account_index, event_losses)
    return losses
