"""Rows of the large clearing streams, written without a loop over rows."""

from datetime import date
from decimal import Decimal

import numpy as np

from reporting.contract import END_OF_DAY
from reporting.simulator import text
from reporting.simulator.clearing_house.book import Sides
from reporting.simulator.clearing_house.collateral import ASSETS, CUSTODIANS, Collateral
from reporting.simulator.clearing_house.roster import Roster
from reporting.simulator.drop import DropFile, DropFolder
from reporting.simulator.margin.requirement import Requirement
from reporting.simulator.market.trades import Trades
from reporting.simulator.positions import Positions

_BATCH = 200_000
_CYCLE = END_OF_DAY.encode()
_COLLATERALISATION = text.table(["margined", "fully_collateralised"])
_SIDE = text.table(["no", "yes"])
_ROLE = text.table(["taker", "maker"])


def add_trade_audit(file: DropFile, trades: Trades, sides: Sides, roster: Roster) -> None:
    """Two rows per trade, taker first."""
    for start in range(0, len(trades), _BATCH):
        span = slice(start, start + _BATCH)
        count = len(trades.market[span])
        taker_yes = trades.taker_yes[span]
        columns = [
            np.repeat(trades.ids[span], 2, axis=0),
            roster.id_cells[_pair(sides.taker[span], sides.maker[span])],
            _SIDE[_pair(taker_yes, ~taker_yes).astype(int)],
            np.repeat(text.decimal(trades.quantity[span], 2), 2, axis=0),
            np.repeat(text.decimal(trades.price[span], 4), 2, axis=0),
            _COLLATERALISATION[
                _pair(sides.taker_paid_in_full[span], sides.maker_paid_in_full[span]).astype(int)
            ],
            _ROLE[np.tile([0, 1], count)],
        ]
        quantity = Decimal(2 * int(trades.quantity[span].sum())).scaleb(-2)
        file.add(text.csv_rows(2 * count, columns), 2 * count, {"quantity": quantity})


def write_positions(
    drop: DropFolder,
    day: date,
    positions: Positions,
    roster: Roster,
    tickers: text.Cells,
    cycle: str = END_OF_DAY,
) -> None:
    """Long and short by account and market, over both ways of carrying them."""
    pair = positions.key // 2
    starts = np.flatnonzero(np.diff(pair, prepend=-1))
    long = _totals(np.maximum(positions.qty, 0), starts)
    short = _totals(np.maximum(-positions.qty, 0), starts)
    market, account = pair[starts] // positions.accounts, pair[starts] % positions.accounts
    with drop.open_table(day, "position_snapshot", cycle) as file:
        for start in range(0, len(starts), _BATCH):
            span = slice(start, start + _BATCH)
            count = len(market[span])
            columns = [
                cycle.encode(),
                roster.id_cells[account[span]],
                tickers[market[span]],
                text.decimal(long[span], 2),
                text.decimal(short[span], 2),
            ]
            totals = {
                "long": Decimal(int(long[span].sum())).scaleb(-2),
                "short": Decimal(int(short[span].sum())).scaleb(-2),
            }
            file.add(text.csv_rows(count, columns), count, totals)


def write_margin(
    drop: DropFolder,
    day: date,
    margin: Requirement,
    rows: np.ndarray,
    roster: Roster,
    version: str,
    cycle: str = END_OF_DAY,
) -> None:
    """Margin requirements of the accounts in ``rows``."""
    columns = [
        cycle.encode(),
        roster.id_cells[rows],
        text.decimal(margin.worst_case[rows]),
        text.decimal(margin.core[rows]),
        text.decimal(margin.add_ons[rows]),
        text.decimal(margin.initial[rows]),
        text.decimal(margin.maintenance[rows]),
        version.encode(),
    ]
    totals = {"initial_margin_centicents": Decimal(int(margin.initial[rows].sum()))}
    with drop.open_table(day, "margin_requirements", cycle) as file:
        file.add(text.csv_rows(len(rows), columns), len(rows), totals)


def write_obligations(
    drop: DropFolder,
    day: date,
    variation: np.ndarray,
    fees: np.ndarray,
    margin_change: np.ndarray,
    roster: Roster,
    due: str,
    paid: list[str],
) -> None:
    """Cash flows of every account that has one; ``paid``: when, by account, "" if it is not."""
    rows = np.flatnonzero((variation != 0) | (fees != 0) | (margin_change != 0))
    net = variation + fees + margin_change
    columns = [
        _CYCLE,
        roster.id_cells[rows],
        text.decimal(variation[rows]),
        text.decimal(fees[rows]),
        text.decimal(margin_change[rows]),
        text.decimal(net[rows]),
        due.encode(),
        text.table(paid)[rows],
    ]
    totals = {"net_centicents": Decimal(int(net[rows].sum()))}
    with drop.open_table(day, "obligations") as file:
        file.add(text.csv_rows(len(rows), columns), len(rows), totals)


def write_collateral(
    drop: DropFolder,
    day: date,
    collateral: Collateral,
    roster: Roster,
    cycle: str = END_OF_DAY,
) -> None:
    """One row per account and asset held."""
    account, asset = np.nonzero(collateral.value)
    value = collateral.value[account, asset]
    segregation = text.table(["customer_omnibus", "house"])
    columns = [
        roster.id_cells[account],
        text.table(list(ASSETS))[asset],
        text.table(list(CUSTODIANS))[asset],
        text.decimal(value, 4),
        text.decimal(value),
        text.decimal(collateral.haircut_bps[asset]),
        segregation[roster.house[account].astype(int)],
        b"false",
    ]
    totals = {"value_centicents": Decimal(int(value.sum()))}
    with drop.open_table(day, "collateral", cycle) as file:
        file.add(text.csv_rows(len(account), columns), len(account), totals)


def _pair(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.stack([first, second], axis=1).ravel()


def _totals(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    return np.add.reduceat(values, starts) if len(starts) else values[:0]
