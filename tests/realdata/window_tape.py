"""The two tapes of the window 2025-03-01 to 2025-04-11, as the simulator reads them.

The macro tape states neither times nor results, so that margin would hold all of it in
full. ``window_calendar.csv`` adds both from outside of the tape: by event the scheduled
time of the release (Federal Reserve, Bureau of Labor Statistics, Bureau of Economic
Analysis; for questions about the whole year the end of that year) and, where it lies in the
window, the figure first released. Each market pays if the figure is above its strike.
"""

import csv
import gzip
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from realdata.conftest import tape_of
from realdata.plain import NEW_YORK

WINDOW = date(2025, 3, 1), date(2025, 4, 11)
LOADED = date(2025, 2, 22), date(2025, 4, 12)
"""What is loaded of the macro tape: volatility pools need a past, losses the next day."""
CALENDAR = Path(__file__).with_name("window_calendar.csv")


def temperature_tape(kalshi: Path, folder: Path, last: date = WINDOW[1]) -> Path:
    """The events of the window up to a date, untouched."""
    days = (path.name.removesuffix(".json.gz") for path in kalshi.glob("raw/*/events/*.json.gz"))
    return tape_of(kalshi, folder, tuple(day for day in days if day <= last.isoformat()))


def macro_tape(kalshi: Path, folder: Path, first: date = LOADED[0], last: date = LOADED[1]) -> Path:
    """Trades of some days, untouched; markets with times and results of the calendar."""
    folder.mkdir(parents=True)
    with gzip.open(kalshi / "macro" / "trades.csv.gz", "rt", newline="") as file:
        trades = [row for row in csv.DictReader(file) if first <= day_of(row) <= last]
    with gzip.open(folder / "trades.csv.gz", "wt", newline="") as file:
        writer = csv.DictWriter(file, list(trades[0]))
        writer.writeheader()
        writer.writerows(trades)
    markets = json.loads(gzip.decompress((kalshi / "macro" / "markets.json.gz").read_bytes()))
    with gzip.open(folder / "markets.json.gz", "wt") as file:
        json.dump(list(_with_times(markets, trades, last)), file)
    return folder


def day_of(trade: dict) -> date:
    """Business date of a trade record."""
    return datetime.fromisoformat(trade["created_time"]).astimezone(NEW_YORK).date()


def calendar() -> dict[str, dict]:
    """The rows of the calendar by event."""
    with CALENDAR.open(newline="") as file:
        return {row["event_ticker"]: row for row in csv.DictReader(file)}


def _with_times(markets: list[dict], trades: list[dict], last: date) -> Iterator[dict]:
    """The markets of the events that traded; one that resolves in time has opened, too."""
    about = calendar()
    event_of = {market["market_ticker"]: market["event_ticker"] for market in markets}
    first_trade: dict[str, str] = {}
    for trade in sorted(trades, key=lambda trade: trade["created_time"]):
        if trade["ticker"] in event_of:
            first_trade.setdefault(event_of[trade["ticker"]], trade["created_time"])
    for market in markets:
        event = market["event_ticker"]
        if event not in first_trade:
            continue
        resolves, figure = about[event]["resolves_utc"], about[event]["figure"]
        record = market | {"expected_expiration_time": resolves, "status": "active"}
        if figure and datetime.fromisoformat(resolves).astimezone(NEW_YORK).date() <= last:
            strike = float(market["market_ticker"].rpartition("-T")[2])
            record |= {
                "open_time": first_trade[event],
                "status": "finalized",
                "result": "yes" if float(figure) > strike else "no",
            }
        yield record
