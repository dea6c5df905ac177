"""Calculator ``cascade``: forced liquidations move prices and cause further liquidations.

Prices are in units of 10**-12, or finer if the input is, and rounded against the account;
everything else is exact. Answer and method: docs/calculators.md.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np

from reporting.calculators.errors import CalculatorError, refuse_repeated_ids
from reporting.calculators.numbers import (
    common_decimals,
    exact,
    scaled,
    unscaled,
)
from reporting.calculators.schemas import ID, NUMBER, array, input_schema, mapping, record
from reporting.model.default.cascade import Accounts, CascadeResult, Holdings, Markets, cascade
from reporting.model.errors import ModelError

VERSION = "1.0"
USUAL_DECIMALS = 12

SCHEMA = input_schema(
    "cascade: forced liquidations and the prices that they leave",
    {
        "markets": array(record({"id": ID, "price": NUMBER, "depth": NUMBER, "impact": NUMBER})),
        "accounts": array(
            record(
                {
                    "id": ID,
                    "cash": NUMBER,
                    "positions": mapping(NUMBER),
                    "maintenance_ratio": NUMBER,
                }
            )
        ),
    },
)
_FIELDS = {"maintenance": "maintenance_ratio"}


def calculate(document: dict) -> dict:
    """The answer without its heading. Raises CalculatorError naming the field."""
    markets, accounts = document["markets"], document["accounts"]
    for table in ("markets", "accounts"):
        refuse_repeated_ids((row["id"] for row in document[table]), table)
    index = {market["id"]: number for number, market in enumerate(markets)}
    price = _column(markets, "markets", "price")
    depth = _column(markets, "markets", "depth")
    impact = _column(markets, "markets", "impact")
    cash = _column(accounts, "accounts", "cash")
    ratio = _column(accounts, "accounts", "maintenance_ratio")
    held = [_positions(account, i, index) for i, account in enumerate(accounts)]
    quantities = [qty for positions in held for qty in positions.values()]

    of_qty = common_decimals([*depth, *quantities])
    of_price = max(USUAL_DECIMALS, common_decimals([*price, *cash]))
    of_ratio = common_decimals(ratio)
    try:
        result = cascade(
            Markets(
                price=_integers(price, of_price),
                depth=_integers(depth, of_qty),
                impact=[Fraction(value) for value in impact],
                one=10**of_price,
            ),
            Accounts(
                cash=_integers(cash, of_qty + of_price),
                maintenance=_integers(ratio, of_ratio),
                parts=10**of_ratio,
            ),
            Holdings(
                account=_indices(i for i, positions in enumerate(held) for _ in positions),
                market=_indices(market for positions in held for market in positions),
                qty=_integers(quantities, of_qty),
            ),
        )
    except ModelError as error:
        raise _named(error) from None
    return _answer(result, document, of_price, of_qty + of_price)


def _answer(result: CascadeResult, document: dict, of_price: int, of_money: int) -> dict:
    names = [account["id"] for account in document["accounts"]]
    liquidated = np.flatnonzero(result.round_of).tolist()
    rounds = range(1, result.rounds + 1)
    return {
        "rounds": result.rounds,
        "accounts_liquidated": len(liquidated),
        "liquidations": [
            {"round": r, "accounts": [names[i] for i in liquidated if result.round_of[i] == r]}
            for r in rounds
        ],
        "price_path": _path(result, document["markets"], of_price),
        "net_prices": {
            market["id"]: unscaled(price, of_price)
            for market, price in zip(document["markets"], result.net.tolist(), strict=True)
        },
        "losses": {names[i]: unscaled(result.loss[i], of_money) for i in liquidated},
        "deficits": {names[i]: unscaled(result.deficit[i], of_money) for i in liquidated},
        "total_loss": unscaled(sum(result.loss.tolist()), of_money),
        "total_deficit": unscaled(sum(result.deficit.tolist()), of_money),
    }


def _path(result: CascadeResult, markets: Sequence[dict], of_price: int) -> list[dict]:
    """Prices of all markets at the start (round 0) and after each round."""
    sell = [exact(market["price"], "price") for market in markets]
    buy = list(sell)
    path = [_prices(0, markets, sell, buy)]
    for move in result.path:
        rows = zip(move.market.tolist(), move.sell.tolist(), move.buy.tolist(), strict=True)
        for market, after_sales, after_purchases in rows:
            sell[market] = unscaled(after_sales, of_price)
            buy[market] = unscaled(after_purchases, of_price)
        path.append(_prices(move.number, markets, sell, buy))
    return path


def _prices(
    number: int, markets: Sequence[dict], sell: Sequence[Decimal], buy: Sequence[Decimal]
) -> dict:
    rows = zip(markets, sell, buy, strict=True)
    return {
        "round": number,
        "markets": [
            {"id": market["id"], "sell_price": low, "buy_price": high} for market, low, high in rows
        ],
    }


def _positions(account: dict, number: int, index: dict[str, int]) -> dict[int, Decimal]:
    positions = {}
    for market, qty in account["positions"].items():
        field = f"accounts[{number}].positions.{market}"
        if market not in index:
            raise CalculatorError(field, "is not one of the markets")
        positions[index[market]] = exact(qty, field)
    return positions


def _column(rows: Sequence[dict], table: str, name: str) -> list[Decimal]:
    return [exact(row[name], f"{table}[{number}].{name}") for number, row in enumerate(rows)]


def _integers(numbers: Iterable[Decimal], decimals: int) -> np.ndarray:
    return np.array([scaled(number, decimals) for number in numbers], dtype=object)


def _indices(numbers: Iterable[int]) -> np.ndarray:
    return np.fromiter(numbers, dtype=np.int64)


def _named(error: ModelError) -> CalculatorError:
    """The error with the document's field name; in the document a price is a share."""
    table, _, name = error.field.partition(".")
    words = "must lie between 0 and 1" if name in ("price", "maintenance") else error.message
    return CalculatorError(f"{table}.{_FIELDS.get(name, name)}", words)
