"""Cascade of forced liquidations: sales move prices, prices force further sales.

Belongs here: the greatest fixed point of prices and the accounts that do not survive it.
Source: stress-default-backtest.md; liquidation at the prices of the fixed point as in
Cifuentes, Ferrucci and Shin, "Liquidity Risk and Contagion" (Journal of the European Economic
Association 3, 2005).

Forced sales and forced purchases press on a market apart. What has to be sold is valued at
the price that all forced sales leave, what has to be bought back at the price that all forced
purchases leave; a purchase never helps a seller. So nothing that happens makes anybody better
off, the map from prices to prices is monotone, and by Tarski's theorem it has a greatest fixed
point that does not depend on the order of events. With netting neither holds:
docs/default-management.md has the counterexample.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from reporting.model.errors import ModelError
from reporting.units import multiply_divide_up

_SAFE = 2.0**62
"""Amounts below it cannot overflow int64, even where two are added."""
_LARGEST_PARTS = 2**31


@dataclass(frozen=True)
class Markets:
    """One element per market.

    price: whole numbers of units, ``one`` units are what a contract pays at most. depth:
    contracts that the market takes, above 0, in the unit of quantities. impact: how far the
    price moves, as a share of ``one``, when forced sales are as large as the depth.
    """

    price: np.ndarray
    depth: np.ndarray
    impact: Sequence[Fraction]
    one: int


@dataclass(frozen=True)
class Accounts:
    """One element per account.

    cash: may be negative; unit of quantities x unit of prices. maintenance: share of the worst
    case of the positions, at their prices, that equity must reach; whole numbers of 1 / parts,
    from 0 to parts.
    """

    cash: np.ndarray
    maintenance: np.ndarray
    parts: int


@dataclass(frozen=True)
class Holdings:
    """One row per account and market: their indices, and qty, negative for a short."""

    account: np.ndarray
    market: np.ndarray
    qty: np.ndarray


@dataclass(frozen=True)
class PriceMove:
    """Markets that moved in a round, and the two prices after it.

    sell: what forced sellers get; buy: what forced buyers pay.
    """

    number: int
    market: np.ndarray
    sell: np.ndarray
    buy: np.ndarray


@dataclass(frozen=True)
class CascadeResult:
    """What the cascade leaves.

    round_of: per account, the round that liquidates it, 0 for never. sell, buy: prices of the
    fixed point per market. net: the price that the balance of all forced trades leaves,
    for information. loss: what liquidated positions bring less than at the start; deficit:
    what liquidated accounts owe then, both per account and 0 for the others.
    """

    round_of: np.ndarray
    path: tuple[PriceMove, ...]
    sell: np.ndarray
    buy: np.ndarray
    net: np.ndarray
    loss: np.ndarray
    deficit: np.ndarray

    @property
    def rounds(self) -> int:
        return int(self.round_of.max(initial=0))


def cascade(markets: Markets, accounts: Accounts, holdings: Holdings) -> CascadeResult:
    """Liquidate until everybody left has its maintenance margin. Raises ModelError.

    An account is liquidated when cash + value of its positions is below maintenance x what
    they can still lose (the price of a long, one less the price of a short); then wholly and
    once. Prices are rounded to their unit, against the account. Any order of rows gives the
    same.
    """
    _check(markets, accounts, holdings)
    exact = _dtype(markets, accounts, holdings)
    qty, cash = holdings.qty.astype(exact), accounts.cash.astype(exact)
    maintenance = accounts.maintenance.astype(exact)
    start = markets.price.astype(exact)
    sell, buy = start.copy(), start.copy()
    is_long = qty > 0
    value = _sums(holdings.account, qty * start[holdings.market], cash)
    first_value = value.copy()
    # What can be lost is value + this: p q of a long, (one - p) |q| of a short.
    payable = _sums(holdings.account, np.where(is_long, 0, -qty) * markets.one, cash)
    sold, bought = np.zeros_like(start), np.zeros_like(start)
    of_account = _Rows(holdings.account, len(cash))
    of_market = _Rows(holdings.market, len(start))

    round_of = np.zeros(len(cash), dtype=np.int64)
    path: list[PriceMove] = []
    concerned = np.arange(len(cash))
    while True:
        concerned = concerned[round_of[concerned] == 0]
        at_risk = value[concerned] + payable[concerned]
        required = multiply_divide_up(at_risk, maintenance[concerned], accounts.parts)
        new = concerned[cash[concerned] + value[concerned] < required]
        if not len(new):
            break
        number = len(path) + 1
        round_of[new] = number
        rows = of_account.of(new)
        np.add.at(sold, holdings.market[rows], np.maximum(qty[rows], 0))
        np.add.at(bought, holdings.market[rows], np.maximum(-qty[rows], 0))
        touched = _distinct(holdings.market[rows], len(start))
        sell_before, buy_before = sell.copy(), buy.copy()
        for market in touched.tolist():
            sell[market] = _price(markets, market, int(sold[market]), 0)
            buy[market] = _price(markets, market, 0, int(bought[market]))
        moved = touched[(sell != sell_before)[touched] | (buy != buy_before)[touched]]
        path.append(PriceMove(number, moved, sell[moved], buy[moved]))
        rows = of_market.of(moved)
        in_market = holdings.market[rows]
        by_sales, by_purchases = (sell - sell_before)[in_market], (buy - buy_before)[in_market]
        change = np.where(is_long[rows], by_sales, by_purchases)
        np.add.at(value, holdings.account[rows], qty[rows] * change)
        concerned = _distinct(holdings.account[rows], len(cash))

    liquidated = round_of > 0
    balance = zip(sold.tolist(), bought.tolist(), strict=True)
    net = [_price(markets, m, out, back) for m, (out, back) in enumerate(balance)]
    return CascadeResult(
        round_of=round_of,
        path=tuple(path),
        sell=sell,
        buy=buy,
        net=np.array(net, dtype=exact),
        loss=np.where(liquidated, first_value - value, 0).astype(exact),
        deficit=np.where(liquidated, np.maximum(-(cash + value), 0), 0).astype(exact),
    )


def _price(markets: Markets, market: int, sold: int, bought: int) -> int:
    """Price after forced trades: within 0 and one, rounded against who has to trade."""
    impact = markets.impact[market]
    pressure = (sold - bought) * impact.numerator * markets.one
    depth = int(markets.depth[market]) * impact.denominator
    fall = -(-pressure // depth) if pressure > 0 else pressure // depth
    return min(max(int(markets.price[market]) - fall, 0), markets.one)


class _Rows:
    """The rows of each account or market, found without a look at the others."""

    def __init__(self, index: np.ndarray, count: int):
        self.order = np.argsort(index, kind="stable")
        self.start = np.searchsorted(index[self.order], np.arange(count + 1))

    def of(self, chosen: np.ndarray) -> np.ndarray:
        start = self.start[chosen]
        length = self.start[chosen + 1] - start
        skip = np.repeat(start - (np.cumsum(length) - length), length)
        return self.order[skip + np.arange(len(skip))]


def _sums(index: np.ndarray, amounts: np.ndarray, like: np.ndarray) -> np.ndarray:
    total = np.zeros_like(like)
    np.add.at(total, index, amounts)
    return total


def _distinct(index: np.ndarray, count: int) -> np.ndarray:
    """The indices that occur, ascending; np.unique takes many times as long on some inputs."""
    occurs = np.zeros(count, dtype=bool)
    occurs[index] = True
    return np.flatnonzero(occurs)


def _dtype(markets: Markets, accounts: Accounts, holdings: Holdings) -> type:
    """int64 where no sum can overflow, else Python's integers."""
    volume = float(np.abs(holdings.qty).astype(np.float64).sum())
    cash = float(np.abs(accounts.cash).astype(np.float64).max(initial=0.0))
    fits = 2 * max(volume, 1.0) * markets.one + cash < _SAFE and accounts.parts < _LARGEST_PARTS
    return np.int64 if fits else object


