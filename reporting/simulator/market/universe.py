"""What the simulated venue lists, when it closes and how it settles."""

import zlib
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from reporting.simulator import clock
from reporting.simulator.errors import SimulationError
from reporting.simulator.market.listing import PAYOUT, Event, FeeTerms, Leg, Listing, happens_by
from reporting.simulator.market.prices import PricePath
from reporting.simulator.market.products import VOID_HALF, VOID_LAST, Product, Shape, products

_VOID_WORDS = {"": "", "half": VOID_HALF, "last": VOID_LAST}


@dataclass
class VenueEvent:
    """One listed event: its dates (New York), its terms and its prices."""

    product: Product
    shape: Shape
    event: Event
    listed: date
    close: date
    settles: date
    path: PricePath
    legs: list[tuple["VenueEvent", int]]

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
        return clock.new_york(self.close, *self.product.close_at)

    def settle_micros(self) -> int:
        """Settlement time, UTC microseconds."""
        return clock.new_york(self.settles, self.product.settle_hour)

    def window(self, day: date) -> tuple[int, int] | None:
        """Trading hours on a business date, UTC microseconds; None when there are none."""
        first, last = clock.day_bounds(day)
        start, end = max(first, self.open_micros()), min(last, self.close_micros())
        return (start, end) if end - start >= 1800 * clock.MICROS else None


class Universe:
    """All events over the simulated days, listed day by day.

    ``voided`` maps product void kind to the settlement date of the event that is voided.
    """

    def __init__(self, listing: Listing, copies: int, seed: int, first: date, days: int) -> None:
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
            event.path.step((event.close - day).days)
        return opened

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
        rng = np.random.default_rng([self._seed, 6, zlib.crc32(event.event.ticker.encode())])
        state = int(np.searchsorted(np.cumsum(event.path.units), rng.random() * event.shape.units))
        return "", event.shape.payoffs[:, min(state, event.shape.payoffs.shape[1] - 1)]

    def is_amended(self, event: VenueEvent) -> bool:
        """Whether the event's settlement is amended on the next day."""
        return event.product.amended and event.settles == self._amend_settled

    def _list(self, product: Product, close: date) -> VenueEvent:
        ticker = _ticker(product, close)
        rng = np.random.default_rng([self._seed, 5, zlib.crc32(ticker.encode())])
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
                early=product.can_close_early,
                happens_by=happens_by(structure, product.title, product.can_close_early),
            ),
            listed,
            close,
            settles,
            PricePath(shape.payoffs, shape.units, rng),
            [],
        )
        ends = event.close_micros() if product.can_close_early else event.settle_micros()
        event.event.resolution_seconds = ends // clock.MICROS
        for series in product.legs_of:
            leg = next(e for e in self.live if e.product.series == series and e.close == close)
            event.legs.append((leg, int(rng.integers(1, leg.event.market_count - 1))))
        event.event.legs = tuple(Leg(leg.ticker(place), True) for leg, place in event.legs)
        return event


def _ticker(product: Product, close: date) -> str:
    return f"{product.series}-{close:%y%b%d}".upper()


def closes_to_list(product: Product, day: date, is_first: bool) -> list[date]:
    """Closing dates of the product's events that are listed on the day.

    On the first day that is everything already listed and not yet closed.
    """
    ahead = range(0 if is_first else product.listed_days, product.listed_days + 1)
    closes = [day + timedelta(days=days) for days in ahead]
    return [c for c in closes if (c.toordinal() - product.phase) % product.every == 0]


def series_record(product: Product) -> dict:
    """A series' record, in the third-generation shape."""
    return {
        "ticker": product.series,
        "category": product.category,
        "title": product.title,
        "fee_type": product.fee_type,
        "fee_multiplier": float(product.multiplier),
        "settlement_sources": [{"name": "Simulated", "url": ""}],
    }


def event_record(event: VenueEvent) -> dict:
    """An event's record at listing, in the third-generation shape."""
    return {
        "event_ticker": event.event.ticker,
        "series_ticker": event.product.series,
        "mutually_exclusive": event.shape.exclusive,
        "collateral_return_type": event.shape.collateral_return,
        "category": event.product.category,
        "title": event.product.title,
        "sub_title": f"On {event.close:%b} {event.close.day}, {event.close.year}",
        "strike_date": clock.utc_text(event.close_micros()),
    }


def market_record(event: VenueEvent, place: int, ticker: str) -> dict:
    """A market's record at listing, in the third-generation shape."""
    product = event.product
    record = {
        "ticker": ticker,
        "event_ticker": event.event.ticker,
        "market_type": "binary",
        "title": f"{product.title} on {event.close:%b} {event.close.day}, {event.close.year}?",
        "subtitle": "",
        "status": "active",
        "result": "",
        "open_time": clock.utc_text(event.open_micros()),
        "close_time": clock.utc_text(event.close_micros()),
        "expected_expiration_time": clock.utc_text(event.settle_micros()),
        "expiration_time": clock.utc_text(event.settle_micros() + 7 * 86_400 * clock.MICROS),
        "can_close_early": product.can_close_early,
        "last_price_dollars": "0.0000",
        "open_interest_fp": "0.00",
        "volume_fp": "0.00",
        "price_level_structure": "linear_cent",
        "rules_primary": "Simulated market: resolves by a seeded draw.",
        "rules_secondary": _VOID_WORDS[product.void],
    }
    if event.legs:
        record["mve_collection_ticker"] = f"{product.series}-ALL"
        record["mve_selected_legs"] = [
            {"event_ticker": leg.event.ticker, "market_ticker": leg.ticker(number), "side": "yes"}
            for leg, number in event.legs
        ]
    return record | event.shape.terms[place]


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
