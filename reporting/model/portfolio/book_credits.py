"""Credits of books whose combinations net with their legs, beside the worst cases they replace.

The netting itself is in ``combination_credits``.
"""

from dataclasses import dataclass

import numpy as np

from reporting.model.portfolio.combination_credits import CombinationCredits, combination_credits
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.positions import Positions
from reporting.model.portfolio.worst_cases import WorstCases


@dataclass(frozen=True)
class BookCredits:
    """Credits, one per book and group, and the worst cases that each replaces.

    ``rows[starts[i] : starts[i + 1]]`` are the rows in WorstCases that credit i replaces, at
    least two: those of a combination and of an event of its legs.
    """

    credits: CombinationCredits
    rows: np.ndarray
    starts: np.ndarray

    def min_of_rows(self, values: np.ndarray) -> np.ndarray:
        """The smallest value, such as a ramp weight, among the rows that each credit replaces.

        values: one per row of WorstCases.
        """
        if not len(self.rows):
            return np.zeros(0, dtype=np.asarray(values).dtype)
        return np.minimum.reduceat(np.asarray(values)[self.rows], self.starts[:-1])


def book_credits(positions: Positions, market: Market, worst_cases: WorstCases) -> BookCredits:
    """The credits of all books, in order of account, book and group.

    worst_cases: of the same positions at the same marks.
    """
    credits = combination_credits(positions, market)
    counts = [len(events) for events in credits.held]
    event = np.array([event for events in credits.held for event in events], dtype=np.int64)
    book = np.repeat(credits.account * 2 + credits.margined, counts)
    replaced = book * len(market.events) + event
    keys = (worst_cases.account * 2 + worst_cases.margined) * len(market.events)
    keys += worst_cases.event
    order = np.argsort(keys, kind="stable")
    return BookCredits(
        credits=credits,
        rows=order[np.searchsorted(keys, replaced, sorter=order)],
        starts=np.cumsum([0, *counts]),
    )
