"""The peer: the same positions and the same margin in plain pandas.

It reads the same files of the drop folder and the same outcome states, and computes
positions, marks, worst case and initial margin the way one would write it in a
notebook: group, merge, and a loop over the events with a small matrix product.
"""

import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from reporting.model.terms import EventTerms, payoffs


@dataclass(frozen=True)
class PeerResult:
    """Positions and margin of one day, and the seconds that they took."""

    positions: pd.DataFrame
    margin: pd.DataFrame
    seconds: float


def read_trades(inbox: Path, days: list[date]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Trades and trade sides of some dates, as pandas reads them."""
    trades, sides = [], []
    for day in days:
        folder = inbox / day.isoformat()
        for path in sorted(folder.glob("trades_*.ndjson")):
            trades.append(pd.read_json(path, lines=True, dtype=False, convert_dates=False))
        for path in sorted(folder.glob("trade_audit_*.csv")):
            sides.append(pd.read_csv(path, dtype=str))
    return pd.concat(trades, ignore_index=True), pd.concat(sides, ignore_index=True)


def positions_and_margin(
    inbox: Path,
    days: list[date],
    settled: set[str],
    terms: dict[str, EventTerms],
    weights: dict[str, tuple[int, int]],
    wrong_way: set[tuple[str, str]],
    core_floor_bps: int,
) -> PeerResult:
    """Positions at the end of the last of ``days`` and the margin of each account.

    ``settled`` markets are gone; ``terms`` are the outcome structures by event,
    ``weights`` the ramp as a fraction by event, ``wrong_way`` pairs of account and event.
    """
    started = time.perf_counter()
    trades, sides = read_trades(inbox, days)
    if "count_fp" in trades:
        qty = (trades["count_fp"].astype(float) * 100).round().astype("int64")
        price = (trades["yes_price_dollars"].astype(float) * 10_000).round().astype("int64")
    else:
        qty, price = trades["count"] * 100, trades["yes_price"] * 100
    trades = trades.assign(qty=qty, price=price)
    ordered = trades.sort_values(["created_time", "trade_id"])
    marks = ordered.groupby("ticker")["price"].last()
    merged = sides.merge(trades[["trade_id", "ticker", "qty"]], on="trade_id")
    merged["signed"] = merged["qty"].where(merged["side"] == "yes", -merged["qty"])
    positions = (
        merged[~merged["ticker"].isin(settled)]
        .groupby(["account_id", "ticker", "collateralisation"])["signed"]
        .sum()
        .reset_index()
    )
    positions = positions[positions["signed"] != 0]
    margin = _margin(positions, marks, terms, weights, wrong_way, core_floor_bps)
    return PeerResult(positions, margin, time.perf_counter() - started)


def _margin(
    positions: pd.DataFrame,
    marks: pd.Series,
    terms: dict[str, EventTerms],
    weights: dict[str, tuple[int, int]],
    wrong_way: set[tuple[str, str]],
    core_floor_bps: int,
) -> pd.DataFrame:
    event_of = {leg: event for event, found in terms.items() for leg in found.legs}
    positions = positions.assign(event=positions["ticker"].map(event_of))
    rows = []
    for (event, kind), held in positions.groupby(["event", "collateralisation"]):
        found = terms[event]
        mark = np.array([int(marks.get(leg, 0)) for leg in found.legs], dtype=np.int64)
        table = held.pivot_table(
            index="account_id", columns="ticker", values="signed", aggfunc="sum", fill_value=0
        ).reindex(columns=found.legs, fill_value=0)
        quantity = table.to_numpy(dtype=np.int64)
        matrix, _ = payoffs(found, mark)
        losses = (quantity @ mark)[:, None] - quantity @ matrix
        numerator, denominator = weights[event]
        for account, worst in zip(table.index, losses.max(axis=1).tolist(), strict=True):
            full = kind != "margined" or (account, event) in wrong_way
            ramped = worst if full else -(-worst * numerator // denominator)
            rows.append((account, kind == "margined", worst, ramped))
    frame = pd.DataFrame(rows, columns=["account_id", "margined", "worst", "ramped"])
    summed = frame.groupby(["account_id", "margined"]).agg(
        worst=("worst", "sum"), ramped=("ramped", "sum"), jump=("worst", "max")
    )
    summed = summed.clip(lower=0).reset_index()
    floor = -(-summed["worst"] * core_floor_bps // 10_000)
    core = summed[["ramped", "jump"]].max(axis=1).combine(floor, max)
    initial = core.combine(summed["worst"], min).where(summed["margined"], summed["worst"])
    summed["initial_centicents"] = -(-initial // 100)
    return summed.groupby("account_id")["initial_centicents"].sum().reset_index()
