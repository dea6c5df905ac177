"""What the simulated venue lists, when it closes and how it settles."""

import zlib
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from reporting.simulator import clock
from reporting.simulator.errors import SimulationError
from reporting.simulator.market.listing import PAYOUT, Event, FeeTerms, Leg, Listing, happens_by
from reporting.simulator.market.prices import PricePath
from reporting.simulator.market.products import Product, products
from reporting.simulator.market.shapes import Shape
from reporting.simulator.schedules import DAY_SECONDS, Schedule

_CORRELATION = 0.3
"""Of the hidden normals of two events of one sector."""
_LAST_SHARE = 0.5
"""How much of what is open becomes known while an event trades for the last time, at most."""
_EARLY_FROM_DAYS = 10
"""Events listed for less time do not end early: they are over before news could end them."""
_EARLY_CLOSE, _EARLY_SETTLE_HOUR = (15, 0), 17


@dataclass
class VenueEvent:
    """One listed event: its dates (New York), its terms and its prices.

    ``ended``: how it ended before its time, "" if it did not.
    """

    product: Product
    shape: Shape
    event: Event
    listed: date
    close: date
    settles: date
    path: PricePath
    legs: list[tuple["VenueEvent", int]]
    ended: str = ""

    @property
    def close_at(self) -> tuple[int, int]:
        """New York hour and minute at which trading ends on the day of the close."""
        return _EARLY_CLOSE if self.ended else self.product.close_at

    @property
    def settle_hour(self) -> int:
        """New York hour of the settlement."""
        return _EARLY_SETTLE_HOUR if self.ended else self.product.settle_hour

    def end_early(self, day: date, words: str) -> None:
        """News decide the event within the day; ``words`` say how: "resolved" or "happened"."""
        self.close = self.settles = day
        self.ended = words

    @property
    def markets(self) -> range:
        """Numbers of its markets."""
        return self.event.markets

    def ticker(self, place: int) -> str:
        """Ticker of one of its markets."""
        return self.event.ticker + self.shape.suffixes[place]

    def open_micros(self) -> int:
        """Opening time, UTC microseconds."""
        return clock.new_york(self.listed, 10)

    def close_micros(self) -> int:
        """Closing time, UTC microseconds."""
        return clock.new_york(self.close, *self.close_at)

    def settle_micros(self) -> int:
        """Settlement time, UTC microseconds."""
        return clock.new_york(self.settles, self.settle_hour)

    def window(self, day: date) -> tuple[int, int] | None:
        """Trading hours on a business date, UTC microseconds; None when there are none."""
        first, last = clock.day_bounds(day)
        start, end = max(first, self.open_micros()), min(last, self.close_micros())
        return (start, end) if end - start >= 1800 * clock.MICROS else None


