"""The venue's own register of events and markets: what each pays in each outcome.

Payoffs are written out state by state (``Event.payoffs``); the margin enumerates them.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

PAYOUT = 10_000
"""Centicents that one contract pays at most: one dollar."""
_BY_A_DATE = re.compile(r"\b(before|by)\b", re.IGNORECASE)
_CAN_HAPPEN = ("binary", "exclusive", "unknown")
_ORDERED = ("binary", "combination", "ladder", "ladder_brackets", "exclusive_exhaustive", "unknown")


class Leg(NamedTuple):
    """One leg of a combination: a market that has to pay, or (``yes`` False) to fail to pay."""

    ticker: str
    yes: bool


@dataclass
class Event:
    """One event with its markets, which are neighbours in the register.

    ``payoffs``: markets x states in centicents, from low to high where the states have an
    order: no before yes. ``separate``: the states of its markets are not known to depend on
    each other, so that each market is margined alone. ``void_in_payoffs``: the last state is
    that of a void. ``void_at_mark``: one more state, in which every market pays its mark (no
    gain, no loss). ``void_at_fair``: a void may settle each market at a price near its mark.
    ``resolution_seconds``: earliest scheduled resolution, UTC; None when unknown. ``early``:
    a market may close early. ``happens_by``: the words and the early close of an event that
    happens by a date, if it does. ``legs``: of a combination.
    """

    ticker: str
    series: str
    structure: str
    first_market: int
    market_count: int
    payoffs: np.ndarray
    resolution_seconds: int | None
    category: str = ""
    void_in_payoffs: bool = False
    void_at_mark: bool = False
    void_at_fair: bool = False
    separate: bool = False
    early: bool = False
    happens_by: bool = False
    legs: tuple[Leg, ...] = ()

    @property
    def markets(self) -> range:
        """Numbers of its markets."""
        return range(self.first_market, self.first_market + self.market_count)

    @property
    def ordered(self) -> bool:
        """Whether its states run from low to high (the strikes of an exhaustive one do)."""
        return self.separate or self.structure in _ORDERED

    def seconds_left(self, now_seconds: int) -> int:
        """Time to the earliest resolution; an unknown one counts as now."""
        return 0 if self.resolution_seconds is None else self.resolution_seconds - now_seconds


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
    number_of: dict[str, int] = field(default_factory=dict)
    fees: dict[str, FeeTerms] = field(default_factory=dict)

    def add(
        self,
        ticker: str,
        series: str,
        structure: str,
        markets: list[str],
        payoffs: np.ndarray,
        resolution_seconds: int | None,
        **facts,
    ) -> Event:
        """Register an event with all of its markets; ``facts``: the further fields of Event."""
        event = Event(
            ticker,
            series,
            structure,
            len(self.tickers),
            len(markets),
            payoffs.astype(np.int64),
            resolution_seconds,
            **facts,
        )
        self.events.append(event)
        self.number_of.update(zip(markets, event.markets, strict=True))
        self.tickers += markets
        self.event_of += [len(self.events) - 1] * len(markets)
        return event

    def reached_by(self, market: int) -> list[int]:
        """Markets whose holders' margin depends on a mark: its event's and combinations on them."""
        own = self.events[self.event_of[market]].markets
        tickers = {self.tickers[number] for number in own}
        on_them = [e for e in self.events if any(leg.ticker in tickers for leg in e.legs)]
        return [*own, *(event.first_market for event in on_them)]

    def fee_columns(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Per market: multiplier in hundredths, maker pays, nobody pays."""
        default = FeeTerms()
        terms = [self.fees.get(self.events[e].series, default) for e in self.event_of]
        return (
            np.array([t.multiplier_hundredths for t in terms], np.int64),
            np.array([t.maker_fees for t in terms], bool),
            np.array([t.free for t in terms], bool),
        )


def happens_by(structure: str, title: str, can_close_early: bool) -> bool:
    """Whether an event of this structure and title happens by a date, at any time before it."""
    return can_close_early and structure in _CAN_HAPPEN and bool(_BY_A_DATE.search(title))
