"""Records of series, events and markets as the public API sends them, third generation."""

from reporting.simulator import clock
from reporting.simulator.market.products import Product
from reporting.simulator.market.shapes import VOID_FAIR, VOID_HALF, VOID_LAST
from reporting.simulator.market.universe import VenueEvent
from reporting.simulator.schedules import DAY_SECONDS

_VOID_WORDS = {"": "", "half": VOID_HALF, "last": VOID_LAST, "fair": VOID_FAIR}


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
        **times(event),
        "can_close_early": product.can_close_early,
        "last_price_dollars": "0.0000",
        "open_interest_fp": "0.00",
        "volume_fp": "0.00",
        "price_level_structure": "linear_cent",
        "rules_primary": "Simulated market: a seeded number decides the outcome.",
        "rules_secondary": _VOID_WORDS[product.void],
    }
    if event.legs:
        record["mve_collection_ticker"] = f"{product.series}-ALL"
        record["mve_selected_legs"] = [
            {"event_ticker": leg.event.ticker, "market_ticker": leg.ticker(number), "side": "yes"}
            for leg, number in event.legs
        ]
    return record | event.shape.terms[place]


def times(event: VenueEvent) -> dict[str, str]:
    """The times of a market's record; they come earlier when news end the event."""
    settles = event.settle_micros()
    return {
        "open_time": clock.utc_text(event.open_micros()),
        "close_time": clock.utc_text(event.close_micros()),
        "expected_expiration_time": clock.utc_text(settles),
        "expiration_time": clock.utc_text(settles + 7 * DAY_SECONDS * clock.MICROS),
    }
