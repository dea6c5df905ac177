"""Simulated trades as lines of the public feed, third generation."""

from decimal import Decimal

from reporting.simulator import text
from reporting.simulator.drop import DropFile
from reporting.simulator.market.listing import PAYOUT
from reporting.simulator.market.trades import Trades

_BATCH = 200_000
_SIDE = text.table(["no", "yes"])


def add_trades(file: DropFile, trades: Trades, tickers: text.Cells) -> None:
    """Trades in the third-generation shape, one JSON record per line."""
    for start in range(0, len(trades), _BATCH):
        span = slice(start, start + _BATCH)
        price, quantity = trades.price[span], trades.quantity[span]
        parts = [
            b'{"trade_id":"',
            trades.ids[span],
            b'","ticker":"',
            tickers[trades.market[span]],
            b'","count_fp":"',
            text.decimal(quantity, 2),
            b'","yes_price_dollars":"',
            text.decimal(price, 4),
            b'","no_price_dollars":"',
            text.decimal(PAYOUT - price, 4),
            b'","taker_side":"',
            _SIDE[trades.taker_yes[span].astype(int)],
            b'","created_time":"',
            text.utc_times(trades.micros[span]),
            b'"}\n',
        ]
        total = Decimal(int(quantity.sum())).scaleb(-2)
        file.add(text.join_rows(len(price), parts), len(price), {"count_fp": total})
