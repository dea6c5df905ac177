"""The peer: the same positions and the same margin in plain pandas.

It reads the same files of the drop folder, the same outcome states with their probabilities and
the published scenario file, and computes positions and marks here, and initial margin in
``peer_margin``, the way one would write it in a notebook.
"""

import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from benchmarks.peer_margin import Given, initial_margin
from reporting.model.margin.schedule import of_category


@dataclass(frozen=True)
class PeerResult:
    """Positions and margin of one day, and the seconds that they took."""

    positions: pd.DataFrame
    margin: pd.DataFrame
    seconds: float


def read_trades(inbox: Path, days: list[date]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Trades, with the date on which they came, and trade sides, as pandas reads them."""
    trades, sides = [], []
    for day in days:
        folder = inbox / day.isoformat()
        for path in sorted(folder.glob("trades_*.ndjson")):
            read = pd.read_json(path, lines=True, dtype=False, convert_dates=False)
            trades.append(read.assign(day=pd.Timestamp(day)))
        for path in sorted(folder.glob("trade_audit_*.csv")):
            sides.append(pd.read_csv(path, dtype=str))
    return pd.concat(trades, ignore_index=True), pd.concat(sides, ignore_index=True)


def positions_and_margin(inbox: Path, days: list[date], given: Given) -> PeerResult:
    """Positions at the end of the last of ``days`` and the margin of each account."""
    started = time.perf_counter()
    trades, sides = read_trades(inbox, days)
    if "count_fp" in trades:
        qty = (trades["count_fp"].astype(float) * 100).round().astype("int64")
        price = (trades["yes_price_dollars"].astype(float) * 10_000).round().astype("int64")
    else:
        qty, price = trades["count"] * 100, trades["yes_price"] * 100
    at = pd.to_datetime(trades["created_time"], format="ISO8601", utc=True)
    trades = trades.assign(qty=qty, price=price, at=at)
    merged = sides.merge(trades[["trade_id", "ticker", "qty"]], on="trade_id")
    merged["signed"] = merged["qty"].where(merged["side"] == "yes", -merged["qty"])
    positions = (
        merged[~merged["ticker"].isin(given.settled)]
        .groupby(["account_id", "ticker", "collateralisation"])["signed"]
        .sum()
        .reset_index()
    )
    positions = positions[positions["signed"] != 0]
    volume = _daily_volume(trades, days[-1])
    margin = initial_margin(positions, _marks(trades, given), volume, given)
    return PeerResult(positions, margin, time.perf_counter() - started)


def _daily_volume(trades: pd.DataFrame, last: date) -> pd.Series:
    """Contracts a day by market, from the date of its first trade on."""
    by_market = trades.groupby("ticker").agg(qty=("qty", "sum"), day=("day", "min"))
    return by_market["qty"] / ((pd.Timestamp(last) - by_market["day"]).dt.days + 1)


def _marks(trades: pd.DataFrame, given: Given) -> pd.Series:
    """Marks by market, by the mark policy of the last date's schedule on all dates.

    Per market and date the volume-weighted price of the last trades of that date, where they are
    enough, else the last trade that counts. Of the dates the one with the latest trade that counts;
    of a market that never had one the latest trade.
    """
    trades = trades[~trades["ticker"].isin(given.settled)]
    policy = {
        leg: of_category(given.schedule.mark_policy, given.categories[event])
        for event, terms in given.terms.items()
        for leg in terms.legs
    }
    rules = pd.DataFrame(
        [(leg, of.window_seconds, of.least_qty, of.least_trade_qty) for leg, of in policy.items()],
        columns=["ticker", "window", "least", "least_trade"],
    ).set_index("ticker")
    frame = trades[["ticker", "day", "at", "trade_id", "qty", "price"]].join(rules, on="ticker")
    frame = frame.fillna({"window": 0, "least": 0, "least_trade": 0})
    frame["counts"] = frame["qty"] >= frame["least_trade"]
    ended = (frame["day"] + pd.Timedelta(days=1)).dt.tz_localize("America/New_York")
    # A difference in seconds is one of whole seconds of the clock, as in the database.
    whole = ended.dt.tz_convert("UTC") - frame["at"].dt.floor("s")
    frame["in_window"] = frame["counts"] & (whole.dt.total_seconds() <= frame["window"])
    by_day = ["ticker", "day"]
    window = frame[frame["in_window"] & (frame["least"] > 0)].copy()
    window["value"] = window["price"] * window["qty"]
    sums = window.groupby(by_day).agg(
        value=("value", "sum"), qty=("qty", "sum"), least=("least", "max")
    )
    sums = sums[sums["qty"] >= sums["least"]]
    whole_price, rest = sums["value"] // sums["qty"], sums["value"] % sums["qty"]
    weighted = whole_price + (2 * rest + whole_price % 2 > sums["qty"])
    newest = frame.sort_values(["counts", "at", "trade_id"]).groupby(by_day).last()
    newest["price"] = weighted.reindex(newest.index).fillna(newest["price"]).astype("int64")
    newest = newest.reset_index().sort_values(["counts", "at", "day"])
    return newest.groupby("ticker")["price"].last()
