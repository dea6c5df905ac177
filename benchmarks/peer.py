"""The peer: the same positions and the same margin in plain pandas.

It reads the same files of the drop folder, the same outcome states and the published
scenario file, and computes positions, marks, worst case, expected shortfall, add-ons and
initial margin the way one would write it in a notebook: group, merge, a loop over the
events with a small matrix product, and one large one for the scenarios.
"""

import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from reporting.model.events.terms import EventTerms, payoffs
from reporting.model.margin.schedule import Schedule


@dataclass(frozen=True)
class PeerResult:
    """Positions and margin of one day, and the seconds that they took."""

    positions: pd.DataFrame
    margin: pd.DataFrame
    seconds: float


@dataclass(frozen=True)
class Given:
    """The inputs that the peer does not compute: the parameters of the model on that day.

    terms: outcome structures by event; weights: the ramp as a fraction by event; wrong_way:
    pairs of account and event; settled: settled markets; parameters: the rows of
    recompute.event_parameters; credits: rows account_id, worst_case, ramped (micros) of the
    credits for combinations; scenario_file: the published prices.
    """

    schedule: Schedule
    terms: dict[str, EventTerms]
    weights: dict[str, tuple[int, int]]
    wrong_way: set[tuple[str, str]]
    settled: set[str]
    parameters: pd.DataFrame
    credits: pd.DataFrame
    scenario_file: Path


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


def positions_and_margin(inbox: Path, days: list[date], given: Given) -> PeerResult:
    """Positions at the end of the last of ``days`` and the margin of each account."""
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
        merged[~merged["ticker"].isin(given.settled)]
        .groupby(["account_id", "ticker", "collateralisation"])["signed"]
        .sum()
        .reset_index()
    )
    positions = positions[positions["signed"] != 0]
    volume = _daily_volume(trades, days[-1])
    margin = _margin(positions, marks, volume, given)
    return PeerResult(positions, margin, time.perf_counter() - started)


def _daily_volume(trades: pd.DataFrame, last: date) -> pd.Series:
    """Contracts a day by market, from the New York date of its first trade on."""
    moments = pd.to_datetime(trades["created_time"], format="ISO8601", utc=True)
    day = moments.dt.tz_convert("America/New_York").dt.tz_localize(None).dt.normalize()
    by_market = trades.assign(day=day).groupby("ticker").agg(qty=("qty", "sum"), day=("day", "min"))
    return by_market["qty"] / ((pd.Timestamp(last) - by_market["day"]).dt.days + 1)


