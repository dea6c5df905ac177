"""Each count of spec/feeds.md, taken from the files by a plain query."""

import pytest

from realdata import plain

# Whole tapes are read, and nothing of the product.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def history(kalshi):
    with plain.history(kalshi) as connection:
        yield connection


def test_size_of_the_history(history):
    row = history.execute(
        "SELECT count(*), sum(count), count(DISTINCT trade_id), count(DISTINCT ticker) FROM trades"
    ).fetchone()
    assert row == (1_182_138, 91_239_846, 1_182_138, 10_091)
    assert history.execute("SELECT count(*) FROM markets").fetchone() == (6_564,)
    assert history.execute("SELECT count(*) FROM events").fetchone() == (1_094,)


def test_prices_add_up_and_hours_hold(history):
    sums = "SELECT count(*) FROM trades WHERE yes_price + no_price <> 100"
    assert history.execute(sums).fetchone() == (0,)
    hours = history.execute(
        "SELECT count(*), count(*) FILTER (created_time::TIMESTAMPTZ"
        " NOT BETWEEN open_time::TIMESTAMPTZ AND close_time::TIMESTAMPTZ)"
        " FROM trades JOIN markets USING (ticker)"
    ).fetchone()
    assert hours == (1_091_061, 0)


def test_sweeps_look_like_duplicates(history):
    found = history.execute(
        "SELECT count(*), sum(trades) FROM (SELECT count(*) AS trades FROM trades"
        " GROUP BY ticker, created_time, count, yes_price, no_price, taker_side"
        " HAVING count(*) > 1)"
    ).fetchone()
    assert found == (13_920, 30_962)


def test_state_of_the_markets(history):
    states = history.execute("SELECT status, result, count(*) FROM markets GROUP BY ALL").fetchall()
    assert sorted(states) == [
        ("active", "", 90),
        ("closed", "", 294),
        ("finalized", "no", 5_150),
        ("finalized", "yes", 1_030),
    ]
    without_yes = (
        "SELECT count(*) FROM (SELECT event_ticker FROM markets GROUP BY 1"
        " HAVING count(*) FILTER (result = 'yes') = 0)"
    )
    assert history.execute(without_yes).fetchone() == (64,)
    without_strike = (
        "SELECT count(*) FROM markets WHERE status = 'finalized' AND result = 'yes'"
        " AND floor_strike IS NULL AND cap_strike IS NULL"
    )
    assert history.execute(without_strike).fetchone() == (125,)
    above = "SELECT count(*) FROM markets WHERE open_interest > volume"
    assert history.execute(above).fetchone() == (16,)


def test_volume_against_the_tape(history):
    found = history.execute(
        "SELECT count(*), count(*) FILTER (tape > volume), count(*) FILTER (tape < volume)"
        " FROM (SELECT volume, coalesce(tape, 0) AS tape FROM markets LEFT JOIN"
        " (SELECT ticker, sum(count) AS tape FROM trades GROUP BY 1) USING (ticker))"
    ).fetchone()
    assert found == (6_564, 28, 2)


def test_tickers_without_metadata_and_their_prefixes(history):
    missing = history.execute(
        "SELECT count(DISTINCT ticker), count(*) FROM trades ANTI JOIN markets USING (ticker)"
    ).fetchone()
    assert missing == (3_657, 91_077)
    renamed = history.execute(
        "SELECT split_part(event_ticker, '-', 1), series_ticker, count(*) FROM events"
        " WHERE split_part(event_ticker, '-', 1) <> series_ticker GROUP BY ALL"
    ).fetchall()
    assert sorted(renamed) == [
        (prefix, f"KX{prefix}", 69) for prefix in ("HIGHAUS", "HIGHCHI", "HIGHMIA", "HIGHNY")
    ]


def test_contracts_per_trade(history):
    quantiles = "SELECT quantile_disc(count, [0.5, 0.9, 0.99, 0.999]), max(count) FROM trades"
    assert history.execute(quantiles).fetchone() == ([21, 152, 935, 4_343], 96_471)


# The specification counts days in UTC; a business date is a New York day, which moves the
# trades of the evening and with them some last prices.
@pytest.mark.parametrize(
    ("zone", "pairs", "broken"), [("UTC", 906, 10), ("America/New_York", 910, 9)]
)
def test_fed_ladders(kalshi, zone, pairs, broken):
    found = plain.ladder_pairs(kalshi, zone)
    assert (len(found), sum(is_broken for _, _, is_broken in found)) == (pairs, broken)


def test_raw_window(kalshi):
    days = plain.by_day(plain.raw_trades(kalshi / "raw"))
    assert sum(count["trades"] for count in days.values()) == 248_334
    assert sum(count["contracts"] for count in days.values()) == 15_974_481
    # events of 42 dates are traded from the day before the first to the day after the last
    assert (len(days), str(min(days)), str(max(days))) == (44, "2025-02-28", "2025-04-12")


def test_window_of_the_readme(kalshi):
    """297,659 trades in 1,417 markets: temperature and macro together, days in UTC."""
    window = "BETWEEN DATE '2025-03-01' AND DATE '2025-04-11'"
    count = "SELECT count(*), count(DISTINCT ticker) FROM trades WHERE CAST({} AS DATE) {}"
    with plain.history(kalshi) as history, plain.macro(kalshi) as macro:
        time = "CAST(created_time AS TIMESTAMPTZ)"
        weather = history.execute(count.format(time, window)).fetchone()
        economy = macro.execute(count.format("traded", window)).fetchone()
    assert (weather, economy) == ((248_278, 1_275), (49_381, 142))
    assert tuple(map(sum, zip(weather, economy, strict=True))) == (297_659, 1_417)
