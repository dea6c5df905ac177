"""The strike ladders: structure from tickers and titles, and last prices out of order.

The macro tape has no clearing side and no event records. Structure and marks need a drop of
every stream, so the clearing files are delivered without rows, but for a margin schedule: it says
how marks are made.
"""

import csv
import gzip
import json
from collections import Counter, defaultdict
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.intraday_drop import SCHEDULE

from realdata import plain
from realdata.house import House
from reporting.contract import STREAMS
from reporting.simulator.drop import DropFolder

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("realdata-macro")]

ZONES = ("America/New_York", "UTC")
BUSY_CLEAN_DAYS = 2


def deliver(drop: DropFolder, day: date, trades: list[dict], markets: list[dict]) -> None:
    """The day's trades and markets as they are, and a schedule by whose policy the last trade is
    the mark; every other daily stream without rows."""
    rows = {"trades": trades, "markets": markets}
    schedule = ("V1", "2000-01-01", "Committee", "first", json.dumps(SCHEDULE))
    for stream in STREAMS.values():
        if stream.sender == "venue" and stream.daily:
            drop.write_records(day, stream.name, rows.get(stream.name, []), synthetic=False)
        elif stream.daily:
            of_stream = [schedule] if stream.name == "margin_schedule" else []
            drop.write_table(day, stream.name, of_stream)


@pytest.fixture(scope="module", params=ZONES)
def ladders(request, kalshi: Path, tmp_path_factory) -> tuple[House, list]:
    """Every day on which a Fed-funds ladder is out of order, and the two busiest others.

    Days are cut at midnight of the zone. Also returns the pairs of neighbours of those days.
    """
    pairs = plain.ladder_pairs(kalshi, request.param)
    broken = {day for day, _, is_broken in pairs if is_broken}
    busiest = Counter(day for day, _, _ in pairs if day not in broken)
    days = sorted(broken | {day for day, _ in busiest.most_common(BUSY_CLEAN_DAYS)})
    zone = ZoneInfo(request.param)
    trades = defaultdict(list)
    with gzip.open(kalshi / "macro" / "trades.csv.gz", "rt", newline="") as file:
        for row in csv.DictReader(file):
            if row["ticker"].startswith("FED-"):
                day = datetime.fromisoformat(row["created_time"]).astimezone(zone).date()
                trades[day].append(row)
    markets = json.loads(gzip.decompress((kalshi / "macro" / "markets.json.gz").read_bytes()))
    markets = [{"ticker": market["market_ticker"], **market} for market in markets]
    folder = tmp_path_factory.mktemp("macro")
    drop = DropFolder(folder / "in")
    for day in days:
        deliver(drop, day, trades[day], markets if day == days[0] else [])
    house = House.over(folder / "in", folder / "home").run(["land", "validate", "recompute"])
    return house, [pair for pair in pairs if pair[0] in days]


def test_ladders_out_of_order_are_found(ladders):
    house, pairs = ladders
    expected = [(day, ticker) for day, ticker, is_broken in pairs if is_broken]
    found = house.rows(
        "SELECT business_date, subject FROM recompute.findings"
        " WHERE rule_id = 'RECOMPUTE-LADDER-ORDER' ORDER BY ALL"
    )
    assert found == expected
    assert len(expected) in (9, 10)


def test_last_prices_are_those_of_the_tape(ladders):
    """As many neighbours with a price of the day as the tape has."""
    house, pairs = ladders
    per_day = house.rows(
        "SELECT marks.business_date, count(*) - count(DISTINCT split_part(ticker, '-T', 1))"
        " FROM recompute.marks AS marks WHERE mark_source = 'trade' GROUP BY 1 ORDER BY 1"
    )
    assert per_day == sorted(Counter(day for day, _, _ in pairs).items())


def test_structures_come_from_titles_and_tickers(ladders):
    house, _ = ladders
    first = house.days[0]
    counts = house.rows(
        "SELECT structure, count(DISTINCT event_ticker) FROM recompute.contracts"
        " WHERE business_date = ? AND has_metadata GROUP BY 1",
        first,
    )
    # 495 events have 4,065 markets: 370 ladders, 82 single markets, 41 without strikes that
    # can be read, 2 with brackets (tests/model/events/test_real_structures.py reads them by hand).
    assert dict(counts) == {"ladder": 370, "binary": 82, "binaries": 41, "ladder_brackets": 2}
    fed = house.rows(
        "SELECT ticker, leg_index, structure, structure_reason FROM recompute.contracts"
        " WHERE business_date = ? AND event_ticker = 'FED-25JUL' ORDER BY leg_index LIMIT 2",
        first,
    )
    assert [row[:3] for row in fed] == [
        ("FED-25JUL-T2.75", 0, "ladder"),
        ("FED-25JUL-T3.00", 1, "ladder"),
    ]


def test_every_market_lands_whatever_its_ticker_looks_like(ladders, kalshi):
    """17 tickers hold a blank, a comma or a sign, such as FEDDECISION-23JUL-H>25."""
    house, _ = ladders
    assert house.rows("SELECT count(*) FROM land.quarantine") == [(0,)]
    with plain.macro(kalshi) as macro:
        stated = macro.execute("SELECT DISTINCT market_ticker FROM markets ORDER BY 1").fetchall()
    assert house.rows("SELECT DISTINCT ticker FROM land.markets ORDER BY 1") == stated
    odd = "SELECT count(DISTINCT ticker) FROM land.markets WHERE ticker SIMILAR TO '.*[ ,>].*'"
    assert house.rows(odd) == [(17,)]


def test_prefixes_that_changed(ladders, kalshi):
    """The file says the series of every market; the rule sees tickers and titles only."""
    house, _ = ladders
    with plain.macro(kalshi) as macro:
        stated = macro.execute(
            "SELECT DISTINCT split_part(market_ticker, '-', 1) || ' -> ' || series FROM markets"
            " WHERE split_part(market_ticker, '-', 1) <> series ORDER BY 1"
        ).fetchall()
    found = house.subjects("validate", "VALIDATE-SERIES-RENAMED")
    assert {"PROLLS -> KXPAYROLLS", "PAYROLLS -> KXPAYROLLS"} <= set(found)
    # No market of KXJOBLESS is in the file: nothing shows what JOBLESS became.
    assert found == [name for (name,) in stated if name != "JOBLESS -> KXJOBLESS"]
