"""The real tape read without the product: plain SQL and plain JSON.

Every count of ``spec/feeds.md`` ("Known facts about the real tape") is taken from the
files here, so that the tests compare the product with the data and not with itself.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

NEW_YORK = ZoneInfo("America/New_York")


def history(kalshi: Path) -> duckdb.DuckDBPyConnection:
    """The history tape as views ``trades``, ``markets`` and ``events``."""
    connection = _connection()
    for name in ("trades", "markets", "events"):
        path = kalshi / "history" / f"{name}.parquet"
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')")
    return connection


def macro(kalshi: Path) -> duckdb.DuckDBPyConnection:
    """The macro tape as tables ``trades`` and ``markets``."""
    connection = _connection()
    connection.execute(
        "CREATE TABLE trades AS SELECT trade_id, ticker, CAST(count AS BIGINT) AS count,"
        " CAST(created_time AS TIMESTAMPTZ) AS traded, CAST(yes_price AS BIGINT) AS yes_price,"
        " CAST(no_price AS BIGINT) AS no_price"
        f" FROM read_csv('{kalshi / 'macro' / 'trades.csv.gz'}', all_varchar = true)"
    )
    connection.execute(
        f"CREATE TABLE markets AS SELECT * FROM read_json('{kalshi / 'macro' / 'markets.json.gz'}')"
    )
    return connection


def _connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 2})
    connection.execute("SET TimeZone = 'UTC'")
    return connection


LADDER_PAIRS = """
WITH last_price AS (
    SELECT ticker, CAST(traded AS DATE) AS day, arg_max(yes_price, (traded, trade_id)) AS price
    FROM trades
    WHERE starts_with(ticker, 'FED-')
    GROUP BY ALL
),
leg AS (
    SELECT *, regexp_extract(ticker, '^(.*)-T', 1) AS event,
        CAST(regexp_extract(ticker, '-T(.*)$', 1) AS DOUBLE) AS strike
    FROM last_price
),
pair AS (
    SELECT *, lag(price) OVER (PARTITION BY event, day ORDER BY strike) AS price_below
    FROM leg
)
SELECT day, ticker, price > price_below AS broken
FROM pair
WHERE price_below IS NOT NULL
ORDER BY ALL
"""


def ladder_pairs(kalshi: Path, zone: str) -> list[tuple[date, str, bool]]:
    """Neighbours of a Fed-funds ladder that both traded on a calendar day of the zone.

    Day, ticker of the higher strike, and whether its last price is the higher one.
    """
    connection = macro(kalshi)
    connection.execute(f"SET TimeZone = '{zone}'")
    return connection.execute(LADDER_PAIRS).fetchall()


def raw_trades(tape: Path) -> Iterator[dict]:
    """Every trade record of a tape in the raw layout."""
    for path in sorted(tape.glob("*/trades/*.json.gz")):
        for records in json.loads(gzip.decompress(path.read_bytes())).values():
            yield from records


def by_day(trades: Iterator[dict]) -> dict[date, Counter]:
    """Trades and contracts of each New York day, counted one by one."""
    found: dict[date, Counter] = {}
    for trade in trades:
        day = datetime.fromisoformat(trade["created_time"]).astimezone(NEW_YORK).date()
        found.setdefault(day, Counter()).update(trades=1, contracts=trade["count"])
    return found
