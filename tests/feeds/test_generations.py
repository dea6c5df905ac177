"""All three generations of the public API land in one shape, nothing of them rejected."""

import gzip
import json
from pathlib import Path

from feeds.delivery import Inbox, read, rules


def landed(inbox: Inbox, name: str, content: bytes, stream: str, rows: int):
    inbox.deliver(name, content, stream, rows=rows)
    landing = inbox.land()
    assert rules(landing) == []
    result = read(landing)
    assert result.loaded.findings == []
    assert result.quarantine() == []
    return result


def test_first_generation_trades(kalshi: Path, inbox: Inbox) -> None:
    """Integer cents and counts. The raw files hold them by ticker; a line each is sent."""
    raw = gzip.decompress((kalshi / "raw/kxhighden/trades/2025-03-17.json.gz").read_bytes())
    trades = [trade for group in json.loads(raw).values() for trade in group]
    content = "\n".join(map(json.dumps, trades)).encode()
    result = landed(inbox, "t.ndjson.gz", gzip.compress(content), "trades", len(trades))
    assert len(trades) > 1000
    columns = ("trade_id", "count", "yes_price", "no_price", "yes_price_dollars")
    assert result.rows("trades", *columns) == [
        (t["trade_id"], str(t["count"]), str(t["yes_price"]), str(t["no_price"]), None)
        for t in trades
    ]


def test_first_generation_events_and_markets_share_a_document(kalshi: Path, inbox: Inbox) -> None:
    """One document holds an event and its six markets; it is delivered for both streams."""
    content = (kalshi / "raw/kxhighden/events/2025-03-17.json.gz").read_bytes()
    inbox.deliver("e.json.gz", content, "events")
    result = landed(inbox, "m.json.gz", content, "markets", 6)
    assert result.rows("events", "event_ticker", "collateral_return_type") == [
        ("KXHIGHDEN-25MAR17", "MECNET")
    ]
    markets = result.rows("markets", "ticker", "strike_type", "cap_strike", "volume")
    assert markets[0] == ("KXHIGHDEN-25MAR17-T68", "less", "68", "7259")
    assert len(markets) == 6


def test_second_generation(kalshi: Path, inbox: Inbox) -> None:
    """Cents and dollars side by side."""
    folder = kalshi / "api-samples/2026-01"
    for name, stream, rows in [
        ("trades_list", "trades", 5),
        ("markets_list", "markets", 5),
        ("events_list", "events", 5),
        ("series_single", "series", 1),
    ]:
        response = json.loads((folder / f"{name}_response.json").read_text())["response"]
        content = json.dumps(response, indent=2).encode()
        inbox.deliver(f"{name}.json", content, stream, rows=rows)
    landing = inbox.land()
    assert rules(landing) == []
    result = read(landing)
    assert result.loaded.findings == []
    first = "961535f3-d80f-5462-e91d-88d4fe6db285"
    columns = ("trade_id", "count", "yes_price", "yes_price_dollars", "count_fp")
    assert result.rows("trades", *columns)[0] == (first, "1", "6", "0.0600", None)
    (legs, structure) = result.rows("markets", "mve_selected_legs", "price_level_structure")[0]
    assert structure == "deci_cent"
    assert json.loads(legs)[0]["side"] == "yes"
    ((sources,),) = result.rows("series", "settlement_sources")
    assert json.loads(sources)[0]["name"] == "Energy Information Administration"


def test_third_generation(kalshi: Path, inbox: Inbox) -> None:
    """Dollars and fractional counts as strings; trades as the OpenAPI document has them."""
    folder = kalshi / "api-samples/2026-08"
    events = json.loads((folder / "events_sports_nested.json").read_text())
    markets = [market for event in events for market in event.pop("markets")]
    settled = json.loads((folder / "markets_settled.json").read_text())["markets"]
    inbox.deliver("e.json", json.dumps(events), "events", rows=len(events))
    page = {"markets": markets + settled, "cursor": ""}
    inbox.deliver("m.json", json.dumps(page), "markets", rows=len(markets + settled))
    series = json.loads((folder / "series_fee_fields.json").read_text())["payloads"]
    lines = "\n".join(json.dumps(payload["series"]) for payload in series.values())
    inbox.deliver("s.ndjson", lines, "series", rows=len(series))
    trade = {
        "trade_id": "0a1b",
        "ticker": "KXNBA-27-ATL",
        "count_fp": "12.34",
        "yes_price_dollars": "0.012500",
        "no_price_dollars": "0.987500",
        "taker_side": "no",
        "created_time": "2026-08-01T00:00:00.123456Z",
    }
    result = landed(inbox, "t.ndjson", json.dumps(trade).encode(), "trades", 1)
    assert result.rows("trades", "count", "count_fp", "yes_price", "yes_price_dollars") == [
        (None, "12.34", None, "0.012500")
    ]
    assert len(result.rows("markets", "ticker")) == len(markets) + len(settled) > 100
    assert result.rows("markets", "ticker", "open_interest_fp")[0] == (
        "KXNBA-27-ATL",
        "245360.23",
    )
    assert {found for (found,) in result.rows("markets", "result")} == {None, "yes", "no"}
