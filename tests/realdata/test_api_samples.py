"""Answers of all three generations of the public API become one model of trades and markets.

Expected values were read by hand in the sample files. No sample of the third generation
holds trades; that one is written as its OpenAPI document describes it.
"""

import gzip
import json
from datetime import date, datetime

import pytest
from feeds.delivery import Inbox

from realdata.house import House

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("realdata-api")]

FIRST, SECOND, THIRD = date(2025, 3, 17), date(2026, 1, 12), date(2026, 8, 8)
TRADE_OF_2026 = {
    "trade_id": "0a1b",
    "ticker": "KXNBA-27-ATL",
    "count_fp": "12.34",
    "yes_price_dollars": "0.012500",
    "no_price_dollars": "0.987500",
    "taker_side": "no",
    "created_time": "2026-08-08T12:00:00.123456Z",
}


class Sender:
    """Delivers pages to the drop folder, numbering the files of each stream."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._sequence: dict[str, int] = {}

    def send(self, day: date, stream: str, content: object, rows: int) -> None:
        self._sequence[stream] = self._sequence.get(stream, 0) + 1
        if isinstance(content, bytes):
            data, name = content, f"{stream}.ndjson"
        else:
            data, name = json.dumps(content, indent=1).encode(), f"{stream}.json"
        self._inbox.deliver(
            name,
            data,
            stream,
            rows=rows,
            business_date=day.isoformat(),
            sequence=self._sequence[stream],
            as_of=f"{day}T23:59:00Z",
        )


@pytest.fixture(scope="module")
def house(kalshi, tmp_path_factory) -> House:
    """One day of each generation, landed and validated."""
    folder = tmp_path_factory.mktemp("generations")
    sender = Sender(Inbox(folder))
    page = json.loads(
        gzip.decompress((kalshi / f"raw/kxhighden/events/{FIRST}.json.gz").read_bytes())
    )
    by_ticker = json.loads(
        gzip.decompress((kalshi / f"raw/kxhighden/trades/{FIRST}.json.gz").read_bytes())
    )
    trades = [trade for records in by_ticker.values() for trade in records]
    sender.send(FIRST, "trades", {"trades": trades, "cursor": ""}, len(trades))
    sender.send(FIRST, "events", page, 1)
    sender.send(FIRST, "markets", page, 6)
    sender.send(FIRST, "series", b"", 0)
    second = kalshi / "api-samples/2026-01"
    for name, stream, rows in (
        ("trades_list", "trades", 5),
        ("markets_list", "markets", 5),
        ("events_list", "events", 5),
        ("series_single", "series", 1),
    ):
        recorded = json.loads((second / f"{name}_response.json").read_text())
        sender.send(SECOND, stream, recorded["response"], rows)
    third = kalshi / "api-samples/2026-08"
    events = json.loads((third / "events_sports_nested.json").read_text())
    markets = [market for event in events for market in event.pop("markets")]
    markets += json.loads((third / "markets_settled.json").read_text())["markets"]
    series = json.loads((third / "series_fee_fields.json").read_text())["payloads"]
    lines = "\n".join(json.dumps(payload["series"]) for payload in series.values())
    sender.send(THIRD, "trades", {"trades": [TRADE_OF_2026], "cursor": ""}, 1)
    sender.send(THIRD, "markets", {"markets": markets, "cursor": ""}, len(markets))
    sender.send(THIRD, "events", events, len(events))
    sender.send(THIRD, "series", lines.encode(), len(series))
    return House.over(folder / "inbox", folder / "home").run(["land", "validate"])


def test_every_record_arrives(house):
    assert house.rows("SELECT * FROM land.quarantine") == []
    assert set(house.severities("land")) == {"LAND-MISSING-STREAM"}
    counts = house.rows(
        "SELECT business_date, count(*) FROM validate.markets GROUP BY 1 ORDER BY 1"
    )
    # third generation: 245 markets of 32 events, and 44 settled or closed ones
    assert counts == [(FIRST, 6), (SECOND, 5), (THIRD, 289)]


@pytest.mark.parametrize(
    "expected",
    [
        (
            "07190bf5-6f50-42b9-82ee-bd3889b032e1",
            "KXHIGHDEN-25MAR17-T68",
            datetime(2025, 3, 17, 19, 15, 8, 565114),
            FIRST,
            "yes",
            100,  # "count": 1
            100,  # "yes_price": 1
            9_900,
        ),
        (
            "f8f63eeb-ab16-40b5-ae4e-47f5d5d71ec0",
            "KXHIGHDEN-25MAR17-T68",
            datetime(2025, 3, 17, 19, 9, 17, 328807),
            FIRST,
            "yes",
            289_900,  # "count": 2899
            100,
            9_900,
        ),
        (
            "961535f3-d80f-5462-e91d-88d4fe6db285",
            "KXELONMARS-99",
            datetime(2026, 1, 12, 15, 0, 20, 897212),
            SECOND,
            "no",
            100,  # "count": 1
            600,  # "yes_price": 6, "yes_price_dollars": "0.0600"
            9_400,
        ),
        (
            "0a1b",
            "KXNBA-27-ATL",
            datetime(2026, 8, 8, 12, 0, 0, 123456),
            THIRD,
            "no",
            1_234,  # "count_fp": "12.34"
            125,  # "yes_price_dollars": "0.012500"
            9_875,
        ),
    ],
    ids=["first", "first-large", "second", "third"],
)
def test_trades_of_each_generation(house, expected):
    rows = house.rows(
        "SELECT trade_id, ticker, traded_utc, trading_date, taker_side, count_qty,"
        " yes_price_centicents, no_price_centicents FROM validate.trades WHERE trade_id = ?",
        expected[0],
    )
    assert rows == [expected]


@pytest.mark.parametrize(
    "expected",
    [
        (
            "KXHIGHDEN-25MAR17-T68",
            "finalized",
            "no",
            "less",
            "68",
            datetime(2025, 3, 16, 14, 0),
            datetime(2025, 3, 18, 5, 59),
            100,  # "last_price": 1
            725_900,  # "open_interest": 7259
            725_900,
            0,  # "settlement_value": 0
        ),
        (
            "KXMVENFLSINGLEGAME-S202513E70FA7695-688BECB3826",
            "active",
            "",
            "custom",
            None,
            datetime(2026, 1, 12, 22, 8, 10, 402546),
            datetime(2026, 1, 27, 1, 15),
            0,
            0,
            0,
            None,
        ),
        (
            "KXNBA-27-ATL",
            "active",
            "",
            "structured",
            None,
            datetime(2026, 6, 14, 8, 0),
            datetime(2029, 7, 30, 14, 0),
            100,  # "last_price_dollars": "0.0100"
            24_536_023,  # "open_interest_fp": "245360.23"
            25_841_431,  # "volume_fp": "258414.31"
            None,
        ),
        (
            "KXMLBGAME-26AUG081610LAAMIA-MIA",
            "finalized",
            "yes",
            "structured",
            None,
            datetime(2026, 8, 5, 20, 25),
            datetime(2026, 8, 8, 22, 54, 42),
            9_900,
            36_887_994,  # "open_interest_fp": "368879.94"
            70_629_816,  # "volume_fp": "706298.16"
            10_000,  # "settlement_value_dollars": "1.0000"
        ),
    ],
    ids=["first", "second", "third", "third-settled"],
)
def test_markets_of_each_generation(house, expected):
    rows = house.rows(
        "SELECT ticker, status, result, strike_type, cap_strike, open_utc, close_utc,"
        " last_price_centicents, open_interest_qty, volume_qty, settlement_value_centicents"
        " FROM validate.markets WHERE ticker = ?",
        expected[0],
    )
    assert rows == [expected]


def test_events_and_fees(house):
    events = house.rows(
        "SELECT event_ticker, series_ticker, mutually_exclusive, collateral_return_type"
        " FROM validate.events WHERE event_ticker IN"
        " ('KXHIGHDEN-25MAR17', 'KXELONMARS-99', 'KXNBA-27') ORDER BY business_date"
    )
    assert events == [
        ("KXHIGHDEN-25MAR17", "KXHIGHDEN", True, "MECNET"),
        ("KXELONMARS-99", "KXELONMARS", False, ""),
        ("KXNBA-27", "KXNBA", True, "MECNET"),
    ]
    fees = house.rows("SELECT series_ticker, fee_type, fee_multiplier_e4 FROM validate.series")
    assert sorted(fees) == [
        ("CO2", "quadratic", 10_000),
        ("KXATPDOUBLES", "quadratic", 10_000),
        ("KXMLBGAME", "quadratic_with_maker_fees", 5_000),
        ("KXMLBSPREAD", "quadratic", 5_000),
        ("KXWNBAGAME", "quadratic_with_maker_fees", 10_000),
    ]
