"""The market in which positions are valued.

Belongs here: events, terms, marks, times and volatility pools as arrays. Positions are in
``positions``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from reporting.model.events.probabilities import state_probabilities
from reporting.model.events.terms import COMBINATION, EventTerms
from reporting.model.margin.parameters import PoolVolatility

Pools = Mapping[tuple[str, int], PoolVolatility]
"""Volatility pools by category and bucket of the time to resolution."""


@dataclass(frozen=True)
class Market:
    """Events in order, with terms, marks and time to resolution.

    ``marks[e]`` is int64[legs] in centicents per contract: the settlement value of a leg in
    ``settled[e]``, and 0 for one that is not in ``priced[e]`` because it never traded (both
    bool[legs]). ``tau_seconds[e]`` is the time to the earliest resolution and
    ``resolution_dates[e]`` its UTC date or "unknown"; ``wrong_way`` holds the (account, event)
    pairs that are margined in full. ``may_close_early[e]``: any leg may; ``happens_by[e]``: the
    event may come true on any day up to its date; ``collateral_returns[e]``: the venue's rule for
    netting pairs, or "". By contract, event after event: ``daily_volume`` float64 (1e-2 contracts a
    day), ``open_interest`` int64 (1e-2). ``pools``: volatility by (category, bucket).
    """

    events: Sequence[str]
    terms: Sequence[EventTerms]
    marks: Sequence[np.ndarray]
    priced: Sequence[np.ndarray]
    settled: Sequence[np.ndarray]
    tau_seconds: np.ndarray
    wrong_way: frozenset[tuple[int, int]]
    categories: Sequence[str]
    series: Sequence[str]
    resolution_dates: Sequence[str]
    may_close_early: Sequence[bool]
    happens_by: Sequence[bool]
    collateral_returns: Sequence[str]
    daily_volume: np.ndarray
    open_interest: np.ndarray
    pools: Pools

    @cached_property
    def first_contract(self) -> np.ndarray:
        """Number of each event's first contract, and the number of all: int64[events + 1]."""
        sizes = [len(terms.legs) for terms in self.terms]
        return np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))

    def is_wrong_way(self, account: np.ndarray, event: np.ndarray) -> np.ndarray:
        """Whether the account of a row can influence the outcome of its event: bool[rows]."""
        events = len(self.events)
        pairs = [a * events + e for a, e in self.wrong_way]
        return np.isin(account * events + event, np.array(pairs, dtype=np.int64))

    def selected_legs(self, combination: int) -> list[tuple[int, int, bool]] | None:
        """(event, leg, whether its NO side is selected) of each leg of a combination event.

        None where a leg cannot be read, is not in the market, or is itself a combination.
        """
        selected = []
        for leg in self.terms[combination].combination_legs:
            event = self._number_of.get(leg.event_ticker)
            if event is None or leg.market_ticker not in self.terms[event].legs:
                return None
            if self.terms[event].structure == COMBINATION:
                return None
            place = self.terms[event].legs.index(leg.market_ticker)
            selected.append((event, place, leg.side == "no"))
        return selected or None

    def leg_events(self, event: int) -> set[int]:
        """The events of the legs of a combination; none for another event."""
        if self.terms[event].structure != COMBINATION:
            return set()
        return {leg_event for leg_event, _, _ in self.selected_legs(event) or ()}

    @cached_property
    def _number_of(self) -> dict[str, int]:
        return {ticker: number for number, ticker in enumerate(self.events)}

    def fitted(self, event: int) -> tuple[np.ndarray, float]:
        """State probabilities of an event and their largest distance from its marks.

        As from ``state_probabilities``; each event is fitted once.
        """
        if event not in self._fitted:
            self._fitted[event] = state_probabilities(
                self.terms[event], self.marks[event], self.priced[event], self.settled[event]
            )
        return self._fitted[event]

    @cached_property
    def _fitted(self) -> dict[int, tuple[np.ndarray, float]]:
        return {}


def with_marks(market: Market, marks: Mapping[tuple[int, int], int]) -> Market:
    """The market with some marks replaced; keys are (event, leg)."""
    changed = [array.copy() for array in market.marks]
    for (event, leg), mark in marks.items():
        changed[event][leg] = mark
    return replace(market, marks=changed)
