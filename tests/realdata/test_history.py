"""The whole list of known defects, found by the rules on the whole history.

The expected markets, events and trades come from plain queries on the files, their numbers
from spec/feeds.md (counted again in ``test_known_facts``).
"""

import json

import pytest

from realdata import plain
from reporting.contract import STREAMS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("realdata-history")]


@pytest.fixture(scope="module")
def history(kalshi):
    with plain.history(kalshi) as connection:
        yield connection


def column(connection, sql: str) -> list:
    return [value for (value,) in connection.execute(sql).fetchall()]


def test_no_trade_is_lost_or_invented(history_house, history):
    total = "SELECT count(*), sum({}), count(DISTINCT trade_id) FROM {}"
    count, contracts, ids = history.execute(total.format("count", "trades")).fetchone()
    landed = total.format("CAST(count AS BIGINT)", "land.trades")
    assert history_house.rows(landed) == [(count, contracts, ids)]
    validated = total.format("count_qty", "validate.trades")
    assert history_house.rows(validated) == [(count, 100 * contracts, ids)]
    assert history_house.rows("SELECT count(*) FROM land.quarantine") == [(0,)]
    for name, rows in (("markets", 6_564), ("events", 1_094)):
        assert history_house.rows(f"SELECT count(*) FROM validate.{name}") == [(rows,)]


def test_nothing_but_the_known_defects_is_found(history_house):
    assert history_house.severities("validate") == {
        "VALIDATE-EVENT-NO-WINNER": ("INFO", 64),
        "VALIDATE-MARKET-INTEREST": ("WARN", 16),
        "VALIDATE-MARKET-NO-STRIKE": ("INFO", 125),
        "VALIDATE-MARKET-UNRESOLVED": ("WARN", 294 + 90),
        "VALIDATE-MARKET-VOLUME": ("WARN", 28 + 2),
        "VALIDATE-SERIES-RENAMED": ("INFO", 4),
        "VALIDATE-TICKER-RENAMED": ("INFO", 4 * 69),
        "VALIDATE-TRADE-NO-MARKET": ("WARN", 3_657),
        "VALIDATE-TRADE-SWEEP": ("INFO", 13_920),
    }


def test_missing_clearing_side_is_said_and_stops_only_what_needs_it(history_house):
    clearing = {s.name for s in STREAMS.values() if s.sender == "clearing" and s.daily}
    missing = history_house.subjects("land", "LAND-MISSING-STREAM")
    assert {subject.partition(":")[0] for subject in missing} == clearing
    assert len(missing) == 13
    (day,) = history_house.days
    record = json.loads((history_house.settings.runs / str(day) / "validate.json").read_text())
    assert set(record["blocked"]) == {f"validate.{name}" for name in clearing}


def test_sweeps_are_listed_and_all_their_trades_stay(history_house, history):
    trades = history_house.rows(
        "SELECT sum(CAST(split_part(detail, ' ', 1) AS BIGINT)) FROM validate.findings"
        " WHERE rule_id = 'VALIDATE-TRADE-SWEEP'"
    )
    assert trades == [(30_962,)]
    ids = column(
        history,
        "SELECT trade_id FROM (SELECT trade_id, count(*) OVER (PARTITION BY ticker,"
        " created_time, count, yes_price, no_price, taker_side) AS alike FROM trades)"
        " WHERE alike > 1",
    )
    kept = history_house.rows("SELECT trade_id FROM validate.trades")
    assert len(ids) == 30_962
    assert set(ids) <= {trade for (trade,) in kept}


def test_events_without_a_yes(history_house, history):
    events = column(
        history,
        "SELECT event_ticker FROM markets GROUP BY 1 HAVING bool_and(result <> 'yes') ORDER BY 1",
    )
    assert history_house.subjects("validate", "VALIDATE-EVENT-NO-WINNER") == events


@pytest.mark.parametrize(("status", "count"), [("closed", 294), ("active", 90)])
def test_markets_never_brought_to_an_end(history_house, history, status, count):
    found = history_house.rows(
        "SELECT subject FROM validate.findings WHERE rule_id = 'VALIDATE-MARKET-UNRESOLVED'"
        " AND starts_with(detail, ?) ORDER BY 1",
        f"status {status},",
    )
    tickers = column(history, f"SELECT ticker FROM markets WHERE status = '{status}' ORDER BY 1")
    assert [ticker for (ticker,) in found] == tickers
    assert len(tickers) == count


def test_winners_whose_range_is_only_in_the_subtitle(history_house, history):
    tickers = column(
        history,
        "SELECT ticker FROM markets WHERE status = 'finalized' AND result = 'yes'"
        " AND floor_strike IS NULL AND cap_strike IS NULL ORDER BY 1",
    )
    assert history_house.subjects("validate", "VALIDATE-MARKET-NO-STRIKE") == tickers


def test_open_interest_above_volume(history_house, history):
    tickers = column(history, "SELECT ticker FROM markets WHERE open_interest > volume ORDER BY 1")
    assert history_house.subjects("validate", "VALIDATE-MARKET-INTEREST") == tickers


def test_volume_that_differs_from_the_tape(history_house, history):
    details = history.execute(
        "SELECT ticker, format('volume {}, tape {} (hundredths), status {}', 100 * volume,"
        " 100 * CAST(tape AS BIGINT), status) FROM markets JOIN"
        " (SELECT ticker, sum(count) AS tape FROM trades GROUP BY 1) USING (ticker)"
        " WHERE volume <> tape ORDER BY 1"
    ).fetchall()
    found = history_house.rows(
        "SELECT subject, detail FROM validate.findings"
        " WHERE rule_id = 'VALIDATE-MARKET-VOLUME' ORDER BY 1"
    )
    assert found == details
    assert len(details) == 30


def test_traded_tickers_without_metadata(history_house, history):
    tickers = column(
        history, "SELECT DISTINCT ticker FROM trades ANTI JOIN markets USING (ticker) ORDER BY 1"
    )
    assert history_house.subjects("validate", "VALIDATE-TRADE-NO-MARKET") == tickers


def test_prefixes_that_changed(history_house, history):
    events = column(
        history,
        "SELECT event_ticker FROM events WHERE NOT starts_with(event_ticker, series_ticker || '-')"
        " ORDER BY 1",
    )
    assert history_house.subjects("validate", "VALIDATE-TICKER-RENAMED") == events
    assert history_house.subjects("validate", "VALIDATE-SERIES-RENAMED") == [
        "HIGHAUS -> KXHIGHAUS",
        "HIGHCHI -> KXHIGHCHI",
        "HIGHMIA -> KXHIGHMIA",
        "HIGHNY -> KXHIGHNY",
    ]


def test_contracts_per_trade(history_house):
    quantiles = history_house.rows(
        "SELECT quantile_disc(count_qty, [0.5, 0.9, 0.99, 0.999]), max(count_qty)"
        " FROM validate.trades"
    )
    assert quantiles == [([2_100, 15_200, 93_500, 434_300], 9_647_100)]
