"""Events, the market and scenarios as data, shared by the modules of this package.

``stress_book`` has positions and accounts. Source: stress-default-backtest.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from reporting.model.errors import ModelError
from reporting.model.events.probabilities import state_probabilities
from reporting.model.events.terms import EventTerms
from reporting.model.margin.parameters import information
from reporting.model.stress.records import ScenarioRecord

VERSION = "1"


@dataclass(frozen=True)
class StressEvent:
    """Scenario inputs of one event.

    marks: int64[n], units of price, in the order of ``terms.legs``; total_worst_case_micros:
    sum of W over the books, events rank by it; priced, settled: bool[n] as in
    ``state_probabilities``; probabilities: float64[m] of the states, fitted from the marks if
    None; volatility_ratio: v of the margin model; tau_days: time to the earliest plausible
    resolution; liquidation_days: liquidation period; cluster: its resolution cluster.
    """

    terms: EventTerms
    category: str
    marks: np.ndarray
    total_worst_case_micros: int = 0
    priced: np.ndarray | None = None
    settled: np.ndarray | None = None
    probabilities: np.ndarray | None = None
    volatility_ratio: float = 1.0
    tau_days: float = 365.0
    liquidation_days: int = 1
    cluster: str = ""

    def __post_init__(self):
        where = f"event {self.terms.event_ticker}"
        if np.asarray(self.marks).shape != (len(self.terms.legs),):
            raise ModelError("marks", f"{where}: needs {len(self.terms.legs)} prices")
        if not (np.isfinite(self.volatility_ratio) and self.volatility_ratio >= 0):
            raise ModelError("volatility_ratio", f"{where}: must be a number of 0 or more")
        if not np.isfinite(self.tau_days) or self.liquidation_days < 1:
            raise ModelError("tau_days", f"{where}: times must be finite, liquidation days above 0")

    @property
    def information(self) -> float:
        """Share of the remaining information that the liquidation period reveals on average."""
        return information(self.liquidation_days, self.tau_days, self.volatility_ratio**2)

    def fitted(self) -> np.ndarray:
        """Probabilities of the states: float64[m]. Only for events with listed states."""
        if self.probabilities is not None:
            return self.probabilities
        return state_probabilities(self.terms, self.marks, self.priced, self.settled)[0]


@dataclass(frozen=True)
class StressMarket:
    """All events. Contracts are numbered event after event, in the order given."""

    events: Sequence[StressEvent]

    @cached_property
    def first_contract(self) -> np.ndarray:
        """First contract number of each event, then the number of contracts: int64[events + 1]."""
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
    """Settlement of one event: payoff of each contract, units of price."""

    event_ticker: str
    payoffs: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Prices:
    """Scenario prices of some contracts: contract, price int64[k]; the others keep their marks."""

    contract: np.ndarray
    price: np.ndarray


@dataclass(frozen=True)
class CloseOut:
    """Close-out of margined books, and the liquidity of the market in it.

    groups: the groups closed out, all if None; depth_left_bps: remaining share of the daily
    volume; spread_multiple_bps: factor on the half spread; both int or int64[contracts].
    """

    groups: tuple[int, ...] | None
    depth_left_bps: int | np.ndarray
    spread_multiple_bps: int | np.ndarray


@dataclass(frozen=True)
class Reversal:
    """Reversal of a paid event.

    payoffs: correct payoff of each contract; withdrawn_bps: share of the wrong payouts that has
    already been withdrawn.
    """

    event_ticker: str
    payoffs: tuple[int, ...]
    withdrawn_bps: int


@dataclass(frozen=True)
class Scenario:
    """One scenario, in words and numbers. Everything it does not name stays unchanged.

    record_id: its record of the library; outcomes: events that settle; prices: contracts that
    move; collateral_falls_bps: fall in market value by asset type; calls_unmet: no call is met, so
    margin counts only up to the value of the collateral held.
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
    record_id: str = ""
    calls_unmet: bool = False

    @classmethod
    def of(cls, record: ScenarioRecord, **fields) -> "Scenario":
        """A scenario of a record; ``fields`` override its id and words and add the rest."""
        names = ("record_id", "family", "words", "version", "owner")
        from_record = {name: getattr(record, name) for name in names}
        return cls(**{"scenario_id": record.record_id} | from_record | fields)