def _check(markets: Markets, accounts: Accounts, holdings: Holdings) -> None:
    if markets.one < 1:
        raise ModelError("one", "must be above 0")
    if accounts.parts < 1:
        raise ModelError("parts", "must be above 0")
    _refuse("markets", "price", (markets.price < 0) | (markets.price > markets.one),
            f"must lie between 0 and {markets.one}")  # fmt: skip
    _refuse("markets", "depth", markets.depth <= 0, "must be above 0")
    negative = np.array([impact < 0 for impact in markets.impact], dtype=bool)
    _refuse("markets", "impact", negative, "must not be negative")
    share = accounts.maintenance
    _refuse("accounts", "maintenance", (share < 0) | (share > accounts.parts),
            "must lie between none and all of the worst case")  # fmt: skip
    order = np.lexsort((holdings.market, holdings.account))
    account, market = holdings.account[order], holdings.market[order]
    again = (account[1:] == account[:-1]) & (market[1:] == market[:-1])
    if again.any():
        row = int(order[1:][again].min())
        raise ModelError(f"holdings[{row}]", "account and market are named twice")


def _refuse(table: str, field: str, is_wrong: np.ndarray, words: str) -> None:
    found = np.flatnonzero(is_wrong.astype(bool))
    if len(found):
        raise ModelError(f"{table}[{found[0]}].{field}", words)
