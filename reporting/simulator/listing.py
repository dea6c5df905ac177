"""The venue's own register of events and markets: what each pays in each outcome.

Payoffs are written out state by state (``Event.payoffs``); the margin enumerates them.
"""

from dataclasses import dataclass, field

import numpy as np

PAYOUT = 10_000
"""Centicents that one contract pays at most: one dollar."""


@dataclass
class Event:
    """One event with its markets, which are neighbours in the register.

    ``payoffs``: markets x states in centicents; ``separate`` means that the states of its
    markets are not known to hang together, so that each market is margined alone.
    ``void_at_mark``: one more state in which every market pays its mark (no gain, no loss).
    ``resolution_seconds``: earliest scheduled resolution, UTC; None when unknown.
    """

    ticker: str
    series: str
    structure: str
    first_market: int
    market_count: int
    payoffs: np.ndarray
    resolution_seconds: int | None
    void_at_mark: bool = False
    separate: bool = False


@dataclass
class FeeTerms:
    """Fee formula of a series: multiplier in hundredths, and who pays."""

    multiplier_hundredths: int = 100
    maker_fees: bool = False
    free: bool = False


@dataclass
class Listing:
    """Every market ever listed, by number; events and series tell what it belongs to."""

    tickers: list[str] = field(default_factory=list)
    event_of: list[int] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    fees: dict[str, FeeTerms] = field(default_factory=dict)

    def add(
        self,
        ticker: str,
        series: str,
        structure: str,
        markets: list[str],
        payoffs: np.ndarray,
        resolution_seconds: int | None,
        void_at_mark: bool = False,
        separate: bool = False,
    ) -> Event:
        """Register an event with all of its markets."""
        event = Event(
            ticker,
            series,
            structure,
            len(self.tickers),
            len(markets),
            payoffs.astype(np.int64),
            resolution_seconds,
            void_at_mark,
            separate,
        )
        self.events.append(event)
        self.tickers += markets
        self.event_of += [len(self.events) - 1] * len(markets)
        return event

    def fee_columns(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Per market: multiplier in hundredths, maker pays, nobody pays."""
        default = FeeTerms()
        terms = [self.fees.get(self.events[e].series, default) for e in self.event_of]
        return (
            np.array([t.multiplier_hundredths for t in terms], np.int64),
            np.array([t.maker_fees for t in terms], bool),
            np.array([t.free for t in terms], bool),
        )
