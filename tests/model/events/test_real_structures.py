"""Structures of real events. Expected counts come from reading the data, see the comments."""

import gzip
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from reporting.model.events.settlement_clauses import read_clauses
from reporting.model.events.structures import EventFacts, MarketFacts, derive_terms

DATA = Path(__file__).parents[4] / "shared" / "data" / "kalshi"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"real data is not at {DATA}")


def text(value):
    return None if value is None or value != value else str(value)


def facts(market):
    custom = market.get("custom_strike")
    return MarketFacts(
        ticker=market["ticker"],
        event_ticker=market["event_ticker"],
        title=text(market.get("title")) or "",
        subtitle=text(market.get("subtitle")) or "",
        yes_sub_title=text(market.get("yes_sub_title")) or "",
        strike_type=text(market.get("strike_type")) or "",
        floor_strike=text(market.get("floor_strike")),
        cap_strike=text(market.get("cap_strike")),
        custom_strike=json.dumps(custom) if custom else None,
        rules_secondary=text(market.get("rules_secondary")) or "",
        rules_primary=text(market.get("rules_primary")) or "",
    )


def test_every_temperature_event_is_exhaustive():
    files = sorted(DATA.glob("raw/*/events/*.json.gz"))
    assert len(files) == 210  # five series, 42 days
    for file in files:
        page = json.loads(gzip.decompress(file.read_bytes()))
        event = page["event"]
        terms = derive_terms(
            EventFacts(event["event_ticker"], event["mutually_exclusive"]),
            [facts(market) for market in page["markets"]],
        )
        assert (terms.structure, len(terms.legs)) == ("exclusive_exhaustive", 6)
        # the lowest range is open downwards, the highest upwards
        assert terms.leg_labels[0].endswith("or below")
        assert terms.leg_labels[-1].endswith("or above")


def test_history_with_lost_strikes_is_exhaustive_too():
    parquet = pytest.importorskip("pyarrow.parquet")
    markets = defaultdict(list)
    for row in parquet.read_table(DATA / "history" / "markets.parquet").to_pylist():
        markets[row["event_ticker"]].append(facts(row))
    found = Counter()
    for event, rows in markets.items():
        terms = derive_terms(EventFacts(event, True), rows)
        found[terms.structure, "STRIKES_FROM_WORDS" in terms.flags] += 1
    # 1,094 events; feeds.md: 125 finalised YES markets without strikes, one per event
    assert found == {("exclusive_exhaustive", False): 969, ("exclusive_exhaustive", True): 125}


@pytest.fixture(scope="module")
def macro():
    rows = json.loads(gzip.decompress((DATA / "macro" / "markets.json.gz").read_bytes()))
    markets = defaultdict(list)
    for row in rows:
        markets[row["event_ticker"]].append(
            MarketFacts(row["market_ticker"], row["event_ticker"], row["title"])
        )
    return {event: derive_terms(EventFacts(event), rows) for event, rows in markets.items()}


def test_macro_structures(macro):
    by_series = defaultdict(Counter)
    for event, terms in macro.items():
        by_series[event.split("-")[0]][terms.structure] += 1
    # Titles "be above x" / "rise more than x" with -T tickers: every event of more than one
    # market is a ladder.
    for series in (
        *("CPI", "CPICORE", "CPICOREYOY", "CPIYOY", "FED", "GDP", "PAYROLLS", "PCECORE"),
        *("PROLLS", "U3", "KXCPI", "KXCPICORE", "KXFED", "KXGDP", "KXPAYROLLS", "KXU3"),
    ):
        assert set(by_series[series]) <= {"ladder", "binary"}, series
        assert by_series[series]["ladder"] > 0
    # "Hike rates by 25bps" is a list of decisions, "GDP growth in 2025?" names no strike.
    assert set(by_series["FEDDECISION"]) == set(by_series["KXFEDDECISION"]) == {"binaries"}
    assert by_series["KXGDPYEAR"] == {"binaries": 2}
    # "emergency meeting before Sep 17 / before Jan 1": dates, not strikes
    assert by_series["FEDMEET"] == {"binaries": 1}
    # "below 1.0 / between 1.0 and 1.9 / above 10.0" against titles that lost their words
    assert by_series["ACPI"] == {"ladder_brackets": 2, "binaries": 1}
    assert by_series["KXACPI"] == {"binaries": 1}
    # 62 weeks; three had more than one strike
    assert by_series["JOBLESS"] == {"ladder": 3, "binary": 59}
    total = sum(by_series.values(), Counter())
    assert total == {"ladder": 370, "binary": 82, "binaries": 41, "ladder_brackets": 2}


def test_macro_ladders_by_hand(macro):
    assert macro["JOBLESS-21SEP11"].state_labels == (
        "≤ 300000",
        "> 300000 and ≤ 310000",
        "> 310000 and ≤ 320000",
        "> 320000",
    )
    core = macro["CPICORE-23SEP"]
    assert core.legs[:4] == tuple(
        f"CPICORE-23SEP-T{strike}" for strike in ("N0.3", "N0.2", "N0.1", "0.0")
    )
    # the market's ticker stem is not its event's ticker here
    assert macro["PROLLS-23DECB"].legs[0] == "PROLLS-23DEC-T-100000"
    inflation = macro["ACPI-22"]
    assert inflation.state_labels[:3] == ("< 3", "3 to 3.9", "> 3.9 and < 4")


def _markets(value):
    """Every market record anywhere in an answer of the API."""
    if isinstance(value, dict):
        if "ticker" in value and "rules_primary" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _markets(part)


def test_settlement_clauses_of_the_samples():
    """Counted in the texts by their words: "fair price" or "fair market price" in 133 markets, a
    tie at "$0.50" in 8 and at "50/50" in 2; postponed games wait, and no sentence is left."""
    found, tickers = Counter(), set()
    for file in sorted(DATA.glob("api-samples/*/*.json")):
        for market in _markets(json.loads(file.read_text())):
            if market["ticker"] not in tickers:
                tickers.add(market["ticker"])
                read = read_clauses(market["rules_primary"], market.get("rules_secondary"))
                found.update(read.kinds)
                found["unread"] += len(read.unread)
    assert len(tickers) == 295
    assert found == {"fair": 133, "half": 10, "unread": 0}


def test_sports_spreads_are_not_ladders():
    pages = json.loads((DATA / "api-samples" / "2026-08" / "events_sports_nested.json").read_text())
    found = defaultdict(set)
    for event in pages:
        terms = derive_terms(
            EventFacts(event["event_ticker"], event["mutually_exclusive"]),
            [facts(market) for market in event["markets"]],
        )
        kind = event["title"].partition(": ")[2]
        found[kind].add(terms.structure)
    # winners exclude one another but a tie or a withdrawal may leave none; totals are
    # ladders; a spread has both teams in one event
    assert found == {
        "": {"exclusive"},
        "Spread": {"binaries"},
        "Total": {"ladder"},
        "Total Runs": {"ladder"},
    }
