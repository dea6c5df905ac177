"""Reads a real tape in one of the three layouts that are stored, records untouched.

``raw``      <series>/events/<date>.json.gz and <series>/trades/<date>.json.gz
``history``  trades.parquet, markets.parquet, events.parquet
``macro``    trades.csv.gz, markets.json.gz (titles and status only)
"""

import csv
import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from reporting.simulator import clock
from reporting.simulator.errors import SimulationError

_TRADE_FIELDS = ("trade_id", "ticker", "created_time", "count", "yes_price", "taker_side")


@dataclass
class TapeEvent:
    """An event with its market records as the tape has them; ``record`` None if it has none."""

    ticker: str
    record: dict | None
    markets: list[dict]


@dataclass
class Tape:
    """A whole tape: events with their markets, and trade records by business date."""

    events: list[TapeEvent]
    trades: dict[date, list[dict]] = field(default_factory=dict)
    last_trade: dict[str, str] = field(default_factory=dict)
    first_trade: dict[str, str] = field(default_factory=dict)

    def add_trades(self, records: Iterator[dict]) -> None:
        """File trades under their business date, in order of time and id."""
        # All stored tapes state UTC, and New York is whole hours away from it: the hour
        # decides the day, which spares reading a million time stamps here.
        day_of_hour: dict[str, date] = {}
        for record in records:
            missing = [name for name in _TRADE_FIELDS if record.get(name) in (None, "")]
            if missing:
                words = f"trade {record.get('trade_id')!r}: no {missing[0]}"
                raise SimulationError(f"{words}; the tape must hold whole trade records")
            moment = record["created_time"]
            hour = moment[:13]
            if hour not in day_of_hour:
                day_of_hour[hour] = clock.business_date(moment)
            self.trades.setdefault(day_of_hour[hour], []).append(record)
        for day in sorted(self.trades):
            self.trades[day].sort(key=_time_then_id)
            for record in self.trades[day]:
                self.first_trade.setdefault(record["ticker"], record["created_time"])
                self.last_trade[record["ticker"]] = record["created_time"]


def read_tape(folder: Path) -> Tape:
    """Read the tape in ``folder``; the layout follows from the files in it.

    Raises SimulationError when no layout fits or a file cannot be read.
    """
    if not folder.is_dir():
        raise SimulationError(f"{folder}: no such folder; name the folder that holds the tape")
    try:
        if (folder / "trades.parquet").is_file():
            return _read_history(folder)
        if (folder / "trades.csv.gz").is_file():
            return _read_macro(folder)
        if any(folder.glob("*/trades/*.json.gz")):
            return _read_raw(folder)
    except SimulationError:
        raise
    except (OSError, EOFError, ValueError, KeyError) as error:
        raise SimulationError(f"{folder}: the tape cannot be read: {error!r}") from error
    raise SimulationError(
        f"{folder}: no tape here; expected <series>/trades/*.json.gz, trades.parquet "
        "or trades.csv.gz"
    )


def _time_then_id(record: dict) -> tuple[int, str]:
    return clock.parse_utc(record["created_time"]), record["trade_id"]


def _read_raw(folder: Path) -> Tape:
    events = []
    for path in sorted(folder.glob("*/events/*.json.gz")):
        page = _load(path)
        events.append(TapeEvent(page["event"]["event_ticker"], page["event"], page["markets"]))
    tape = Tape(events)
    tape.add_trades(_raw_trades(folder))
    return tape


def _raw_trades(folder: Path) -> Iterator[dict]:
    for path in sorted(folder.glob("*/trades/*.json.gz")):
        for records in _load(path).values():
            yield from records


def _load(path: Path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return json.load(file)


def _read_history(folder: Path) -> Tape:
    # Only this layout needs a Parquet reader, so only here is it loaded.
    import duckdb

    with duckdb.connect() as database, _as_value_error(duckdb.Error):
        events = list(_records(database, folder / "events.parquet"))
        markets: dict[str, list[dict]] = {}
        for record in _records(database, folder / "markets.parquet"):
            markets.setdefault(record["event_ticker"], []).append(record)
        tape = Tape(
            [TapeEvent(e["event_ticker"], e, markets.get(e["event_ticker"], [])) for e in events]
        )
        tape.add_trades(_records(database, folder / "trades.parquet"))
    return tape


@contextmanager
def _as_value_error(kind: type[Exception]) -> Iterator[None]:
    try:
        yield
    except kind as error:
        raise ValueError(str(error).splitlines()[0]) from error


def _records(database, path: Path) -> Iterator[dict]:
    cursor = database.execute("SELECT * FROM read_parquet(?)", [str(path)])
    names = [column[0] for column in cursor.description]
    while rows := cursor.fetchmany(50_000):
        for row in rows:
            yield dict(zip(names, row, strict=True))


def _read_macro(folder: Path) -> Tape:
    markets: dict[str, list[dict]] = {}
    for record in _load(folder / "markets.json.gz"):
        # The only name that differs from the public API's; everything else stays.
        named = {"ticker": record["market_ticker"], **record}
        markets.setdefault(record["event_ticker"], []).append(named)
    tape = Tape([TapeEvent(ticker, None, rows) for ticker, rows in markets.items()])
    with gzip.open(folder / "trades.csv.gz", "rt", encoding="utf-8", newline="") as file:
        tape.add_trades(csv.DictReader(file))
    return tape