def _margin(
    positions: pd.DataFrame, marks: pd.Series, volume: pd.Series, given: Given
) -> pd.DataFrame:
    schedule = given.schedule
    event_of = {leg: event for event, terms in given.terms.items() for leg in terms.legs}
    positions = positions.assign(event=positions["ticker"].map(event_of))
    by_event = given.parameters.drop_duplicates("event_ticker").set_index("event_ticker")
    rows = []
    for (event, kind), held in positions.groupby(["event", "collateralisation"]):
        terms = given.terms[event]
        mark = np.array([int(marks.get(leg, 0)) for leg in terms.legs], dtype=np.int64)
        table = held.pivot_table(
            index="account_id", columns="ticker", values="signed", aggfunc="sum", fill_value=0
        ).reindex(columns=terms.legs, fill_value=0)
        quantity = table.to_numpy(dtype=np.int64)
        matrix, _ = payoffs(terms, mark)
        losses = (quantity @ mark)[:, None] - quantity @ matrix
        numerator, denominator = given.weights[event]
        kappa, cluster = by_event.loc[event, ["kappa_bps", "cluster"]]
        for account, worst in zip(table.index, losses.max(axis=1).tolist(), strict=True):
            full = kind != "margined" or (account, event) in given.wrong_way
            ramped = worst if full else -(-worst * numerator // denominator)
            jump = -(-worst * int(kappa) // 10_000)
            rows.append((account, kind == "margined", cluster, worst, ramped, jump))
    columns = ["account_id", "margined", "cluster", "worst", "ramped", "jump"]
    frame = pd.DataFrame(rows, columns=columns)
    clusters = frame.groupby(["account_id", "margined", "cluster"])["jump"].sum()
    summed = frame.groupby(["account_id", "margined"])[["worst", "ramped"]].sum()
    summed["jump"] = clusters.groupby(["account_id", "margined"]).max().clip(lower=0)
    credits = given.credits.set_index(["account_id", "margined"])
    summed["worst"] -= credits["worst_case"].reindex(summed.index, fill_value=0)
    summed["ramped"] -= credits["ramped"].reindex(summed.index, fill_value=0)
    summed["worst"] = summed["worst"].clip(lower=0)
    summed = summed.reset_index()
    margined = positions[positions["collateralisation"] == "margined"]
    tail = summed["account_id"].map(_shortfall(margined, given)).fillna(0)
    add_ons = summed["account_id"].map(_add_ons(margined, positions, marks, volume, given))
    summed["shortfall"] = summed["ramped"] + _up(tail)
    floor = -(-summed["worst"] * schedule.core_floor_bps // 10_000)
    core = summed[["shortfall", "jump"]].max(axis=1).combine(floor, max) + _up(add_ons.fillna(0))
    initial = core.combine(summed["worst"], min).where(summed["margined"], summed["worst"])
    summed["initial_centicents"] = -(-initial // 100)
    return summed.groupby("account_id")["initial_centicents"].sum().reset_index()


def _up(amounts: pd.Series) -> pd.Series:
    return np.ceil(amounts.round(3)).astype("int64")


def _shortfall(margined: pd.DataFrame, given: Given) -> pd.Series:
    """Expected shortfall of the part not fully collateralised, by account, micros."""
    published = pd.read_parquet(given.scenario_file).set_index("ticker")
    held = margined[margined["ticker"].isin(published.index)]
    ratio = {event: n / d for event, (n, d) in given.weights.items()}
    if held.empty:
        return pd.Series(dtype=float)
    free = 1 - held["event"].map(ratio)
    if given.wrong_way:
        tied = pd.MultiIndex.from_tuples(given.wrong_way)
        free = free.where(~pd.MultiIndex.from_frame(held[["account_id", "event"]]).isin(tied), 0)
    table = held.assign(exposed=held["signed"] * free).pivot_table(
        index="account_id", columns="ticker", values="exposed", aggfunc="sum", fill_value=0.0
    )
    if table.empty:
        return pd.Series(dtype=float)
    used = published.loc[table.columns]
    falls = used["model_price"].to_numpy()[:, None] - np.stack(used["prices"].to_numpy())
    losses = 10_000 * (table.to_numpy(dtype=float) @ falls)
    scenarios = losses.shape[1]
    tail = int(-(-(1 - given.schedule.alpha) * scenarios // 1))
    worst = np.partition(losses, scenarios - tail, axis=1)[:, scenarios - tail :]
    return pd.Series(worst.mean(axis=1), index=table.index)


def _add_ons(
    margined: pd.DataFrame,
    positions: pd.DataFrame,
    marks: pd.Series,
    volume: pd.Series,
    given: Given,
) -> pd.Series:
    """Add-ons by account, micros."""
    schedule, parameters = given.schedule, given.parameters
    by_name = parameters.set_index("draws_name")
    # Of separate binaries each contract has a row of its own, named by its ticker.
    name = margined["ticker"].where(margined["ticker"].isin(by_name.index), margined["event"])
    volatility = name.map(by_name["sigma"] * np.sqrt(by_name["liquidation_days"]))
    longs = positions[positions["signed"] > 0].groupby("ticker")["signed"].sum()
    size = margined["signed"].abs()
    price = margined["ticker"].map(marks) / 10_000
    most = price.where(margined["signed"] > 0, 1 - price)
    impact = price * (1 - price) * volatility * np.sqrt(size / margined["ticker"].map(volume))
    cost = schedule.half_spread_centicents / 10_000 + schedule.impact_bps / 10_000 * impact
    limit = schedule.concentration_share_bps / 10_000
    share = size / margined["ticker"].map(longs)
    factor = 1 + (share - limit).clip(lower=0) / limit
    amount = 10_000 * size * np.minimum(most, cost) * factor
    return amount.groupby(margined["account_id"]).sum()
