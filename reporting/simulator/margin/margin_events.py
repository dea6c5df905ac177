"""What is margined as one event, and its parameters (docs/model.md, section 4)."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from reporting.simulator.margin.history import CycleState
from reporting.simulator.margin.probabilities import state_probabilities
from reporting.simulator.margin.volatility import pool_of
from reporting.simulator.market.listing import PAYOUT, Event, Listing
from reporting.simulator.schedules import DAY_SECONDS, Schedule

MAX_STATES = 4_096


@dataclass(frozen=True)
class MarginEvent:
    """An event, or one market of an event whose markets stand alone.

    ``name``: of its streams of draws. ``payoffs``: markets x states, centicents, void states
    last; ``marks``: centicents, 0 without one. ``band``: centicents by which a fair price may
    differ from the mark, 0 where none may be paid. ``chance``: probability of each state; None
    where the states are too many to list. ``may_move``: an open market of it has a price.
    """

    name: str
    event: Event
    first_market: int
    payoffs: np.ndarray
    voids: int
    marks: np.ndarray
    band: int
    chance: np.ndarray | None
    may_move: bool
    mpor_days: int
    tau_seconds: int
    ramp: tuple[int, int]
    cluster: str
    rho: float
    sign: int
    kappa_bps: int
    early_chance: float
    lumps: int
    variance: float

    @property
    def market_count(self) -> int:
        """How many markets it has."""
        return len(self.payoffs)

    @property
    def markets(self) -> slice:
        """Numbers of its markets."""
        return slice(self.first_market, self.first_market + self.market_count)

    @property
    def weight_of(self) -> int:
        """What the ramp weight is a part of."""
        return self.ramp[1] - self.ramp[0]

    @property
    def ramp_weight(self) -> int:
        """Ramp weight by the time left alone, of ``weight_of``."""
        return min(max(self.ramp[1] - self.tau_seconds, 0), self.weight_of)

    @property
    def resolves_inside(self) -> bool:
        """Whether its resolution is due within the liquidation period."""
        return self.tau_seconds <= self.mpor_days * DAY_SECONDS

    @property
    def time_share(self) -> float:
        """The liquidation period as a share of the time left, at most 1."""
        if self.resolves_inside:
            return 1.0
        return self.mpor_days / (self.tau_seconds / DAY_SECONDS)

    @property
    def happened(self) -> np.ndarray:
        """States in which what the event is about has happened: a market of it pays."""
        happened = self.payoffs.max(axis=0) == PAYOUT
        happened[len(happened) - self.voids :] = False
        return happened

    def revealed(self, variance: float | None = None) -> float:
        """Share f of the remaining information that the liquidation period reveals."""
        v2 = self.variance if variance is None else variance
        return 1 - (1 - self.time_share) ** v2

    def losses(self) -> np.ndarray:
        """What one YES loses in each state, markets x states, centicents."""
        return self.marks[:, None] - self.payoffs


class MarginEvents:
    """The margin events of a listing under one schedule at one cycle, made when asked for.

    They are known by the number of their first market.
    """

    def __init__(self, listing: Listing, schedule: Schedule, state: CycleState) -> None:
        self._listing, self._schedule, self._state = listing, schedule, state
        self._known: dict[int, MarginEvent] = {}
        events = listing.events
        self.first_of = np.array(
            [
                market if events[event].separate else events[event].first_market
                for market, event in enumerate(listing.event_of)
            ],
            np.int64,
        )

    def __getitem__(self, first_market: int) -> MarginEvent:
        """The margin event that begins with the market."""
        if first_market not in self._known:
            self._known[first_market] = self._made(first_market)
        return self._known[first_market]

    def held(self, market: np.ndarray) -> list[MarginEvent]:
        """The margin events of some markets, each once and in order."""
        return [self[first] for first in np.unique(self.first_of[market]).tolist()]

    def _made(self, first: int) -> MarginEvent:
        event = self._listing.events[self._listing.event_of[first]]
        schedule, state = self._schedule, self._state
        count = 1 if event.separate else event.market_count
        markets = slice(first, first + count)
        marks, settled = state.marks[markets], state.settled[markets]
        place = first - event.first_market
        ordinary = event.payoffs[place : place + count]
        payoffs, voids = ordinary, int(event.void_in_payoffs)
        if event.void_in_payoffs:
            ordinary = ordinary[:, :-1]
        if event.void_at_mark:
            payoffs, voids = np.column_stack([payoffs, np.maximum(marks, 0)]), voids + 1
        chance = None
        if payoffs.shape[1] <= MAX_STATES:
            likely = state_probabilities(event.structure, ordinary, marks, settled)
            chance = np.concatenate([likely, np.zeros(voids)])
        mpor = schedule.liquidation_days(event.category)
        tau = event.seconds_left(state.cycle_seconds)
        rate = schedule.of_category("jump_rate_bps_per_day", event.category) / 10_000
        return MarginEvent(
            name=self._listing.tickers[first] if event.separate else event.ticker,
            event=event,
            first_market=first,
            payoffs=payoffs,
            voids=voids,
            marks=np.maximum(marks, 0),
            band=event.void_at_fair
            * schedule.of_category("fair_price_band_centicents", event.category),
            chance=chance,
            may_move=bool(((marks >= 0) & (settled < 0)).any()),
            mpor_days=mpor,
            tau_seconds=tau,
            ramp=schedule.ramp_seconds(event.category),
            cluster=cluster_of(event, schedule),
            rho=schedule.of_category("rho_bps", event.category) / 10_000,
            sign=schedule.optional("factor_signs").get(series_of(event), 1),
            kappa_bps=schedule.of_category("kappa_bps", event.category),
            early_chance=1 - (1 - rate) ** mpor if event.early and not event.happens_by else 0.0,
            lumps=schedule.of_category("lumps", event.category),
            variance=state.pools.variance(
                pool_of(event.category, tau),
                schedule.of_category("v_min_bps", event.category) / 10_000,
                schedule["least_observations"],
            ),
        )


def series_of(event: Event) -> str:
    """The event's series; without one, what stands before the first dash of its ticker."""
    return event.series or event.ticker.partition("-")[0]


def cluster_of(event: Event, schedule: Schedule) -> str:
    """Events that resolve at one moment, or exclude one another, share a cluster."""
    linked = schedule.optional("linked_events")
    if event.ticker in linked:
        return linked[event.ticker]
    name = schedule["clusters"].get(series_of(event), series_of(event))
    if event.resolution_seconds is None:
        return f"{name}@unknown"
    return f"{name}@{datetime.fromtimestamp(event.resolution_seconds, UTC):%Y-%m-%d}"
