"""What stress scenarios are made of: events, their market, and the scenario itself.

Belongs here: the data that the other modules of the package share. Who holds what is in
``stress_book``. Source: stress-default-backtest.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from reporting.model.errors import ModelError
from reporting.model.events.probabilities import state_probabilities
from reporting.model.events.terms import EventTerms

VERSION = "1"


@dataclass(frozen=True)
class StressEvent:
    """One event as the scenarios see it.

    terms; category; marks int64[n], units of price, in the order of ``terms.legs``;
    total_worst_case_micros: sum of W over the books, the size by which events rank;
    priced, settled bool[n]: as in ``state_probabilities``; probabilities float64[m]: of its
    result, fitted here if None; sigma: of log-odds per square root of a day; tau_days: to
    the earliest plausible resolution; liquidation_days: mpor.
    """

    terms: EventTerms
    category: str
    marks: np.ndarray
    total_worst_case_micros: int = 0
    priced: np.ndarray | None = None
    settled: np.ndarray | None = None
    probabilities: np.ndarray | None = None
    sigma: float = 0.0
    tau_days: float = 365.0
    liquidation_days: int = 1

    def __post_init__(self):
        where = f"event {self.terms.event_ticker}"
        if np.asarray(self.marks).shape != (len(self.terms.legs),):
            raise ModelError("marks", f"{where}: needs {len(self.terms.legs)} prices")
        if not (np.isfinite(self.sigma) and self.sigma >= 0):
            raise ModelError("sigma", f"{where}: must be a number of 0 or more")
        if not np.isfinite(self.tau_days) or self.liquidation_days < 1:
            raise ModelError("tau_days", f"{where}: times must be numbers, mpor at least 1")

    def fitted(self) -> np.ndarray:
        """Probabilities of the states: float64[m]. Only for events whose states are listed."""
        if self.probabilities is not None:
            return self.probabilities
        return state_probabilities(self.terms, self.marks, self.priced, self.settled)[0]


@dataclass(frozen=True)
class StressMarket:
    """All events; their contracts are numbered event after event, in the order given."""

    events: Sequence[StressEvent]

    @cached_property
    def first_contract(self) -> np.ndarray:
        """Number of each event's first contract, and the number of all: int64[events + 1]."""
        sizes = [len(event.terms.legs) for event in self.events]
        return np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))).astype(np.int64)

    @cached_property
    def marks(self) -> np.ndarray:
        """Marks by contract: int64[contracts]."""
        parts = [np.asarray(event.marks, dtype=np.int64) for event in self.events]
        return np.concatenate([np.zeros(0, dtype=np.int64), *parts])

    @cached_property
    def index(self) -> dict[str, int]:
        """Number of each event by its ticker."""
        return {event.terms.event_ticker: e for e, event in enumerate(self.events)}

    def contracts(self, event_ticker: str) -> np.ndarray:
        """Numbers of the contracts of an event."""
        e = self.index[event_ticker]
        return np.arange(self.first_contract[e], self.first_contract[e + 1])


@dataclass(frozen=True)
class Outcome:
    """How one event settles: what each contract pays, units of price."""

    event_ticker: str
    payoffs: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Prices:
    """Scenario prices of some contracts: contract, price int64[k]; the others keep marks."""

    contract: np.ndarray
    price: np.ndarray


@dataclass(frozen=True)
class CloseOut:
    """Margined books that are closed out, and what the market then takes from them.

    groups: whose books, all if None; depth_left_bps: what is left of the daily volume;
    spread_multiple_bps: factor on the half spread; both int, or int64[contracts].
    """

    groups: tuple[int, ...] | None
    depth_left_bps: int | np.ndarray
    spread_multiple_bps: int | np.ndarray


@dataclass(frozen=True)
class Reversal:
    """A paid event whose state is revoked: what its contracts should have paid, and the
    share of the wrong payouts, in basis points, that is already withdrawn."""

    event_ticker: str
    payoffs: tuple[int, ...]
    withdrawn_bps: int


@dataclass(frozen=True)
class Scenario:
    """One scenario, in words and as numbers. What it does not name stays as it is.

    outcomes: events that settle; prices: contracts that move; collateral_falls_bps: fall of
    the market value by asset type; close_out; reversal.
    """

    scenario_id: str
    family: str
    words: str
    outcomes: tuple[Outcome, ...] = ()
    event_ticker: str = ""
    category: str = ""
    state_label: str = ""
    version: str = VERSION
    owner: str = "risk"
    prices: Prices | None = None
    collateral_falls_bps: Mapping[str, int] = field(default_factory=dict)
    close_out: CloseOut | None = None
    reversal: Reversal | None = None
