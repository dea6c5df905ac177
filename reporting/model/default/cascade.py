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
    book = _Book(markets, accounts, holdings)
    first_value = book.value.copy()
    round_of = np.zeros(len(accounts.cash), dtype=np.int64)
    path: list[PriceMove] = []
    # Only who holds a market that moved can have fallen below its margin since.
    concerned = np.arange(len(accounts.cash))
    while True:
        new = book.below_margin(concerned[round_of[concerned] == 0])
        if not len(new):
            break
        round_of[new] = len(path) + 1
        moved = book.trade_away(new)
        path.append(PriceMove(len(path) + 1, moved, book.sell[moved], book.buy[moved]))
        concerned = book.holders(moved)
    liquidated = round_of > 0
    owed = np.maximum(-(book.cash + book.value), 0)
    return CascadeResult(
        round_of=round_of,
        path=tuple(path),
        sell=book.sell,
        buy=book.buy,
        net=book.net(),
        loss=np.where(liquidated, first_value - book.value, 0).astype(book.exact),
        deficit=np.where(liquidated, owed, 0).astype(book.exact),
    )


class _Book:
    """Prices, forced trades so far, and what each account's positions are worth at the prices."""

    def __init__(self, markets: Markets, accounts: Accounts, holdings: Holdings):
        self.exact = _dtype(markets, accounts, holdings)
        self.account, self.market = holdings.account, holdings.market
        self.qty = holdings.qty.astype(self.exact)
        self.is_long = self.qty > 0
        self.cash = accounts.cash.astype(self.exact)
        self.maintenance = accounts.maintenance.astype(self.exact)
        self.parts = accounts.parts
        self.sell = markets.price.astype(self.exact)
        self.buy = self.sell.copy()
        self.sold, self.bought = np.zeros_like(self.sell), np.zeros_like(self.sell)
        self.prices = _Prices(markets)
        self.value, self.payable = np.zeros_like(self.cash), np.zeros_like(self.cash)
        np.add.at(self.value, self.account, self.qty * self.sell[self.market])
        # What can be lost is value + payable: p q of a long, (one - p) |q| of a short.
        shorts = np.where(self.is_long, 0, -self.qty)
        np.add.at(self.payable, self.account, shorts * markets.one)
        self.of_account = _Rows(self.account, len(self.cash))
        self.of_market = _Rows(self.market, len(self.sell))

    def below_margin(self, accounts: np.ndarray) -> np.ndarray:
        value = self.value[accounts]
        can_lose = value + self.payable[accounts]
        required = multiply_divide_up(can_lose, self.maintenance[accounts], self.parts)
        return accounts[self.cash[accounts] + value < required]

    def trade_away(self, accounts: np.ndarray) -> np.ndarray:
        """Press all their positions on the markets; the markets that move, in order."""
        rows = self.of_account.of(accounts)
        markets, qty = self.market[rows], self.qty[rows]
        np.add.at(self.sold, markets, np.maximum(qty, 0))
        np.add.at(self.bought, markets, np.maximum(-qty, 0))
        touched = _distinct(markets, len(self.sell))
        sell_before, buy_before = self.sell.copy(), self.buy.copy()
        sold, bought = self.sold[touched].tolist(), self.bought[touched].tolist()
        for market, sales, purchases in zip(touched.tolist(), sold, bought, strict=True):
            self.sell[market] = self.prices.after(market, sales)
            self.buy[market] = self.prices.after(market, -purchases)
        fall, rise = self.sell - sell_before, self.buy - buy_before
        moved = touched[(fall != 0)[touched] | (rise != 0)[touched]]
        rows = self.of_market.of(moved)
        markets = self.market[rows]
        change = np.where(self.is_long[rows], fall[markets], rise[markets])
        np.add.at(self.value, self.account[rows], self.qty[rows] * change)
        return moved

    def holders(self, markets: np.ndarray) -> np.ndarray:
        return _distinct(self.account[self.of_market.of(markets)], len(self.cash))

    def net(self) -> np.ndarray:
        balance = (self.sold - self.bought).tolist()
        return np.array([self.prices.after(m, q) for m, q in enumerate(balance)], dtype=self.exact)


class _Prices:
    """Price of a market after forced trades, exact until it is rounded to whole units."""

    def __init__(self, markets: Markets):
        self.start = [int(price) for price in markets.price.tolist()]
        self.one = markets.one
        self.force = [impact.numerator * markets.one for impact in markets.impact]
        depth = zip(markets.depth.tolist(), markets.impact, strict=True)
        self.resistance = [amount * impact.denominator for amount, impact in depth]

    def after(self, market: int, sold: int) -> int:
        """Within 0 and one, rounded against who has to trade; sold is below 0 for purchases."""
        pressure, resistance = sold * self.force[market], self.resistance[market]
        fall = -(-pressure // resistance) if sold > 0 else pressure // resistance
        return min(max(self.start[market] - fall, 0), self.one)


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