class Universe:
    """All events over the simulated days, listed day by day.

    ``voided`` maps product void kind to the settlement date of the event that is voided. Events
    that news may end early do so at the rate that the schedule assumes.
    """

    def __init__(
        self,
        listing: Listing,
        copies: int,
        seed: int,
        first: date,
        days: int,
        schedule: Schedule,
    ) -> None:
        self._schedule = schedule
        self._listing = listing
        self._seed = seed
        self.products = products(copies)
        self._first = first
        self.live: list[VenueEvent] = []
        last = first + timedelta(days=days - 1)
        self._voided = {"half": min(last, first + timedelta(days=1))}
        if days >= 3:
            self._voided["last"] = first + timedelta(days=2)
        self._amend_settled = first + timedelta(days=1) if days >= 3 else None
        for product in self.products:
            hundredths = round(float(product.multiplier) * 100)
            free = product.fee_type == "fee_free"
            maker = product.fee_type == "quadratic_with_maker_fees"
            listing.fees[product.series] = FeeTerms(hundredths, maker, free)

    def open_day(self, day: date) -> list[VenueEvent]:
        """Forget what settled before, list what opens today; prices take today's step."""
        self.live = [event for event in self.live if event.settles >= day]
        opened = []
        for product in self.products:
            for close in closes_to_list(product, day, day == self._first):
                event = self._list(product, close)
                self.live.append(event)
                opened.append(event)
        for event in self.live:
            self._move(event, day)
        return opened

    def _move(self, event: VenueEvent, day: date) -> None:
        """The news of a day: what becomes known of the event, and whether it ends early."""
        if event.legs:
            event.path.follow(_joint_chance(event.legs))
            return
        days_left = (event.close_micros() - clock.new_york(day)) / clock.MICROS / DAY_SECONDS
        if day > event.close:
            event.path.close()
            return
        share = min(_LAST_SHARE, 1 / max(days_left, 1.0))
        rng = np.random.default_rng([self._seed, 9, _number(event.event.ticker), day.toordinal()])
        if event.event.happens_by:
            if self._may_end(event, day) and rng.random() < event.path.chance_today(share):
                event.end_early(day, "happened")
            event.path.wait(share)
            share /= 2
        elif self._may_end(event, day) and rng.random() < self._early_rate(event):
            event.end_early(day, "resolved")
        common = np.random.default_rng(
            [self._seed, 11, _number(event.product.category), day.toordinal()]
        )
        event.path.step(share, common.normal(), _CORRELATION)

    def _may_end(self, event: VenueEvent, day: date) -> bool:
        lasting = event.product.listed_days >= _EARLY_FROM_DAYS
        return (
            event.product.can_close_early
            and lasting
            and max(event.listed, self._first) < day < event.close
        )

    def _early_rate(self, event: VenueEvent) -> float:
        """The schedule's chance that news end such an event within a day."""
        rate = self._schedule.of_category("jump_rate_bps_per_day", event.product.category)
        return rate / 10_000

    def linkable(self) -> list[str]:
        """One event and some series that wrong-way accounts are tied to.

        Far ones come first: only there does being tied change the margin.
        """
        one_copy = self.products[: len(products(1))]
        far = sorted(one_copy, key=lambda product: product.listed_days, reverse=True)
        event = _ticker(far[0], closes_to_list(far[0], self._first, True)[0])
        return [event] + [product.series for product in far[1:5]]

    def payouts(self, event: VenueEvent, marks: np.ndarray) -> tuple[str, np.ndarray]:
        """How the event ends: 'void' or '', and what one YES of each market pays."""
        void = event.product.void
        if void and self._voided.get(void) == event.settles:
            values = marks[event.event.first_market :][: event.event.market_count]
            return "void", np.full_like(values, PAYOUT // 2) if void == "half" else values
        if event.legs:
            hits = [self.payouts(leg, marks)[1][place] == PAYOUT for leg, place in event.legs]
            return "", np.array([PAYOUT if all(hits) else 0])
        rng = np.random.default_rng([self._seed, 6, _number(event.event.ticker)])
        happened = event.ended == "happened"
        state = event.path.paying if happened else event.path.outcome(rng.random())
        return "", event.shape.payoffs[:, state]

    def is_amended(self, event: VenueEvent) -> bool:
        """Whether the event's settlement is amended on the next day."""
        return event.product.amended and event.settles == self._amend_settled

    def _list(self, product: Product, close: date) -> VenueEvent:
        ticker = _ticker(product, close)
        rng = np.random.default_rng([self._seed, 5, _number(ticker)])
        shape = product.shape(rng)
        payoffs = shape.payoffs
        if product.void == "half":
            payoffs = np.pad(payoffs, ((0, 0), (0, 1)), constant_values=PAYOUT // 2)
        listed = close - timedelta(days=product.listed_days)
        settles = close + timedelta(days=product.settles_after)
        structure = "combination" if product.legs_of else shape.structure
        event = VenueEvent(
            product,
            shape,
            self._listing.add(
                ticker,
                product.series,
                structure,
                [ticker + suffix for suffix in shape.suffixes],
                payoffs,
                None,
                category=product.category,
                void_in_payoffs=product.void == "half",
                void_at_mark=product.void == "last",
                void_at_fair=product.void == "fair",
                early=product.can_close_early,
                happens_by=happens_by(structure, product.title, product.can_close_early),
            ),
            listed,
            close,
            settles,
            PricePath(shape.payoffs, shape.units, structure, rng),
            [],
        )
        ends = event.close_micros() if product.can_close_early else event.settle_micros()
        event.event.resolution_seconds = ends // clock.MICROS
        for series in product.legs_of:
            leg = next(e for e in self.live if e.product.series == series and e.close == close)
            event.legs.append((leg, int(rng.integers(1, leg.event.market_count - 1))))
        event.event.legs = tuple(Leg(leg.ticker(place), True) for leg, place in event.legs)
        past = (self._first - listed).days
        if past > 0:
            event.path.step(min(past / product.listed_days, 1 - 1 / product.listed_days), 0.0, 0.0)
        return event


def _joint_chance(legs: list[tuple[VenueEvent, int]]) -> float:
    """The chance that all legs pay; they are independent of one another."""
    chance = 1.0
    for leg, place in legs:
        chance *= int(leg.path.closing[place]) / PAYOUT
    return chance


def _number(name: str) -> int:
    """A number of a name for the seed of its draws."""
    return zlib.crc32(name.encode())


def _ticker(product: Product, close: date) -> str:
    return f"{product.series}-{close:%y%b%d}".upper()


def closes_to_list(product: Product, day: date, is_first: bool) -> list[date]:
    """Closing dates of the product's events that are listed on the day.

    On the first day that is everything already listed and not yet closed.
    """
    ahead = range(0 if is_first else product.listed_days, product.listed_days + 1)
    closes = [day + timedelta(days=days) for days in ahead]
    return [c for c in closes if (c.toordinal() - product.phase) % product.every == 0]


def copies_for(trades: int) -> int:
    """How many copies of the product list a venue of that many trades a day has."""
    return int(np.clip(round((trades / 5_000) ** 0.35), 1, 8))


def check_trades(trades: int, copies: int, days: list[date]) -> None:
    """Every market must trade every day, or its closing mark would not fit its event's."""
    shapes = {p.series: len(p.shape(np.random.default_rng(0)).terms) for p in products(copies)}
    needed = 0
    live: list[tuple[date, int]] = []
    for place, day in enumerate(days):
        live = [(close, count) for close, count in live if close >= day]
        live += [
            (close, shapes[product.series])
            for product in products(copies)
            for close in closes_to_list(product, day, place == 0)
        ]
        needed = max(needed, sum(count for _, count in live))
    if trades < needed:
        raise SimulationError(f"trades: {trades} a day is too few; at least {needed}")
