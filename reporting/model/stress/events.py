"""What stress scenarios are made of: events with the books that hold them, and outcomes.

Belongs here: the data that the other modules of the package share. Source:
stress-default-backtest.md.
"""

from dataclasses import dataclass

import numpy as np

from reporting.model.terms import EventTerms

VERSION = "1"


@dataclass(frozen=True)
class EventBook:
    """One event with the books that hold it.

    terms; category; marks int64[n]; account_index int64[b], which book of the run each
    row is; quantities int64[b, n] net YES-equivalent in the order of ``terms.legs``;
    total_worst_case_micros: sum of W over the books, the size by which events rank;
    priced, settled: as in ``state_probabilities``.
    """

    terms: EventTerms
    category: str
    marks: np.ndarray
    account_index: np.ndarray
    quantities: np.ndarray
    total_worst_case_micros: int
    priced: np.ndarray | None = None
    settled: np.ndarray | None = None


@dataclass(frozen=True)
class Outcome:
    """How one event settles: what each contract pays, units of price."""

    event_ticker: str
    payoffs: tuple[int, ...]


@dataclass(frozen=True)
class Scenario:
    """One scenario: which events settle and how, in words and as payoffs."""

    scenario_id: str
    family: str
    words: str
    outcomes: tuple[Outcome, ...]
    event_ticker: str = ""
    category: str = ""
    state_label: str = ""
    version: str = VERSION
    owner: str = "risk"
